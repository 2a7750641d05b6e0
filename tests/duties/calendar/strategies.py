"""Schedules, years and edited holiday tables for the property tests."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from nianlun.duties.calendar import Holidays, NamedDay, NamedDays, SpecialDay, Tables
from nianlun.duties.calendar.named_days import Recurring
from nianlun.duties.calendar.shipped import holiday_rows, named_day_rules
from nianlun.plans.reading.schedule import (
    PARTS,
    PHASES,
    RELS,
    UNITS,
    Deadline,
    Every,
    Named,
    On,
    OnDate,
    Point,
    Schedule,
    Window,
)

FIRST, LAST = 2020, 2040
WORKING_DAYS = NamedDay("工作日", Recurring.WORKDAYS)
RULES = (*named_day_rules(), WORKING_DAYS)
TABLES = Tables(Holidays(holiday_rows(range(FIRST - 1, LAST + 2))), NamedDays.of(RULES))
NAMES = [rule.name for rule in RULES]

years = st.integers(FIRST, LAST)
points = st.builds(
    Point,
    month=st.integers(1, 12),
    day=st.none() | st.integers(1, 31),
    part=st.none() | st.sampled_from(PARTS),
    prev_year=st.just(False),
    next_year=st.booleans(),
)
ons = st.builds(
    On,
    weekday=st.none() | st.integers(1, 7),
    day=st.none() | st.integers(1, 31),
    part=st.none() | st.sampled_from(PARTS),
    phase=st.none() | st.sampled_from(PHASES),
)
months = st.sets(st.integers(1, 12), max_size=4).map(lambda found: tuple(sorted(found)))
rhythms = st.builds(
    Every,
    unit=st.sampled_from([unit for unit in UNITS if unit != "day"]),
    interval=st.integers(1, 4),
    times=st.integers(1, 9),
    months=months,
    on=st.none() | ons,
)
daily = st.builds(Every, unit=st.just("day"), interval=st.integers(1, 4), times=st.integers(1, 2), months=months)
dated = st.one_of(
    st.builds(OnDate, points),
    st.builds(Window, points, points),
    st.builds(Deadline, points),
)
of_festivals = st.builds(
    Named,
    st.sampled_from([name for name in NAMES if name not in {"周末", "节假日", "工作日"}] + ["没有的日子"]),
    st.none() | st.sampled_from(RELS),
)
of_weekends = st.builds(Named, st.just("周末"), st.none() | st.sampled_from(RELS))
of_holidays = st.builds(Named, st.just("节假日"), st.none() | st.sampled_from(RELS))
# Those whose occurrences do not depend on which days are worked; only their due days do.
steady: st.SearchStrategy[Schedule] = st.one_of(rhythms, dated, of_festivals, of_weekends)
schedules: st.SearchStrategy[Schedule] = st.one_of(steady, daily, of_holidays)


@st.composite
def edited_holidays(draw: st.DrawFn, year: int) -> Tables:
    """The tables with up to twelve days of that year and its neighbours' edges set to off or worked at random."""
    rows = {row.day: row for row in TABLES.holidays.rows}
    for _ in range(draw(st.integers(1, 12))):
        day = date(year, 1, 1) + timedelta(days=draw(st.integers(-10, 375)))
        rows[day] = SpecialDay(day, draw(st.booleans()), "调整")
    return Tables(Holidays(rows.values()), TABLES.named_days)
