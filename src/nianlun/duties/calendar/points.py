"""Dates, windows and deadlines of a plan: what falls due once in its year, known by the year and a count."""

from __future__ import annotations

from nianlun.duties.calendar.due import Draft, by_the_end, on_the_day
from nianlun.duties.calendar.model import Mark, Tables, Term
from nianlun.duties.calendar.spans import Span, day_of_month, month_span, narrow
from nianlun.plans.reading.schedule import Deadline, OnDate, Point, Window


def point_span(point: Point, term: Term) -> Span:
    """The days of a point: a day, a third of a month, or a month; a 31st in a short month is its last day."""
    year = term.year_of_month(point.month) + point.next_year - point.prev_year
    if point.day is not None:
        day = day_of_month(year, point.month, point.day)
        return Span(day, day)
    month = month_span(year, point.month)
    return month if point.part is None else narrow(month, point.part)


def window_span(window: Window, term: Term) -> Span:
    """From the first day of its start to the last of its end; an end that comes before lies in the next year."""
    start, end = point_span(window.start, term).start, point_span(window.end, term).end
    if end < start:
        later = Point(window.end.month, window.end.day, window.end.part, next_year=True)
        end = point_span(later, term).end
    return Span(start, max(start, end))


def drafts_of_point(schedule: OnDate | Window | Deadline, term: Term, tables: Tables) -> Draft:
    key = str(term.year)
    match schedule:
        case OnDate(at):
            span = point_span(at, term)
            return on_the_day(key, span.start, term, tables) if at.day else by_the_end(key, span, term, tables)
        case Window():
            return by_the_end(key, window_span(schedule, term), term, tables)
        case Deadline(by):
            span = point_span(by, term)
            return by_the_end(key, Span(min(term.plan.start, span.start), span.end), term, tables)


def draft_at_plans_end(term: Term, tables: Tables, mark: Mark = Mark.UNSCHEDULED, key: str = "") -> Draft:
    """What says nothing of when it is due has until the plan's end."""
    return by_the_end(key or str(term.year), term.plan, term, tables, frozenset({mark}))
