"""The part of an address that names a ledger; what rooms have registered at start-up is no ledger."""

from __future__ import annotations

from django.urls import register_converter

from nianlun.ui.registers.register import declared


class LedgerConverter:
    """Asks no database: whether there is such a ledger at the place, its view finds out."""

    regex = r"[a-z][a-z0-9_]{0,39}"

    def to_python(self, value: str) -> str:
        if declared(value):
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LedgerConverter, "ledger")
