"""The part of an address that names a register; these addresses come last, so that no other room needs them."""

from __future__ import annotations

from typing import Any

from django.urls import register_converter

from nianlun.ui.registers.register import Register


class RegisterConverter:
    """Asks no database: views are given the register itself, or 404, by `RegisterMiddleware`."""

    regex = r"[a-z][a-z0-9_-]*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: Register[Any, Any] | str) -> str:
        return value if isinstance(value, str) else value.code


register_converter(RegisterConverter, "register")
