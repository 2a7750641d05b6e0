"""Days of the lunar calendar and solar terms, as days of the solar calendar (Beijing time)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from lunar_python import LunarYear, Solar

TERMS = (
    "冬至", "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种",
    "夏至", "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪",
)  # fmt: skip
# LunarYear lists the terms from 大雪 of the year before; the 24 of one solar year begin with its 小寒.
_FIRST_TERM_OF_YEAR = 2


def _solar(julian_day: float) -> date:
    solar = Solar.fromJulianDay(julian_day)
    return date(solar.getYear(), solar.getMonth(), solar.getDay())


@lru_cache(maxsize=256)
def _months(lunar_year: int) -> dict[int, tuple[date, int]]:
    """Month number -> (its first day, its length) of a lunar year; a leap month has a negative number."""
    return {
        month.getMonth(): (_solar(month.getFirstJulianDay()), month.getDayCount())
        for month in LunarYear.fromYear(lunar_year).getMonths()
        if month.getYear() == lunar_year
    }


@lru_cache(maxsize=4096)
def lunar_day(lunar_year: int, month: int, day: int) -> date:
    """Day `day` of that lunar month; -1, and a 30th that the month does not have, is the month's last day."""
    first, length = _months(lunar_year)[month]
    return first + timedelta(days=(length if day == -1 else min(day, length)) - 1)


def lunar_days_in(year: int, month: int, day: int) -> list[date]:
    """The days of the solar year that are that lunar day: normally one, near the turn of the year none or two."""
    return [found for lunar_year in (year - 1, year) if (found := lunar_day(lunar_year, month, day)).year == year]


@lru_cache(maxsize=4096)
def solar_term(year: int, term: str) -> date:
    """The day of that term in the solar year; raises ValueError for a name that is no term."""
    index = (TERMS.index(term) - 1) % 24 + _FIRST_TERM_OF_YEAR
    return _solar(LunarYear.fromYear(year).getJieQiJulianDays()[index])
