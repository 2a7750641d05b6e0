"""Records that a picker offers: those one used last before a word is typed, those that it finds after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.forms.controls import Choice
from nianlun.ledgers.forms.form import KIND_TITLES
from nianlun.ledgers.models import Entry
from nianlun.ledgers.records import ROWS

SHOWN, LOOKED_BACK = 8, 60
Look = Callable[[QuerySet[Any], str], QuerySet[Any]]


def _called(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    return rows.filter(Q(name__contains=words) | Q(initials__startswith=words.lower()))


def _named(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    return rows.filter(name__contains=words)


def _household(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    return rows.filter(Q(code__contains=words) | Q(head__name__contains=words))


def _building(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    called: QuerySet[Any] = rows.annotate(called=Concat("estate__name", Value(""), "name"))
    found: QuerySet[Any] = called.filter(Q(called__contains=words.replace(" ", "")) | Q(code__contains=words))
    return found


LOOKS: dict[str, tuple[Look, tuple[str, ...]]] = {
    "person": (_called, ("building__estate",)),
    "household": (_household, ("building__estate", "head")),
    "organisation": (_called, ()),
    "body": (_named, ()),
    "place": (_building, ("estate",)),
    "user": (_named, ()),
}


def offered(viewer: LedgerViewer, kinds: Sequence[str], words: str, *, with_kind: bool) -> list[Choice]:
    """What a picker of these kinds shows; `with_kind`: values name the kind too, as a subject's do (person:id)."""
    said = words.strip()[:40]
    found = []
    for kind in kinds:
        look, joined = LOOKS[kind]
        rows = ROWS[kind](viewer.policy, viewer.community)
        if kind == "person":
            rows = rows.filter(state="living")
        rows = rows.select_related(*joined) if joined else rows
        shown = list(look(rows, said)[:SHOWN]) if said else _recent(viewer, kind, rows)
        for row in shown:
            value = f"{kind}:{row.pk}" if with_kind else str(row.pk)
            found.append(Choice(value, called(kind, row), note=_note(kind, row, len(kinds) > 1)))
    return found


def called(kind: str, row: Any) -> str:
    if kind == "household" and row.head is not None:
        return f"{row.head.name}户"
    return str(row)


def _note(kind: str, row: Any, several: bool) -> str:
    """What tells it from others of its name: where it is, and its kind where the picker has several."""
    match kind:
        case "person" | "household":
            where = str(row.building) if row.building else ""
        case "organisation":
            where = row.address
        case _:
            where = ""
    return " · ".join(part for part in (KIND_TITLES[kind] if several else "", where) if part)


def _recent(viewer: LedgerViewer, kind: str, rows: QuerySet[Any]) -> list[Any]:
    """Those that the user wrote about last; else the first few."""
    mine = Entry.objects.filter(community=viewer.community, recorded_by=viewer.user).order_by("-pk")
    if kind == "user":
        return list(rows.order_by("name")[:SHOWN])
    column = "building_id" if kind == "place" else "subject_id"
    if kind != "place":
        mine = mine.filter(subject_kind=kind)
    ids = list(dict.fromkeys(one for one in mine.values_list(column, flat=True)[:LOOKED_BACK] if one))[:SHOWN]
    if not ids:
        return list(rows[:SHOWN]) if kind in {"place", "body"} else []
    by_id = {row.pk: row for row in rows.filter(pk__in=ids)}
    return [by_id[pk] for pk in ids if pk in by_id]
