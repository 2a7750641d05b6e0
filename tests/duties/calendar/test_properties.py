"""No occurrence is lost or doubled: over ranges, year ends, leap years and months, edits of holidays and schedules."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.duties.calendar import (
    Holidays,
    Mark,
    SpecialDay,
    Tables,
    Term,
    occurrences,
    occurrences_of_term,
    open_between,
)
from nianlun.plans.reading.schedule import Every, Named, On, OnDate, Point, Rel, Schedule
from tests.duties.calendar.strategies import (
    FIRST,
    LAST,
    NAMES,
    TABLES,
    dated,
    edited_holidays,
    rhythms,
    schedules,
    steady,
    years,
)

several = st.lists(schedules, max_size=4)


@given(years, several, st.lists(st.integers(-40, 800), min_size=3, max_size=3, unique=True))
@settings(max_examples=200, deadline=None)
def test_neighbouring_ranges_share_none_and_miss_none(year: int, found: list[Schedule], cuts: list[int]) -> None:
    a, b, c = (date(year, 1, 1) + timedelta(days=offset) for offset in sorted(cuts))
    term = Term.of_year(year)
    first = occurrences(found, term, TABLES, a, b)
    second = occurrences(found, term, TABLES, b + timedelta(days=1), c)
    assert first + second == occurrences(found, term, TABLES, a, c)


@given(years, several)
@settings(max_examples=200, deadline=None)
def test_a_key_is_given_once_and_the_due_day_lies_in_its_window(year: int, found: list[Schedule]) -> None:
    all_of_year = occurrences_of_term(found, Term.of_year(year), TABLES)
    assert max(Counter(one.key for one in all_of_year).values(), default=0) <= 1
    assert all(one.window_start <= one.due <= one.window_end for one in all_of_year)
    assert found or [one.marks & {Mark.UNSCHEDULED} for one in all_of_year] == [{Mark.UNSCHEDULED}]


@given(years, steady)
@settings(max_examples=300, deadline=None)
def test_every_schedule_but_empty_months_has_an_occurrence(year: int, schedule: Schedule) -> None:
    all_of_year = occurrences_of_term([schedule], Term.of_year(year), TABLES)
    may_be_empty = isinstance(schedule, Every) and (schedule.months or (schedule.on and schedule.on.phase))
    assert all_of_year or may_be_empty


@given(years, rhythms)
@settings(max_examples=200, deadline=None)
def test_deadlines_fall_on_working_days_or_say_why_not(year: int, schedule: Every) -> None:
    for one in occurrences_of_term([schedule], Term.of_year(year), TABLES):
        assert TABLES.holidays.is_working(one.due) or one.marks & {Mark.NO_WORKING_DAY, Mark.DAY_OFF}
        if Mark.NO_WORKING_DAY in one.marks:
            assert one.due == one.window_end


@given(st.data(), years, st.lists(steady, max_size=3))
@settings(max_examples=150, deadline=None)
def test_an_edit_of_holidays_moves_occurrences_and_never_doubles_them(
    data: st.DataObject, year: int, found: list[Schedule]
) -> None:
    edited: Tables = data.draw(edited_holidays(year))
    term = Term.of_year(year)
    before = {one.key: one for one in occurrences_of_term(found, term, TABLES)}
    after = {one.key: one for one in occurrences_of_term(found, term, edited)}
    assert before.keys() == after.keys()
    at_weekends = {one.window_start for one in before.values() if one.schedule == Named("周末")}
    assert at_weekends == {one.window_start for one in after.values() if one.schedule == Named("周末")}


@given(st.data(), years)
@settings(max_examples=150, deadline=None)
def test_an_edit_of_a_public_holiday_keeps_it_one(data: st.DataObject, year: int) -> None:
    """A day more or less, at its edge or in its middle, by whatever notice: it is still that year's 国庆节."""
    rows = {row.day: row for row in TABLES.holidays.rows}
    own = data.draw(st.sampled_from([row for row in rows.values() if not row.works and row.day.year == year]))
    day = own.day + timedelta(days=data.draw(st.integers(-1, 1)))
    rows[day] = SpecialDay(day, data.draw(st.booleans()), own.holiday)
    term, edited = Term.of_year(year), Tables(Holidays(rows.values()), TABLES.named_days)
    for rel in (None, "before", "after"):
        before, after = (occurrences_of_term([Named("节假日", rel)], term, tables) for tables in (TABLES, edited))
        gone = {one.key for one in before} ^ {one.key for one in after}
        # A holiday of one day that is worked is none, and what it was joined to stands alone or is called by its name.
        assert gone <= {f"{near}-{name}/1" for near in (year, year + 1) for name in ("中秋节", "国庆节", own.holiday)}
        assert max(Counter(one.key for one in after).values()) == 1


@given(st.data(), years)
@settings(max_examples=100, deadline=None)
def test_daily_duties_are_the_working_days_of_the_table(data: st.DataObject, year: int) -> None:
    edited: Tables = data.draw(edited_holidays(year))
    term = Term.of_year(year)
    due = [one.due for one in occurrences_of_term([Every("day")], term, edited)]
    assert due == [day for day in term.plan.days() if edited.holidays.is_working(day)]
    assert due == [one.due for one in occurrences_of_term([Named("工作日")], term, edited)]
    every = [one.due for one in occurrences_of_term([Every("day")], term, edited, daily="all")]
    assert every == list(term.plan.days())


@given(years, rhythms, st.builds(On, weekday=st.integers(1, 7)), st.builds(On, day=st.integers(1, 31)))
@settings(max_examples=100, deadline=None)
def test_another_day_within_the_period_keeps_the_keys(year: int, rhythm: Every, one_on: On, other_on: On) -> None:
    keys = []
    for on in (None, one_on, other_on):
        edited = Every(rhythm.unit, rhythm.interval, rhythm.times, rhythm.months, on)
        keys.append(sorted(one.key for one in occurrences_of_term([edited], Term.of_year(year), TABLES)))
    assert keys[0] == keys[1] == keys[2]


@given(years, dated, dated)
@settings(max_examples=100, deadline=None)
def test_another_date_moves_the_one_occurrence(year: int, before: Schedule, after: Schedule) -> None:
    term = Term.of_year(year)
    keys = [[one.key for one in occurrences_of_term([it], term, TABLES)] for it in (before, after)]
    assert keys == [[f"{year}/1"], [f"{year}/1"]]
    assert [one.key for one in occurrences_of_term([], term, TABLES)] == [f"{year}/1"]


@given(years, several, st.integers(0, 365), st.integers(0, 365))
@settings(max_examples=150, deadline=None)
def test_a_duty_that_begins_later_or_ends_earlier_keeps_its_keys(
    year: int, found: list[Schedule], start: int, length: int
) -> None:
    since = date(year, 1, 1) + timedelta(days=start)
    until = min(since + timedelta(days=length), date(year, 12, 31))
    whole = {one.key: one for one in occurrences_of_term(found, Term.of_year(year), TABLES)}
    part = {one.key: one for one in occurrences_of_term(found, Term.of_year(year, since, until), TABLES)}
    assert part.keys() <= whole.keys()
    for key, one in part.items():
        assert whole[key].window_start <= one.window_start <= one.window_end <= whole[key].window_end
    inside = {
        key
        for key, one in whole.items()
        if (since == date(year, 1, 1) or one.window_start >= since)
        and (until == date(year, 12, 31) or one.window_end <= until)
    }
    assert inside <= part.keys()


def test_bounds_that_are_the_plans_own_cut_no_week() -> None:
    """W01 of 2026 begins on 29 December 2025, and is whole for a duty of the whole year."""
    whole = occurrences_of_term([Every("week")], Term.of_year(2026, date(2026, 1, 1), date(2026, 12, 31)), TABLES)
    assert whole == occurrences_of_term([Every("week")], Term.of_year(2026), TABLES)
    [first] = occurrences_of_term([Every("week")], Term.of_year(2026, date(2026, 1, 2), date(2026, 1, 4)), TABLES)
    assert (first.key, first.window_start, first.window_end) == ("2026-W01/1", date(2026, 1, 2), date(2026, 1, 4))


@pytest.mark.parametrize("interval", [1, 2, 3])
def test_weeks_follow_one_another_over_all_year_ends(interval: int) -> None:
    """Each week from 2020 to 2040 is one plan's and only one's."""
    weeks = [
        one
        for year in range(FIRST, LAST + 1)
        for one in occurrences_of_term([Every("week", interval)], Term.of_year(year), TABLES)
    ]
    assert max(Counter(one.period_key for one in weeks).values()) == 1
    for before, after in pairwise(weeks):
        assert after.window_start == before.window_end + timedelta(days=1)


@pytest.mark.parametrize("unit", ["day", "half_month", "month", "quarter", "half_year", "year"])
def test_other_periods_fill_the_years_without_gap(unit: str) -> None:
    every = Every(unit)  # type: ignore[arg-type]
    found = [
        one
        for year in range(FIRST, LAST + 1)
        for one in occurrences_of_term([every], Term.of_year(year), TABLES, daily="all")
    ]
    assert found[0].window_start == date(FIRST, 1, 1) and found[-1].window_end == date(LAST, 12, 31)
    for before, after in pairwise(found):
        assert after.window_start == before.window_end + timedelta(days=1)


@pytest.mark.parametrize("rel", [None, "before", "during", "after"])
def test_each_named_day_is_one_plans_and_only_one(rel: Rel | None) -> None:
    for name in NAMES:
        found = [
            one
            for year in range(FIRST, LAST + 1)
            for one in occurrences_of_term([Named(name, rel)], Term.of_year(year), TABLES)
            if Mark.NO_SUCH_DAY not in one.marks
        ]
        doubled = [key for key, count in Counter(one.key for one in found).items() if count > 1]
        assert not doubled, name
        if name not in {"周末", "节假日", "工作日"}:
            assert LAST - FIRST <= len(found) <= LAST - FIRST + 2, name


@given(years, several, st.integers(-30, 390), st.integers(0, 60))
@settings(max_examples=100, deadline=None)
def test_open_windows_are_those_with_a_day_in_the_range(
    year: int, found: list[Schedule], start: int, length: int
) -> None:
    since = date(year, 1, 1) + timedelta(days=start)
    days = {since + timedelta(days=offset) for offset in range(length + 1)}
    everything = occurrences_of_term(found, Term.of_year(year), TABLES)
    shown = open_between(everything, min(days), max(days))
    for one in everything:
        window = {one.window_start + timedelta(days=i) for i in range((one.window_end - one.window_start).days + 1)}
        assert (one in shown) == bool(window & days)


def test_two_schedules_of_one_period_are_counted_on() -> None:
    tuesdays_and_fridays = [Every("week", on=On(weekday=2)), Every("week", on=On(weekday=5))]
    found = occurrences(tuesdays_and_fridays, Term.of_year(2027), TABLES, date(2027, 2, 1), date(2027, 2, 7))
    assert [(one.key, one.due) for one in found] == [
        ("2027-W05/1", date(2027, 2, 2)),
        ("2027-W05/2", date(2027, 2, 5)),
    ]
    two_days: list[Schedule] = [OnDate(Point(4, 22)), OnDate(Point(12, 4))]
    assert [one.key for one in occurrences_of_term(two_days, Term.of_year(2027), TABLES)] == ["2027/1", "2027/2"]
