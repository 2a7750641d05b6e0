"""How the schedules of one duty stand together: which confine others, and which only say again what others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from nianlun.duties.calendar.model import Tables, Term
from nianlun.duties.calendar.named import spans_of
from nianlun.duties.calendar.named_days import Recurring
from nianlun.duties.calendar.points import point_span, window_span
from nianlun.duties.calendar.spans import DAY, Span
from nianlun.plans.reading.schedule import Every, Named, OnDate, Schedule, Unit, Window

# A stretch confines a rhythm if it holds two periods at least: 暑假 confines 每周, 三八维权周 does not confine 每月.
UNIT_DAYS: dict[Unit, int] = {"day": 1, "week": 7, "half_month": 15, "month": 30, "quarter": 91, "half_year": 182}
NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Arranged:
    """A schedule with the stretches that confine it; none where it runs through the whole year.

    `days_off`: it is daily on days that are mostly off (节假日每天), so that it passes over none of them.
    """

    schedule: Schedule
    bounds: tuple[Span, ...] = ()
    days_off: bool = False


def arrange(schedules: Sequence[Schedule], term: Term, tables: Tables) -> list[Arranged]:
    """The schedules in their order, those left out that only confine or repeat others.

    "暑假期间每周一次" is weekly within 暑假, not weekly and once more; but "每周巡查，汛期专项检查" is two things: a
    stretch confines the rhythm before which it is said. "检查两次，七月至九月" is two times in those months.
    "每年重阳节" is one time, although it also says yearly.
    """
    arranged: dict[int, Arranged] = {}
    used: set[int] = set()
    for at, one in enumerate(schedules):
        if isinstance(one, Every):
            confining = _confining(schedules, at, term, tables)
            used.update(confining)
            spans = sorted({span for found in confining.values() for span in found}, key=lambda span: span.start)
            arranged[at] = Arranged(one, tuple(spans), any(_is_time_off(schedules[c], tables) for c in confining))
    others = [at for at, one in enumerate(schedules) if not isinstance(one, Every) and at not in used]
    arranged |= {at: Arranged(schedules[at]) for at in others}
    return [arranged[at] for at in sorted(arranged) if not _repeats(arranged[at], len(others))]


def _confining(schedules: Sequence[Schedule], at: int, term: Term, tables: Tables) -> dict[int, list[Span]]:
    """The schedules that confine the rhythm at that place, by their places, with their spans."""
    every = schedules[at]
    assert isinstance(every, Every)
    if every.unit == "year":
        if every.months:
            return {}
        candidates = list(range(len(schedules)))
    else:
        rhythms = [before for before in range(at) if isinstance(schedules[before], Every)]
        candidates = list(range(rhythms[-1] + 1 if rhythms else 0, at))
    found = {}
    for place in candidates:
        spans = _stretches(schedules[place], term, tables)
        if not spans and every.unit == "day":
            spans = _times_off(schedules[place], term, tables)
        if spans and (every.unit == "year" or _holds_two(spans, every)):
            found[place] = spans
    return found


def _holds_two(spans: list[Span], every: Every) -> bool:
    if every.unit == "day":
        return True
    return all(span.length >= 2 * UNIT_DAYS[every.unit] * every.interval for span in spans)


def _repeats(one: Arranged, others: int) -> bool:
    """Whether it only says "once a year" of what dates, deadlines or festivals beside it say better."""
    match one.schedule:
        case Every(unit="year", times=times, months=(), on=None):
            return not one.bounds and times <= others
    return False


def _stretches(schedule: Schedule, term: Term, tables: Tables) -> list[Span]:
    """The days of a window, a month or a season; [] for what is no stretch."""
    match schedule:
        case Window():
            return [window_span(schedule, term)]
        case OnDate(at) if at.day is None:
            return [point_span(at, term)]
        case Named(name, rel) if rel in (None, "during"):
            rule = tables.named_days.rule(name)
            if rule is None or not rule.is_stretch:
                return []
            return _within(term.plan, [span for _, span, _ in spans_of(rule, tables, term.plan)])
    return []


def _is_time_off(schedule: Schedule, tables: Tables) -> bool:
    rule = tables.named_days.rule(schedule.name) if isinstance(schedule, Named) else None
    return rule is not None and not rule.is_stretch and rule.when is not Recurring.WORKDAYS


def _times_off(schedule: Schedule, term: Term, tables: Tables) -> list[Span]:
    """The days of a festival, of the weekends or of the public holidays; [] for anything else."""
    if not isinstance(schedule, Named) or schedule.rel in ("before", "after") or not _is_time_off(schedule, tables):
        return []
    rule = tables.named_days.rules[schedule.name]
    if rule.when is Recurring.WEEKENDS:
        sundays = (day for day in Span(term.plan.start, term.plan.end + DAY).days() if day.isoweekday() == 7)
        return _within(term.plan, [Span(sunday - DAY, sunday) for sunday in sundays])
    if rule.when is Recurring.HOLIDAYS:
        runs = tables.holidays.runs(term.plan.start - NEAR, term.plan.end + NEAR)
        return _within(term.plan, [run.span for run in runs])
    return _within(term.plan, [span for _, span, _ in spans_of(rule, tables, term.plan)])


def _within(plan: Span, spans: list[Span]) -> list[Span]:
    return [cut for span in spans if (cut := span.overlap(plan))]
