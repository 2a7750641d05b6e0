"""Period keys in the words of a page: 2027-W05 is 第5周 (2/1–2/7), 2027-03a is 3月上半月."""

from __future__ import annotations

import re
from datetime import date

from nianlun.duties.calendar.spans import week_span
from nianlun.kernel.weekdays import weekday

QUARTERS = "一二三四"
SHAPE = re.compile(r"(?P<year>\d{4})(?:-(?P<rest>.+))?")
MONTH = re.compile(r"(?P<month>\d{2})(?P<half>[ab])?")


def label(period_key: str) -> str:
    """The period without its year where that can be told from the page; raises ValueError for what is no period key."""
    shape = SHAPE.fullmatch(period_key)
    if shape is None:
        raise ValueError(f"no period key: {period_key!r}")
    year, rest = int(shape["year"]), shape["rest"]
    if rest is None:
        return f"{year}年"
    if re.fullmatch(r"W\d{2}", rest):
        week = week_span(date.fromisocalendar(year, int(rest[1:]), 1))
        return f"第{int(rest[1:])}周 ({_short(week.start)}–{_short(week.end)})"
    if re.fullmatch(r"Q[1-4]", rest):
        return f"第{QUARTERS[int(rest[1]) - 1]}季度"
    if re.fullmatch(r"H[12]", rest):
        return "上半年" if rest == "H1" else "下半年"
    if month := MONTH.fullmatch(rest):
        return f"{int(month['month'])}月" + {"a": "上半月", "b": "下半月", None: ""}[month["half"]]
    if re.fullmatch(r"\d{2}-\d{2}", rest):
        day = date.fromisoformat(period_key)
        return f"{day.month}月{day.day}日 {weekday(day)}"
    return rest


def _short(day: date) -> str:
    return f"{day.month}/{day.day}"
