"""The part of an address that names a register; any other word there belongs to another room."""

from __future__ import annotations

from typing import Any

from django.urls import register_converter

from nianlun.ui.registers.register import Register, registered


class RegisterConverter:
    """Matches the codes of what is registered when the request comes; views are given the register itself."""

    regex = r"[a-z][a-z0-9_-]*"

    def to_python(self, value: str) -> Register[Any, Any]:
        try:
            return registered(value)
        except KeyError:
            raise ValueError(value) from None

    def to_url(self, value: Register[Any, Any] | str) -> str:
        return value if isinstance(value, str) else value.code


register_converter(RegisterConverter, "register")
