"""Days off and make-up working days: as announced for past years, by law alone (暂定) for the coming ones."""

from __future__ import annotations

from datetime import date

import pytest
from scripts.make_holidays import days_of

from nianlun.duties.calendar import Holidays, Span, SpecialDay
from nianlun.duties.calendar.shipped import announced_years, holiday_rows
from nianlun.duties.calendar.statutory import statutory_days
from tests.duties.calendar.strategies import TABLES


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2025-01-26", True),  # a Sunday worked for 春节
        ("2025-02-04", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-09-20", True),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-11-22", False),
        ("2026-11-23", True),
        ("2027-02-05", False),
        ("2027-02-08", False),
        ("2027-02-09", True),
    ],
)
def test_a_day_is_worked_or_off_as_announced(day: str, working: bool) -> None:
    assert TABLES.holidays.is_working(date.fromisoformat(day)) is working


@pytest.mark.parametrize("year", announced_years())
def test_the_shipped_table_is_what_the_library_knows(year: int) -> None:
    off, worked = days_of(year)
    rows = holiday_rows([year])
    assert {row.day: row.holiday for row in rows if not row.works} == off
    assert {row.day: row.holiday for row in rows if row.works} == worked


def test_years_without_a_notice_are_tentative_and_have_no_make_up_days() -> None:
    assert announced_years() == list(range(2020, 2027))
    assert not any(row.tentative for row in holiday_rows([2026]))
    coming = holiday_rows([2027])
    assert all(row.tentative and not row.works for row in coming)
    assert len(coming) == 13
    assert len(statutory_days(2024)) == 11
    assert len(statutory_days(2028)) == 12  # 中秋节 falls on 3 October


@pytest.mark.parametrize(
    ("year", "runs"),
    [
        (
            2026,
            "元旦 01-01 01-03|春节 02-15 02-23|清明节 04-04 04-06|劳动节 05-01 05-05|端午节 06-19 06-21|"
            "中秋节 09-25 09-27|国庆节 10-01 10-07",
        ),
        (
            2025,
            "元旦 01-01 01-01|春节 01-28 02-04|清明节 04-04 04-06|劳动节 05-01 05-05|端午节 05-31 06-02|"
            "国庆节 10-01 10-08",
        ),
        (
            2023,
            "元旦 12-31 01-02|春节 01-21 01-27|清明节 04-05 04-05|劳动节 04-29 05-03|端午节 06-22 06-24|"
            "国庆节 09-29 10-06",
        ),
    ],
)
def test_a_public_holiday_is_its_days_off_with_the_weekend_that_touches_them(year: int, runs: str) -> None:
    found = [run for run in TABLES.holidays.runs(date(year - 1, 12, 31), date(year, 12, 30)) if run.own.year == year]
    assert "|".join(f"{run.holiday} {run.span.start:%m-%d} {run.span.end:%m-%d}" for run in found) == runs


def test_the_last_working_day_looks_no_further_than_its_span() -> None:
    week_off = Holidays(SpecialDay(day, False, "停工") for day in Span(date(2027, 3, 1), date(2027, 3, 5)).days())
    assert week_off.last_working_day(Span(date(2027, 3, 1), date(2027, 3, 7))) is None
    assert week_off.last_working_day(Span(date(2027, 2, 22), date(2027, 3, 7))) == date(2027, 2, 26)
