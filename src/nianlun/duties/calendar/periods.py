"""The periods of a plan's year, each with its key: days, weeks, half months, months, quarters, half years, the year.

Groups of several (every two weeks, every three months) are counted from the first period of the plan's year, so that
they do not depend on the days asked for; the last group of a year may be short. A group is called by its first period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from nianlun.duties.calendar.spans import DAY, Span, day_of_month, divmod_month, month_index, months_span, week_span
from nianlun.plans.reading.schedule import Phase, Unit


@dataclass(frozen=True, slots=True)
class Period:
    """A period of the year; `number` is its place in the year, by which odd and even are told."""

    key: str
    span: Span
    number: int

    @property
    def middle(self) -> date:
        """The day that says to which month, season or year it belongs; a week's Thursday."""
        return self.span.start + timedelta(days=(self.span.length - 1) // 2)


@lru_cache(maxsize=512)
def periods(unit: Unit, plan: Span) -> tuple[Period, ...]:
    """The periods of the plan's year, in order: weeks whose Thursday lies in it, others as far as they lie in it."""
    return tuple(_PERIODS[unit](plan))


@lru_cache(maxsize=512)
def groups(unit: Unit, interval: int, phase: Phase | None, plan: Span) -> tuple[Period, ...]:
    """Each `interval`-th run of periods as one, or with a phase the odd or the even periods by themselves."""
    singles = periods(unit, plan)
    if phase is not None:
        return tuple(one for one in singles if one.number % 2 == (phase == "odd"))
    if interval == 1:
        return singles
    runs = [singles[at : at + interval] for at in range(0, len(singles), interval)]
    return tuple(Period(run[0].key, Span(run[0].span.start, run[-1].span.end), run[0].number) for run in runs)


def week_key(day: date) -> str:
    """The key of the week in which the day lies; the week belongs to the year of its Thursday (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def _days(plan: Span) -> Iterator[Period]:
    for day in plan.days():
        yield Period(day.isoformat(), Span(day, day), day.day)


def _weeks(plan: Span) -> Iterator[Period]:
    week = week_span(plan.start)
    while (thursday := week.start + 3 * DAY) <= plan.end:
        if thursday in plan:
            yield Period(week_key(thursday), week, thursday.isocalendar().week)
        week = week_span(week.end + DAY)


def _half_months(plan: Span) -> Iterator[Period]:
    for index in range(month_index(plan.start), month_index(plan.end) + 1):
        year, month = divmod_month(index)
        halves = ((1, 15, "a"), (16, 31, "b"))
        for first, last, letter in halves:
            half = Span(date(year, month, first), day_of_month(year, month, last)).overlap(plan)
            if half is not None:
                yield Period(f"{year}-{month:02}{letter}", half, 1 if letter == "a" else 2)


def _of_months(size: int, letter: str) -> Callable[[Span], Iterator[Period]]:
    def find(plan: Span) -> Iterator[Period]:
        first = month_index(plan.start) // size * size
        for index in range(first, month_index(plan.end) + 1, size):
            year, month = divmod_month(index)
            span = months_span([divmod_month(i) for i in range(index, index + size)]).overlap(plan)
            number = (month - 1) // size + 1
            key = f"{year}-{letter}{number}" if letter else f"{year}-{number:02}"
            if span is not None:
                yield Period(key, span, number)

    return find


def _year(plan: Span) -> Iterator[Period]:
    yield Period(str(plan.start.year), plan, plan.start.year)


_PERIODS: dict[Unit, Callable[[Span], Iterator[Period]]] = {
    "day": _days,
    "week": _weeks,
    "half_month": _half_months,
    "month": _of_months(1, ""),
    "quarter": _of_months(3, "Q"),
    "half_year": _of_months(6, "H"),
    "year": _year,
}
