"""A month as a calendar's page, and a year as lines of work against months."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from nianlun.duties.agenda import Moment
from nianlun.duties.almanac import lunar_label
from nianlun.duties.calendar import Holidays
from nianlun.duties.models import Duty
from nianlun.places.lines import LINE_TITLES


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the month's page."""

    day: date
    inside: bool
    today: bool
    off: bool
    holiday: str
    lunar: str
    moments: list[Moment]


@dataclass(frozen=True, slots=True)
class DailyDuty:
    """Work of every day, shown once beside the page instead of in each cell."""

    duty: Duty
    days: int
    done: int


@dataclass(frozen=True, slots=True)
class YearRow:
    """A line of work (or a person) and how much of it is due in each month."""

    code: str
    title: str
    months: list[int]

    @property
    def total(self) -> int:
        return sum(self.months)


def month_bounds(year: int, month: int) -> tuple[date, date]:
    start = date(year, month, 1)
    return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def page_bounds(year: int, month: int) -> tuple[date, date]:
    """From the Monday before the first to the Sunday after the last."""
    first, last = month_bounds(year, month)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def weeks_of(
    year: int, month: int, moments: Iterable[Moment], holidays: Holidays, today: date
) -> tuple[list[list[Cell]], list[DailyDuty]]:
    """The page's weeks, and the daily duties of the month that are left out of its cells."""
    since, until = page_bounds(year, month)
    by_day: defaultdict[date, list[Moment]] = defaultdict(list)
    daily: defaultdict[UUID, list[Moment]] = defaultdict(list)
    for moment in moments:
        if moment.daily:
            if moment.act_on.month == month:
                daily[moment.duty.pk].append(moment)
        else:
            by_day[moment.act_on].append(moment)
    cells = []
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        row = holidays.row(day)
        cells.append(
            Cell(
                day=day,
                inside=day.month == month,
                today=day == today,
                off=not holidays.is_working(day),
                holiday=row.holiday if row else "",
                lunar=lunar_label(day),
                moments=by_day[day],
            )
        )
    every_day = [DailyDuty(some[0].duty, len(some), sum(one.done for one in some)) for some in daily.values()]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)], every_day


def by_line_and_month(moments: Sequence[Moment]) -> list[YearRow]:
    """One row for each line of work that has anything, in the order of the lines; a daily duty counts once a month."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for moment in without_daily_repeats(moments):
        counts[moment.duty.line][moment.act_on.month] += 1
    return [
        YearRow(code, title, [counts[code][month] for month in range(1, 13)])
        for code, title in LINE_TITLES.items()
        if code in counts
    ]


def without_daily_repeats(moments: Sequence[Moment]) -> list[Moment]:
    """A duty of every day once a month: twenty ticks of one round are not twenty pieces of work."""
    seen: set[tuple[UUID, int, int]] = set()
    kept = []
    for moment in moments:
        if moment.daily:
            mark = (moment.duty.pk, moment.act_on.year, moment.act_on.month)
            if mark in seen:
                continue
            seen.add(mark)
        kept.append(moment)
    return kept
