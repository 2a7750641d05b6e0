"""Recurring schedules: which periods of the year they take, and where in each the k-th time lies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from nianlun.duties.calendar.due import Draft, by_the_end, on_the_day, staying
from nianlun.duties.calendar.model import Daily, Tables, Term
from nianlun.duties.calendar.periods import Period, groups
from nianlun.duties.calendar.spans import Span, day_of_month, month_span, narrow, spread
from nianlun.plans.reading.schedule import Every, On

# Periods of a month and more are cut by the months and stretches that limit them; shorter ones lie in them or not.
LONG_UNITS = frozenset({"month", "quarter", "half_year", "year"})


def drafts_of_every(every: Every, bounds: Sequence[Span], term: Term, tables: Tables, daily: Daily) -> Iterator[Draft]:
    """Its occurrences in the plan's year; `bounds`, where there are any, are the stretches that it is confined to."""
    on = every.on or On()
    for period in groups(every.unit, every.interval, on.phase, term.plan):
        places = _places(every, period, bounds)
        if every.unit == "day":
            if places:
                yield from _daily(every, period, term, tables, daily)
            continue
        if on.part and not (on.day and len(period.span.months) == 1):
            places = [narrow(place, on.part) for place in places]
        for window in spread(places, every.times):
            yield _placed(on, period, window, term, tables)


def _places(every: Every, period: Period, bounds: Sequence[Span]) -> list[Span]:
    """The parts of the period that the schedule's months and bounds leave; [] where it is not due in this period."""
    if every.unit not in LONG_UNITS:
        if every.months and period.middle.month not in every.months:
            return []
        return [period.span] if not bounds or any(period.middle in bound for bound in bounds) else []
    places = [period.span]
    if every.months:
        named = [month_span(*month) for month in _months_of(period.span) if month[1] in every.months]
        places = [cut for month in named if (cut := month.overlap(period.span))]
    if bounds:
        places = [cut for place in places for bound in bounds if (cut := place.overlap(bound))]
    return places


def _months_of(span: Span) -> list[tuple[int, int]]:
    first, last = span.start.year * 12 + span.start.month - 1, span.end.year * 12 + span.end.month - 1
    return [(index // 12, index % 12 + 1) for index in range(first, last + 1)]


def _daily(every: Every, period: Period, term: Term, tables: Tables, daily: Daily) -> Iterator[Draft]:
    """A day's times are all due that day; 每天 passes over days off unless the duty says otherwise."""
    if daily == "working" and tables.holidays.last_working_day(period.span) is None:
        return
    for _ in range(every.times):
        if daily == "all" or period.span.length == 1:
            yield staying(period.key, period.span, term)
        else:
            yield by_the_end(period.key, period.span, term, tables)


def _placed(on: On, period: Period, window: Span, term: Term, tables: Tables) -> Draft:
    if on.weekday is not None:
        day = _weekday_in(window, on) or _weekday_in(period.span, on) or window.end
        return on_the_day(period.key, day, term, tables)
    if on.day is not None and window.length > 7:
        day = day_of_month(window.start.year, window.start.month, on.day)
        if day in window:
            window = Span(window.start, day)
    return by_the_end(period.key, window, term, tables)


def _weekday_in(span: Span, on: On) -> date | None:
    """The first such weekday of the span, the last one where the schedule speaks of the end."""
    assert on.weekday is not None
    if on.part == "end":
        day = span.end - timedelta(days=(span.end.isoweekday() - on.weekday) % 7)
    else:
        day = span.start + timedelta(days=(on.weekday - span.start.isoweekday()) % 7)
    return day if day in span else None
