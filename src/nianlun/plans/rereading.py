"""Between the reader's findings and the rows of a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nianlun.plans.describe import target_of
from nianlun.plans.models import ItemText, PlanVersion
from nianlun.plans.reading import Heading, Item, Owner, Reading, Timing
from nianlun.plans.reading.line_of_work import assign_lines
from nianlun.plans.reading.outline import headings_above
from nianlun.plans.reading.owners import assign_owners
from nianlun.plans.reading.schedule import from_json
from nianlun.plans.reading.targets import assign_targets
from nianlun.plans.reading.timing import assign_timings

HAND_ADDED = "added_by_hand"


def outline_json(outline: Sequence[Heading]) -> list[dict[str, Any]]:
    """The outline as a version keeps it."""
    return [
        {"start": h.start, "end": h.end, "level": h.level, "title": h.title, "body_end": h.body_end, "parent": h.parent}
        for h in outline
    ]  # fmt: skip


def outline_of(form: Sequence[Mapping[str, Any]]) -> tuple[Heading, ...]:
    return tuple(Heading(**h) for h in form)


def item_fields(reading: Reading) -> list[dict[str, Any]]:
    """For each item of a reading the fields of its row, in the order of the text."""
    forms = reading.to_json("", explain=True)["items"]
    return [
        {
            "start": form["start"],
            "end": form["end"],
            "text": form["quote"],
            "line": form["line"],
            "targets": form["targets"],
            "schedules": form["schedules"],
            "owners": list(dict.fromkeys(form["owners"])),
            "rules": form["rules"],
            "headings": form["headings"],
        }
        for form in forms
    ]


def read_stretch(text: str, outline: Sequence[Mapping[str, Any]], start: int, end: int) -> dict[str, Any]:
    """The fields of an item that a person chose: what the reader makes of that stretch."""
    headings = outline_of(outline)
    spans = [(start, end)]
    line, rules = assign_lines(text, spans, headings)[0]
    item = Item(
        start, end, line, assign_targets(text, spans)[0], assign_timings(text, spans)[0], assign_owners(text, spans)[0],
        (HAND_ADDED, *rules), headings_above(headings, start),
    )  # fmt: skip
    return item_fields(Reading(text, outline=headings, items=(item,)))[0]


def reading_of(version: PlanVersion, rows: Sequence[ItemText]) -> Reading:
    """A version as it stands after its review, for what works on readings: the check-up, the year on paper."""
    return Reading(
        version.text,
        version.plan.year,
        version.plan.title,
        outline_of(version.outline),
        tuple(_item_of(row) for row in rows),
    )


def _item_of(row: ItemText) -> Item:
    return Item(
        row.start,
        row.end,
        row.line,
        tuple(target_of(form, row.start, row.end) for form in row.targets),
        tuple(Timing(*_place(row, form), from_json(form), form.get("rule", "")) for form in row.schedules),
        tuple(Owner(row.start, row.end, name) for name in row.owners),
        tuple(row.rules),
        tuple(row.headings),
    )


def _place(row: ItemText, form: Mapping[str, Any]) -> tuple[int, int]:
    """Where a finding stands; one made by hand stands for its whole item."""
    return form.get("start", row.start), form.get("end", row.end)
