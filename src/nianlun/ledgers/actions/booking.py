"""A room that two entries want at the same time: the later one is refused, and told which has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT

from nianlun.kernel.clock import today
from nianlun.kernel.fields import Checked
from nianlun.ledgers.declarations.model import Booked, Ledger
from nianlun.ledgers.models import Entry
from nianlun.places.models import Community


def check_booked(
    ledger: Ledger, checked: Checked, community: Community, before: Mapping[str, object] | None = None,
    entry: UUID | None = None,
) -> None:  # fmt: skip
    """Note an error where another entry that was not called off has it then; what is past is written as it was."""
    booked = ledger.booked
    if booked is None or not {booked.what, booked.day, booked.begins, booked.ends} & checked.values.keys():
        return
    values = {**(before or {}), **checked.values}
    what, day, begins, ends = (values.get(code) for code in (booked.what, booked.day, booked.begins, booked.ends))
    if not what or not begins or not ends or not isinstance(day, date) or day < today():
        return
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)  # two who ask at once come one by one
    for other in _others(ledger, booked, community, str(what), day):
        if other.pk == entry:
            continue
        starts, stops = str(other.data.get(booked.begins, "")), str(other.data.get(booked.ends, ""))
        if starts and stops and starts < str(ends) and str(begins) < stops:
            code = booked.what if booked.what in checked.values else booked.day
            checked.errors[code] = f"这里 {starts}–{stops} 已经安排了“{other.title}”，请换时间或地点。"
            return


def _others(ledger: Ledger, booked: Booked, community: Community, what: str, day: date) -> QuerySet[Entry]:
    called_off = [code for code, state in ledger.flow.states.items() if state.final and state.tone == "neutral"]
    rows = Entry.objects.filter(community=community, ledger=ledger.ledger, withdrawn_at=None, closed_on=None)
    rows = rows.annotate(booked_what=KT(f"data__{booked.what}"), booked_day=KT(f"data__{booked.day}"))
    found: QuerySet[Entry] = rows.filter(Q(booked_what=what) & Q(booked_day=day.isoformat()))
    return found.exclude(status__in=called_off)
