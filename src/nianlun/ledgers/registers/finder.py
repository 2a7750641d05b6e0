"""Finds the register of a ledger by its code, while the product runs: a ledger published now has its pages now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from nianlun.ledgers.catalogue import ledger_of, ledgers_at
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.ledgers.registers.register import LedgerRegister
from nianlun.places.here import community_here
from nianlun.ui.registers.register import Register


class LedgerFinder:
    def find(self, code: str) -> Register[Any, Any] | None:
        """In the version that was published last anywhere; the viewer binds it to what holds at their place."""
        versions = LedgerVersion.objects.filter(kind=LedgerVersion.Kind.LEDGER, code=code)
        newest = versions.exclude(standing=Standing.DRAFT).order_by("-version").values_list("pk", flat=True).first()
        return None if newest is None else LedgerRegister(ledger_of(newest))

    def all(self) -> list[Register[Any, Any]]:
        """Those of the shipped ledgers."""
        return [LedgerRegister(one.ledger) for one in shipped_ledgers().values()]

    def seen(self, request: HttpRequest) -> list[Register[Any, Any]]:
        """Those of the community that the asker visited last: local ledgers and added fields are described too."""
        community = community_here(request)
        if community is None:
            return self.all()
        return [LedgerRegister(one.ledger) for one in ledgers_at(community).values()]
