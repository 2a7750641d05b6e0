"""Spells of days, half-open: the end is the first day on which it no longer holds; None: it still does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

Spell = tuple[date, date | None]


def without(spell: Spell, others: Iterable[Spell]) -> list[Spell]:
    """The parts of a spell that none of the others covers, in order."""
    parts = [spell]
    for other in others:
        parts = [left for part in parts for left in _minus(part, other)]
    return sorted(parts)


def _minus(part: Spell, other: Spell) -> list[Spell]:
    start, end = part
    from_, until = other
    if _before(until, start) or (end is not None and from_ >= end) or from_ == until:
        return [part]
    left: list[Spell] = [(start, from_)] if start < from_ else []
    if until is not None and (end is None or until < end):
        left.append((until, end))
    return left


def _before(until: date | None, start: date) -> bool:
    return until is not None and until <= start
