"""The public holidays that the law itself gives, for years whose notice has not been issued (暂定)."""

from __future__ import annotations

from datetime import date, timedelta

from nianlun.duties.calendar.lunar import lunar_day, solar_term
from nianlun.duties.calendar.working_days import SpecialDay

# 全国年节及纪念日放假办法 as revised on 2024-11-10: from 2025 除夕 and 2 May are days off too.
FOUR_DAYS_OF_SPRING_FROM = 2025


def statutory_days(year: int) -> list[SpecialDay]:
    """The days off that are certain in any year, without the swaps and make-up working days that a notice adds."""
    longer = year >= FOUR_DAYS_OF_SPRING_FROM
    new_year = lunar_day(year, 1, 1)
    holidays: list[tuple[str, date, int]] = [
        ("元旦", date(year, 1, 1), 1),
        ("春节", new_year - timedelta(days=1) if longer else new_year, 4 if longer else 3),
        ("清明节", solar_term(year, "清明"), 1),
        ("劳动节", date(year, 5, 1), 2 if longer else 1),
        ("端午节", lunar_day(year, 5, 5), 1),
        ("中秋节", lunar_day(year, 8, 15), 1),
        ("国庆节", date(year, 10, 1), 3),  # last: where 中秋 falls on one of its days, the day is 国庆节's
    ]
    days = {start + timedelta(days=offset): name for name, start, length in holidays for offset in range(length)}
    return [SpecialDay(day, works=False, holiday=name, tentative=True) for day, name in sorted(days.items())]
