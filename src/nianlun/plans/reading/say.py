"""A schedule in Chinese words: what the calendar will make of it, so that its maker can check it by reading."""

from __future__ import annotations

from nianlun.plans.reading.schedule import Deadline, Every, Named, On, OnDate, Point, Schedule, Unit, Window

# The word for one period, and for several of them (每月, 每2个月).
PERIODS: dict[Unit, tuple[str, str]] = {
    "day": ("天", "天"),
    "week": ("周", "周"),
    "half_month": ("半个月", "个半月"),
    "month": ("月", "个月"),
    "quarter": ("季度", "个季度"),
    "half_year": ("半年", "个半年"),
    "year": ("年", "年"),
}
THIRDS = {"start": "上旬", "mid": "中旬", "end": "下旬"}
OF_PERIOD = {"start": "初", "mid": "中", "end": "末"}
WEEKDAYS = "一二三四五六日"
RELS = {"before": "之前", "during": "期间", "after": "之后"}


def say(schedule: Schedule) -> str:
    """What the schedule means, as one would say it: 每季度1次（季度末）, 6月底前, 3月至5月, 春节之前."""
    match schedule:
        case Every():
            return _every(schedule)
        case OnDate(at):
            return _point(at)
        case Window(start, end):
            return f"{_point(start)}至{_point(end)}"
        case Deadline(by):
            return f"{_point(by, end='底')}前"
        case Named(name, rel):
            return name + (RELS[rel] if rel else "")


def _every(schedule: Every) -> str:
    one, several = PERIODS[schedule.unit]
    period = f"每{one}" if schedule.interval == 1 else f"每{schedule.interval}{several}"
    on = schedule.on
    if on is not None and on.phase is not None and schedule.interval == 1:
        period = f"逢{'单' if on.phase == 'odd' else '双'}{one}"
    details = [detail for detail in (_on(on, schedule.unit), _months(schedule.months)) if detail]
    return f"{period}{schedule.times}次" + (f"（{'，'.join(details)}）" if details else "")


def _on(on: On | None, unit: Unit) -> str:
    """Where in its period it falls."""
    if on is None:
        return ""
    words = []
    if on.part is not None:
        words.append(THIRDS[on.part] if unit == "month" else f"{PERIODS[unit][0]}{OF_PERIOD[on.part]}")
    if on.weekday is not None:
        words.append(f"周{WEEKDAYS[on.weekday - 1]}")
    if on.day is not None:
        words.append(f"{on.day}日")
    return "".join(words)


def _months(months: tuple[int, ...]) -> str:
    return f"{'、'.join(map(str, months))}月" if months else ""


def _point(point: Point, *, end: str = "下旬") -> str:
    """A place in the year; `end` is the word for the last third of a month."""
    year = "次年" if point.next_year else "上年" if point.prev_year else ""
    if point.day is not None:
        return f"{year}{point.month}月{point.day}日"
    part = "" if point.part is None else end if point.part == "end" else THIRDS[point.part]
    return f"{year}{point.month}月{part}"
