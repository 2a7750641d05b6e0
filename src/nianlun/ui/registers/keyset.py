"""Pages of a list by key: each begins after the last record of the one before, so none is shown twice or left out.

A page costs the same wherever in the list it lies. The cursor of an address is sealed: keys may be people's names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.errors import KeyLost, SealBroken
from nianlun.kernel.sealing.seal import seal, unseal

MOST_COUNTED = 1000
LONGEST_CURSOR = 2000


class CursorLost(UserError):
    """A cursor of another list or order, or one that was cut."""

    def __init__(self) -> None:
        super().__init__("这一页的地址已经失效，请从第一页看起。", code="cursor")


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, and the cursors of the pages before and after ("" where there is none)."""

    rows: list[Any]
    before: str
    after: str


def page(rows: QuerySet[Any], keys: Sequence[str], *, descending: bool = False, cursor: str = "", size: int) -> Page:
    """The records that follow the cursor (or go before it), sorted by the keys, all in one direction."""
    order = f"{'-' if descending else ''}{','.join(keys)}"
    backward, values = _open(cursor, order, len(keys)) if cursor else (False, [])
    falling = descending != backward
    if values:
        rows = rows.filter(_beyond(keys, values, falling=falling))
    sorted_by = [f"{'-' if falling else ''}{key}" for key in keys]
    # The ids first, by the index alone: what `rows` joins is then joined for one page and not for the whole list.
    ids = rows.order_by(*sorted_by).values("pk")[: size + 1]
    found = list(rows.filter(pk__in=ids).order_by(*sorted_by))
    more, found = len(found) > size, found[:size]
    if backward:
        found.reverse()
    if not found:
        return Page([], "", "")
    before = _cursor(True, order, keys, found[0]) if (more if backward else bool(values)) else ""
    after = _cursor(False, order, keys, found[-1]) if (backward or more) else ""
    return Page(found, before, after)


@dataclass(frozen=True, slots=True)
class Total:
    """How many records a list has: counted up to a thousand, and exactly where that was asked for."""

    count: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.count:,}+" if self.more else f"{self.count:,}"


def total(rows: QuerySet[Any], *, exact: bool = False) -> Total:
    """The number of records in a list in no order."""
    if exact:
        return Total(rows.count())
    counted = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
    return Total(min(counted, MOST_COUNTED), counted > MOST_COUNTED)


def _beyond(keys: Sequence[str], values: Sequence[Any], *, falling: bool) -> GreaterThan | LessThan:
    """A comparison of whole rows, which one index over the keys answers."""
    lookup = LessThan if falling else GreaterThan
    return lookup(
        Func(*(F(key) for key in keys), function="ROW", output_field=TextField()),
        Func(*(Value(value) for value in values), function="ROW", output_field=TextField()),
    )


def _cursor(backward: bool, order: str, keys: Sequence[str], row: Any) -> str:
    """Moments keep their microseconds; the database reads the words of any type back."""
    return seal(json.dumps([backward, order, [_value(row, key) for key in keys]], default=str))


def _value(row: Any, key: str) -> Any:
    for step in key.split("__"):
        row = getattr(row, step)
    return row


def _open(cursor: str, order: str, length: int) -> tuple[bool, list[Any]]:
    if len(cursor) > LONGEST_CURSOR:
        raise CursorLost
    try:
        backward, of, values = json.loads(unseal(cursor))
    except (KeyLost, SealBroken, ValueError) as error:
        raise CursorLost from error
    if of != order or len(values) != length:
        raise CursorLost
    return bool(backward), list(values)
