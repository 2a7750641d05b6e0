"""The days of the week in Chinese, Monday first."""

from __future__ import annotations

from datetime import date

WEEKDAYS = "一二三四五六日"


def weekday(day: date) -> str:
    """周一 to 周日."""
    return "周" + WEEKDAYS[day.weekday()]
