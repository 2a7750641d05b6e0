"""Entries that still wait for somebody in a grid, so that it is not closed over their heads."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from nianlun.ledgers.catalogue import readable_at
from nianlun.ledgers.models import Entry
from nianlun.ledgers.registers.narrowing import OPEN
from nianlun.places.models import Grid
from nianlun.places.open_work import Hanging


def open_entries(grid: Grid) -> Hanging | None:
    """Those with a date to be met; which sensitive ledgers they are of is not told.

    What is about a building goes on in the grid that the building has moved to.
    """
    waiting = Entry.objects.filter(grid=grid, closed_on=None, withdrawn_at=None).exclude(due_on=None)
    here = waiting.filter(Q(building=None) | Q(building__grid=grid))
    counts = dict(here.values_list("ledger").annotate(many=Count("pk")).order_by("-many", "ledger"))
    if not counts:
        return None
    ledgers = {code: one.ledger for code, one in readable_at(grid.community).items() if not one.ledger.sensitive}
    told = {code: many for code, many in counts.items() if code in ledgers}
    if not told:
        return Hanging(
            "未办结的台账记录", sum(counts.values()), "条", reverse("ledgers:home", args=[grid.community.code])
        )
    said = "、".join(f"{ledgers[code].title}{many}" for code, many in told.items())
    address = f"{reverse('registers:list', args=[grid.community.code, next(iter(told))])}?grid={grid.pk}&status={OPEN}"
    return Hanging(f"未办结的台账记录（{said}）", sum(counts.values()), "条", address)
