"""Rows and columns of an import as pages show them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.guessing import letters
from nianlun.ui.sheets.models import ImportRow, ImportRun

PER_PAGE = 100
SAMPLES = 3
NAMED_BY = 3  # fields by which a row is told on the page
LONG_NUMBER = re.compile(r"\d[\d -]{5,}[\dXx]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet with some of what stands in it, numbers of people hidden; `chosen` is a field's code."""

    letters: str
    title: str
    samples: list[str]
    chosen: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A row with what tells it, what would change, what is wrong, and the record that it is about."""

    row: ImportRow
    named: str
    differences: list[tuple[str, str, str]]
    problems: list[tuple[str, str]]
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in the order of the sheet; `before` and `after` are the numbers after which other pages begin."""

    rows: list[Shown]
    before: int | None
    after: int | None


def columns_shown(run: ImportRun, sample: Sequence[Sequence[str]], chosen: Sequence[str]) -> list[Column]:
    below = sample[run.first_row - 1 :]
    shown = []
    for at, title in enumerate(run.titles):
        cells = [row[at].strip() for row in below if at < len(row) and row[at].strip()]
        samples = [hushed(cell)[:30] for cell in cells[:SAMPLES]]
        code = chosen[at] if at < len(chosen) else ""
        shown.append(Column(letters(run.first_column + at), title, samples, code))
    return shown


def groups_shown(register: Register[Any, Any], run: ImportRun) -> list[tuple[str, str, int]]:
    """(title of the field, message, rows) of the commonest problems."""
    titles = {one.code: one.title for one in register.fields}
    return [(titles.get(code, ""), message, count) for code, message, count in run.groups]


def hushed(text: str) -> str:
    """With the middle of long numbers hidden."""
    return LONG_NUMBER.sub(lambda found: f"{found[0][:3]}****{found[0][-2:]}", text)


def rows_page(register: Register[Any, Any], viewer: Any, rows: QuerySet[ImportRow], query: Mapping[str, str]) -> Page:
    """The page of rows that `query` asks for by its `after`."""
    said = query.get("after", "")
    after = int(said) if said.isascii() and said.isdigit() and len(said) < 8 else 0
    some = list(rows.filter(number__gt=after).order_by("number")[: PER_PAGE + 1])
    more, some = len(some) > PER_PAGE, some[:PER_PAGE]
    earlier = rows.filter(number__lte=after).order_by("-number").values_list("number", flat=True)[: PER_PAGE + 1]
    numbers = list(earlier) if after else []
    before = None
    if numbers:
        before = numbers[PER_PAGE] if len(numbers) > PER_PAGE else 0
    known = register.rows(viewer).in_bulk({row.record_id for row in some if row.record_id})
    return Page(
        [_shown(register, viewer, row, known.get(row.record_id)) for row in some],
        before,
        some[-1].number if more else None,
    )


def _shown(register: Register[Any, Any], viewer: Any, row: ImportRow, record: Any) -> Shown:
    titles = {one.code: one.title for one in register.fields}
    order = [*register.columns, *(code for code in row.written if code not in register.columns)]
    name = register.name(record) if record is not None else ""
    told = [said for code in order if (said := row.written.get(code)) and said != name]
    return Shown(
        row=row,
        named=" · ".join(told[:NAMED_BY]),
        differences=[(titles.get(code, code), old, new) for code, (old, new) in row.differences.items()],
        problems=[(titles.get(code, ""), message) for code, message in row.problems],
        name=name,
        address=register.address(record, viewer) if record is not None else "",
    )
