"""How an occurrence stands, told from its own columns: late or in time, entered late, and how its due day is said."""

from __future__ import annotations

from datetime import date

from nianlun.duties.calendar import Mark
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel.clock import day_of
from nianlun.kernel.weekdays import weekday


def late_days(one: Occurrence, day: date) -> int:
    """How many days an open occurrence is past the day it is to be done; 0 where it is not."""
    return max(0, (day - one.act_on).days) if one.status == OccurrenceStatus.OPEN else 0


def in_time(one: Occurrence) -> bool:
    """Whether work that is done was done by its day; the day that it was entered says nothing of that."""
    return one.done_on is not None and one.done_on <= one.act_on


def entered_late(one: Occurrence) -> bool:
    """Done in time, but entered only after its day (补录)."""
    return in_time(one) and one.recorded_at is not None and day_of(one.recorded_at) > one.act_on


def said(day: date, beside: date | None = None) -> str:
    """The day as people say it; the year only where it is not that of `beside`."""
    year = f"{day.year}年" if beside is not None and day.year != beside.year else ""
    return f"{year}{day.month}月{day.day}日"


def due_said(one: Occurrence, day: date) -> str:
    """The window or due day said plainly: 12月3日（周四）, 12月1日起，12月31日前, 延至…（原…）."""
    if one.postponed_to is not None:
        return f"延至{said(one.postponed_to, day)}（{weekday(one.postponed_to)}），原{said(one.due_on, day)}"
    if one.window_start == one.due_on:
        return f"{said(one.due_on, day)}（{weekday(one.due_on)}）"
    until = f"{said(one.due_on, day)}（{weekday(one.due_on)}）前"
    return until if one.window_start <= day else f"{said(one.window_start, day)}起，{until}"


def marks_said(one: Occurrence) -> list[str]:
    """What must be said beside the day: 遇休息日提前, 暂定, …"""
    return [Mark(mark).label for mark in one.marks]
