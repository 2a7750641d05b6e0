"""Entries that still wait for somebody in a grid, so that it is not closed over their heads."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry
from nianlun.ledgers.registers.narrowing import OPEN
from nianlun.places.models import Grid
from nianlun.places.open_work import Hanging


def open_entries(grid: Grid) -> Hanging | None:
    """Those with a date to be met. What is about a building goes on in the grid that the building has moved to."""
    waiting = Entry.objects.filter(grid=grid, closed_on=None, withdrawn_at=None).exclude(due_on=None)
    here = waiting.filter(Q(building=None) | Q(building__grid=grid))
    counts = dict(here.values_list("ledger").annotate(many=Count("pk")).order_by("-many", "ledger"))
    if not counts:
        return None
    ledgers = ledgers_at(grid.community)
    said = "、".join(f"{ledgers[code].ledger.title}{many}" for code, many in counts.items() if code in ledgers)
    most = next(iter(counts))
    address = f"{reverse('registers:list', args=[grid.community.code, most])}?grid={grid.pk}&status={OPEN}"
    return Hanging(f"未办结的台账记录（{said}）", sum(counts.values()), "条", address)
