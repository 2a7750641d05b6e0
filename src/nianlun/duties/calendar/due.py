"""Due days: a deadline moves to an earlier working day within its window; what is tied to a day stays on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nianlun.duties.calendar.model import Mark, Tables, Term
from nianlun.duties.calendar.spans import DAY, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """An occurrence before it is counted; one that the duty's own bounds leave out is still counted.

    Otherwise a duty that begins later would give its second time of the year the number of the first.
    """

    period_key: str
    window: Span
    due: date
    marks: frozenset[Mark]
    in_force: bool = True


NONE: frozenset[Mark] = frozenset()


def by_the_end(key: str, window: Span, term: Term, tables: Tables, marks: frozenset[Mark] = NONE) -> Draft:
    """Due on the window's last working day; with none, on its last day, marked."""
    kept = term.clip(window)
    if kept is None:
        return Draft(key, window, window.end, marks, in_force=False)
    holidays = tables.holidays
    due = holidays.last_working_day(kept)
    if due == kept.end:
        return Draft(key, kept, kept.end, marks)
    first = kept.start if due is None else due + DAY
    skipped = [row for day in Span(first, kept.end).days() if (row := holidays.row(day))]
    if due is None:
        marks |= {Mark.NO_WORKING_DAY}
    elif skipped or not _is_rest_of_week(kept):
        marks |= {Mark.MOVED}
    if any(row.tentative for row in skipped):
        marks |= {Mark.TENTATIVE}
    return Draft(key, kept, due or kept.end, marks)


def _is_rest_of_week(window: Span) -> bool:
    """Whether it is a week or the rest of one: that its work is due on Friday and not on Sunday is no news."""
    return window.length <= 7 and window.end.isoweekday() == 7


def on_the_day(key: str, day: date, term: Term, tables: Tables) -> Draft:
    """Due on that very day, marked where it is a day off."""
    marks = NONE if tables.holidays.is_working(day) else frozenset({Mark.DAY_OFF})
    if tables.holidays.is_tentative(day):
        marks |= {Mark.TENTATIVE}
    return staying(key, Span(day, day), term, marks)


def staying(key: str, window: Span, term: Term, marks: frozenset[Mark] = NONE) -> Draft:
    """Due on the window's last day, working or not: festivals, public holidays and weekends."""
    kept = term.clip(window)
    return Draft(key, kept or window, (kept or window).end, marks, in_force=kept is not None)
