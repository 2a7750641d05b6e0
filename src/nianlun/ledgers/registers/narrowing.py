"""Filters and orders of a ledger's list: by state, by time, by grid, and by the choices that it declares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT

from nianlun.kernel.clock import today
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.places.models import Grid
from nianlun.ui.registers.register import Filter, Order

OPEN, OVERDUE, WITHDRAWN = "~open", "~overdue", "~withdrawn"
SPANS = (("week", "近 7 天"), ("month", "本月"), ("last_month", "上月"), ("year", "今年"), ("last_year", "去年"))


def filters_of(ledger: Ledger) -> tuple[Filter, ...]:
    declared = {spec.code: spec for spec in ledger.fields}
    own = (_choice_filter(declared[code]) for code in ledger.filters if code in declared and declared[code].choices)
    return (_status(ledger), _when(), _grid(), *own)


def orders_of(ledger: Ledger) -> tuple[Order, ...]:
    return (
        Order("occurred_on", "发生日期", ("occurred_on", "pk"), descending=True),
        Order("recorded_at", "登记时间", ("recorded_at", "pk"), descending=True),
    )


def _status(ledger: Ledger) -> Filter:
    states = [(code, state.title) for code, state in ledger.flow.states.items()]

    def choices(viewer: Any) -> Sequence[tuple[str, str]]:
        return [(OPEN, "没有办完的"), (OVERDUE, "逾期的"), *states, (WITHDRAWN, "已撤回的")]

    def narrow(rows: QuerySet[Any], value: str, viewer: Any) -> QuerySet[Any]:
        if value == WITHDRAWN:
            return rows.exclude(withdrawn_at=None)
        rows = rows.filter(withdrawn_at=None)
        if value == OPEN:
            return rows.filter(closed_on=None).exclude(status__in=_final(ledger))
        if value == OVERDUE:
            return rows.filter(closed_on=None, due_on__lt=today())
        return rows.filter(status=value)

    return Filter("status", "状态", choices, narrow)


def _final(ledger: Ledger) -> list[str]:
    return [code for code, state in ledger.flow.states.items() if state.final]


def _when() -> Filter:
    def narrow(rows: QuerySet[Any], value: str, viewer: Any) -> QuerySet[Any]:
        day = today()
        first = day.replace(day=1)
        match value:
            case "week":
                return rows.filter(occurred_on__gt=day - timedelta(days=7))
            case "month":
                return rows.filter(occurred_on__gte=first)
            case "last_month":
                before = (first - timedelta(days=1)).replace(day=1)
                return rows.filter(occurred_on__gte=before, occurred_on__lt=first)
            case "year":
                return rows.filter(occurred_on__gte=day.replace(month=1, day=1))
        january = day.replace(month=1, day=1)
        return rows.filter(occurred_on__gte=january.replace(year=day.year - 1), occurred_on__lt=january)

    return Filter("when", "时间", lambda viewer: SPANS, narrow)


def _grid() -> Filter:
    def choices(viewer: LedgerViewer) -> Sequence[tuple[str, str]]:
        grids = Grid.objects.filter(community=viewer.community).order_by("code")
        return [(str(pk), name) for pk, name in grids.values_list("pk", "name")]

    return Filter("grid", "网格", choices, lambda rows, value, viewer: rows.filter(grid=value))


def _choice_filter(spec: FieldSpec) -> Filter:
    def narrow(rows: QuerySet[Any], value: str, viewer: Any) -> QuerySet[Any]:
        if spec.kind == "choices":
            return rows.filter(**{f"data__{spec.code}__contains": [value]})
        # ->>, which an expression index answers; a plain look-up would ask for -> and miss it.
        chosen: QuerySet[Any] = rows.annotate(**{f"chosen_{spec.code}": KT(f"data__{spec.code}")})
        return chosen.filter(**{f"chosen_{spec.code}": value})

    return Filter(spec.code, spec.title, lambda viewer: list(spec.choices.items()), narrow)
