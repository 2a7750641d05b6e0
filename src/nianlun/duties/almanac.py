"""How a day is called in the lunar calendar: a festival or solar term by name, the first by its month, else the day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from lunar_python import Solar


@lru_cache(maxsize=1024)
def lunar_label(day: date) -> str:
    """What a calendar's cell shows under the number: 十四, 冬月 on a first, 冬至, 中秋节."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    festivals: list[str] = lunar.getFestivals()
    if festivals:
        return festivals[0]
    if term := str(lunar.getJieQi()):
        return term
    return f"{lunar.getMonthInChinese()}月" if lunar.getDay() == 1 else str(lunar.getDayInChinese())


@lru_cache(maxsize=64)
def lunar_date(day: date) -> str:
    """The lunar month and day: 十月十四."""
    lunar = Solar.fromYmd(day.year, day.month, day.day).getLunar()
    return f"{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"
