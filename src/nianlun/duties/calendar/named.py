"""Duties tied to a name: a festival, an observance, the days before or after it, each weekend, each public holiday."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from nianlun.duties.calendar.due import NONE, Draft, by_the_end, on_the_day, staying
from nianlun.duties.calendar.model import Mark, Tables, Term
from nianlun.duties.calendar.named_days import NamedDay, Recurring
from nianlun.duties.calendar.periods import periods
from nianlun.duties.calendar.points import draft_at_plans_end
from nianlun.duties.calendar.spans import DAY, Span
from nianlun.duties.calendar.working_days import HolidayRun
from nianlun.plans.reading.schedule import Named, Rel

# How long before (after) a named day work for it is open, where the plan says 节前 or 节后.
NEAR = timedelta(days=14)
NEAR_WEEKEND = timedelta(days=5)
INTERRUPTION = timedelta(days=7)
NAME_IN_KEY = 30


def drafts_of_named(named: Named, term: Term, tables: Tables) -> Iterator[Draft]:
    """Its occurrences; a name that the table lacks, or that has no day this year, is due at the plan's end, marked."""
    rule = tables.named_days.rule(named.name)
    name = named.name if rule is None else rule.name
    if rule is None:
        yield draft_at_plans_end(term, tables, Mark.UNKNOWN_NAME, _key(term.year, name))
        return
    match rule.when:
        case Recurring.WEEKENDS:
            found = _weekends(named.rel, term, tables)
        case Recurring.WORKDAYS:
            found = (
                on_the_day(one.key, one.span.start, term, tables)
                for one in periods("day", term.plan)
                if tables.holidays.is_working(one.span.start)
            )
        case Recurring.HOLIDAYS:
            found = _public_holidays(named.rel, term, tables)
        case _:
            found = _days_of_year(rule, named.rel, term, tables)
    drafts = list(found)
    if not drafts:
        drafts = [draft_at_plans_end(term, tables, Mark.NO_SUCH_DAY, _key(term.year, name))]
    yield from drafts


def spans_of(rule: NamedDay, tables: Tables, plan: Span) -> list[tuple[int, Span, bool]]:
    """Each (year, span, tentative) of the rule that may matter to the plan, in order."""
    years = range(plan.start.year - 1, plan.end.year + 2)
    return [(year, span, tentative) for year in years for span, tentative in tables.named_days.spans(rule, year)]


def _key(year: int, name: str) -> str:
    return f"{year}-{name[:NAME_IN_KEY]}"


def _anchor(span: Span, rel: Rel | None) -> date:
    """The day that says to which plan's year the duty belongs, so that each belongs to one."""
    return span.start - DAY if rel == "before" else span.end + DAY if rel == "after" else span.start


def _beside(
    key: str, span: Span, rel: Rel | None, near: timedelta, term: Term, tables: Tables, marks: frozenset[Mark]
) -> Draft:
    """Due before the span on the last working day, or after it within `near`."""
    window = Span(span.start - near, span.start - DAY) if rel == "before" else Span(span.end + DAY, span.end + near)
    return by_the_end(key, window, term, tables, marks)


def _days_of_year(rule: NamedDay, rel: Rel | None, term: Term, tables: Tables) -> Iterator[Draft]:
    for year, span, tentative in spans_of(rule, tables, term.plan):
        if _anchor(span, rel) not in term.plan:
            continue
        key, marks = _key(year, rule.name), frozenset({Mark.TENTATIVE}) if tentative else NONE
        if rel in ("before", "after"):
            yield _beside(key, span, rel, NEAR, term, tables, marks)
        elif rule.is_stretch:
            # A season that reaches over the plan's end is this plan's up to there.
            yield by_the_end(key, Span(span.start, min(span.end, term.plan.end)), term, tables, marks)
        else:
            yield staying(key, _spent(span, rel, tables), term, marks)


def _spent(span: Span, rel: Rel | None, tables: Tables) -> Span:
    """During (期间) a festival means all the days off that people have for it."""
    if rel != "during":
        return span
    runs = tables.holidays.runs(span.start, span.start)
    return Span(min(span.start, runs[0].span.start), max(span.end, runs[0].span.end)) if runs else span


def _weekends(rel: Rel | None, term: Term, tables: Tables) -> Iterator[Draft]:
    for week in periods("week", term.plan):
        weekend = Span(week.span.end - DAY, week.span.end)
        if rel in ("before", "after"):
            yield _beside(week.key, weekend, rel, NEAR_WEEKEND, term, tables, NONE)
        else:
            yield staying(week.key, weekend, term)


def _whole(runs: list[HolidayRun]) -> list[HolidayRun]:
    """The holidays, one that a working day interrupts as one: an edit inside it must not make it two."""
    found: list[HolidayRun] = []
    for run in runs:
        last = found[-1] if found else None
        same = last and (last.holiday, last.own.year) == (run.holiday, run.own.year)
        if last and same and run.span.start - last.span.end <= INTERRUPTION:
            found[-1] = HolidayRun(
                run.holiday, run.own, Span(last.span.start, run.span.end), last.tentative or run.tentative
            )
        else:
            found.append(run)
    return found


def _public_holidays(rel: Rel | None, term: Term, tables: Tables) -> Iterator[Draft]:
    around = timedelta(days=31)
    for run in _whole(tables.holidays.runs(term.plan.start - around, term.plan.end + around)):
        anchor = _anchor(run.span, rel) if rel in ("before", "after") else run.own
        if anchor not in term.plan:
            continue
        key, marks = _key(run.own.year, run.holiday), frozenset({Mark.TENTATIVE}) if run.tentative else NONE
        if rel in ("before", "after"):
            yield _beside(key, run.span, rel, NEAR, term, tables, marks)
        else:
            yield staying(key, run.span, term, marks)
