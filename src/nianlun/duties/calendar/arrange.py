"""How the schedules of one duty stand together: which confine others, and which only say again what others say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.duties.calendar.model import Tables, Term
from nianlun.duties.calendar.named import spans_of
from nianlun.duties.calendar.points import point_span, window_span
from nianlun.duties.calendar.spans import Span
from nianlun.plans.reading.schedule import Every, Named, OnDate, Schedule, Unit, Window

# A stretch confines a rhythm if it holds two periods at least: 暑假 confines 每周, 三八维权周 does not confine 每月.
UNIT_DAYS: dict[Unit, int] = {"day": 1, "week": 7, "half_month": 15, "month": 30, "quarter": 91, "half_year": 182}


@dataclass(frozen=True, slots=True)
class Arranged:
    """A schedule with the stretches that confine it; none where it runs through the whole year."""

    schedule: Schedule
    bounds: tuple[Span, ...] = ()


def arrange(schedules: Sequence[Schedule], term: Term, tables: Tables) -> list[Arranged]:
    """The schedules in their order, confining and repeating ones taken out.

    "暑假期间每周一次" is weekly within 暑假, not weekly and once more; "七月至九月检查两次" is two times in those three
    months; "每年重阳节" is one time, although it also says yearly.
    """
    bounds = {at: spans for at, one in enumerate(schedules) if (spans := _stretches(one, term, tables))}
    arranged: dict[int, Arranged] = {}
    used: set[int] = set()
    for at, one in enumerate(schedules):
        if not isinstance(one, Every):
            continue
        fitting = [other for other, spans in bounds.items() if _confines(spans, one)]
        spans = sorted({span for other in fitting for span in bounds[other]}, key=lambda span: span.start)
        arranged[at] = Arranged(one, tuple(spans))
        used.update(fitting)
    single = [at for at, one in enumerate(schedules) if not isinstance(one, Every) and at not in used]
    for at, one in enumerate(schedules):
        if not isinstance(one, Every):
            if at not in used:
                arranged[at] = Arranged(one)
        elif _is_plain_yearly(one) and not arranged[at].bounds and 1 <= one.times <= len(single):
            del arranged[at]
    return [arranged[at] for at in sorted(arranged)]


def _is_plain_yearly(every: Every) -> bool:
    return every.unit == "year" and not every.months and every.on is None


def _confines(spans: list[Span], every: Every) -> bool:
    if every.unit == "year":
        return not every.months
    needed = 2 * UNIT_DAYS[every.unit] * every.interval
    return all(span.length >= needed for span in spans)


def _stretches(schedule: Schedule, term: Term, tables: Tables) -> list[Span]:
    """The days of a window, a month or a season as far as they lie in the plan's year; [] for what is no stretch."""
    match schedule:
        case Window():
            found = [window_span(schedule, term)]
        case OnDate(at) if at.day is None:
            found = [point_span(at, term)]
        case Named(name, rel) if rel in (None, "during"):
            rule = tables.named_days.rule(name)
            found = [] if rule is None or not rule.is_stretch else [s for _, s, _ in spans_of(rule, tables, term.plan)]
        case _:
            found = []
    if isinstance(schedule, Named):
        return [cut for span in found if (cut := span.overlap(term.plan))]
    return found
