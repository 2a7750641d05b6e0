"""One cell as text, the way a person sees it in the sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

EXACT = 10**15  # spreadsheets keep 15 digits: of a longer number the rest is gone
LOST = re.compile(r"[+-]?\d(?:\.\d+)?[eE]\+?\d{2}")  # a long number as a sheet writes it once it has lost digits


def text_of(value: object) -> str:
    """Whole numbers without a point, days as 2027-01-31, 是 and 否; a number of 16 digits or more as 1.10105E+17."""
    if type(value) is str:
        return value
    if type(value) is float:
        return _number(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return str(value) if abs(value) < EXACT else _number(float(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value.is_integer() else f"{value:.15g}"


def texts_of(cells: Sequence[object]) -> list[str]:
    """A row's cells as text, the empty ones at its end left off."""
    made = [cell if type(cell) is str else text_of(cell) for cell in cells]
    while made and not made[-1]:
        made.pop()
    return made


def has_lost_digits(text: str) -> bool:
    """Whether this is a long number of which the sheet has kept the first 15 digits only."""
    return bool(LOST.fullmatch(text)) and abs(float(text)) >= EXACT
