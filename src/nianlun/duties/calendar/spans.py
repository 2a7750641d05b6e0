"""A span is a stretch of whole days, both ends included; periods, windows and festivals are spans."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from nianlun.plans.reading.schedule import Part

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `end`, both included; never empty."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"span ends on {self.end}, before it starts on {self.start}")

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        for offset in range(self.length):
            yield self.start + timedelta(days=offset)

    def overlap(self, other: Span) -> Span | None:
        """The days common to both, or None."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start <= end else None

    @property
    def months(self) -> list[tuple[int, int]]:
        """The (year, month) pairs it covers, where it begins on a first and ends on a last day of a month; else []."""
        if self.start.day != 1 or (self.end + DAY).day != 1:
            return []
        first, last = month_index(self.start), month_index(self.end)
        return [divmod_month(index) for index in range(first, last + 1)]


def month_index(day: date) -> int:
    """Months counted from the year 0, so that months can be added and compared."""
    return day.year * 12 + day.month - 1


def divmod_month(index: int) -> tuple[int, int]:
    """The (year, month) of a month_index."""
    year, month = divmod(index, 12)
    return year, month + 1


def day_of_month(year: int, month: int, day: int) -> date:
    """That day, or the month's last day where the month is shorter (31 April, 29 February)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def month_span(year: int, month: int) -> Span:
    return Span(date(year, month, 1), day_of_month(year, month, 31))


def months_span(months: list[tuple[int, int]]) -> Span:
    """From the first of the first month to the last day of the last."""
    return Span(month_span(*months[0]).start, month_span(*months[-1]).end)


def week_span(day: date) -> Span:
    """Monday to Sunday of the week in which the day lies."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + timedelta(days=6))


def narrow(span: Span, part: Part) -> Span:
    """The start, middle or end of a span.

    A month has its 旬 (1-10, 11-20, 21 to the end); of several months the first, the middle one or two, or the last;
    a week has Monday-Tuesday, Wednesday-Thursday, Friday-Sunday; anything else is cut in three.
    """
    months = span.months
    if len(months) == 1:
        first, last = {"start": (1, 10), "mid": (11, 20), "end": (21, 31)}[part]
        return Span(day_of_month(*months[0], first), day_of_month(*months[0], last))
    if months:
        middle = months[(len(months) - 1) // 2 : len(months) // 2 + 1]
        return months_span({"start": months[:1], "mid": middle, "end": months[-1:]}[part])
    cuts = [0, span.length // 3, 2 * span.length // 3, span.length]
    index = ("start", "mid", "end").index(part)
    low, high = cuts[index], max(cuts[index], cuts[index + 1] - 1)
    return Span(span.start + timedelta(days=low), span.start + timedelta(days=high))


def split(span: Span, times: int) -> list[Span]:
    """`times` windows that follow one another and fill the span: whole months where that comes out even, else by days.

    In a week the five working days are shared out and the weekend goes to the last window. Where there are more windows
    than days, several fall on the same day.
    """
    if times == 1:
        return [span]
    months = span.months
    if months and len(months) % times == 0:
        size = len(months) // times
        return [months_span(months[i * size : (i + 1) * size]) for i in range(times)]
    shared = 5 if span.length == 7 and times <= 5 else span.length
    windows = []
    for k in range(times):
        low = k * shared // times
        high = max(low, (k + 1) * shared // times - 1)
        windows.append(Span(span.start + timedelta(days=low), span.start + timedelta(days=high)))
    windows[-1] = Span(windows[-1].start, span.end)
    return windows


def spread(places: list[Span], times: int) -> list[Span]:
    """`times` windows over places that need not touch: shared out evenly; fewer times than places join neighbours."""
    if not places:
        return []
    if times < len(places):
        cuts = [k * len(places) // times for k in range(times + 1)]
        return [Span(places[low].start, places[high - 1].end) for low, high in pairwise(cuts)]
    shares = [(i + 1) * times // len(places) - i * times // len(places) for i in range(len(places))]
    return [window for place, share in zip(places, shares, strict=True) for window in split(place, share)]
