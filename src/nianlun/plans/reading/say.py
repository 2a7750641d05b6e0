"""A schedule said back in Chinese, in words that the reader understands as the same schedule."""

from __future__ import annotations

from nianlun.kernel.weekdays import WEEKDAYS
from nianlun.plans.reading.numerals import count_words
from nianlun.plans.reading.schedule import Deadline, Every, Named, OnDate, Part, Point, Schedule, Unit, Window

QUARTERS = "一二三四"
# The word for one period, and for several of them (每月, 每三个月).
PERIODS: dict[Unit, tuple[str, str]] = {
    "day": ("天", "天"),
    "week": ("周", "周"),
    "half_month": ("半月", "个半月"),
    "month": ("月", "个月"),
    "quarter": ("季度", "个季度"),
    "half_year": ("半年", "个半年"),
    "year": ("年", "年"),
}
PART_OF_MONTH: dict[Part, str] = {"start": "初", "mid": "中旬", "end": "底"}
PART_OF_PERIOD: dict[Part, str] = {"start": "初", "mid": "中期", "end": "末"}
PART_OF_QUARTER: dict[Part, str] = {"start": "首月", "mid": "第二个月", "end": "末"}
NTH: dict[Part, str] = {"start": "第一个", "mid": "第三个", "end": "最后一个"}
RELS = {"before": "前", "during": "期间", "after": "后"}


def say(schedule: Schedule) -> str:
    """What the schedule means, as one would say it: 每半月一次, 每年5月、10月各一次, 6月底前, 春节前, 逢双月一次."""
    match schedule:
        case Every():
            return _every(schedule)
        case OnDate(at):
            return _point(at)
        case Window(start, end):
            return _window(start, end)
        case Deadline(by):
            return _point(by) + "前"
        case Named(name, rel):
            return name + (RELS[rel] if rel else "")


def _every(every: Every) -> str:
    if every.months:
        return _in_months(every)
    return _period(every) + _place_in_period(every) + _times(every)


def _in_months(every: Every) -> str:
    """A yearly count in named months: 各 where it falls on them evenly."""
    months = "、".join(f"{month}月" for month in every.months)
    years = "每年" if every.interval == 1 else f"每{count_words(every.interval)}年的"
    if every.times % len(every.months):
        return f"{years}{months}共{count_words(every.times)}次"
    each = "各" if len(every.months) > 1 else ""
    return f"{years}{months}{each}{count_words(every.times // len(every.months))}次"


def _period(every: Every) -> str:
    one, several = PERIODS[every.unit]
    phase = every.on.phase if every.on else None
    if phase and every.interval <= 2:
        return f"逢{'双' if phase == 'even' else '单'}{one}"
    if every.interval == 1:
        return f"每{one}"
    return f"每{count_words(every.interval)}{several}"


def _place_in_period(every: Every) -> str:
    """On which weekday, day or part of its period it falls."""
    on = every.on
    if on is None:
        return ""
    if on.weekday is not None and every.unit == "week":
        weekday = WEEKDAYS[on.weekday - 1]
        return f"周{weekday}" if every.interval > 1 or on.phase else weekday
    if on.weekday is not None:
        return f"{NTH[on.part or 'start']}周{WEEKDAYS[on.weekday - 1]}"
    if on.day is not None:
        return f"{on.day}日前"
    if on.part is None:
        return ""
    if every.unit == "quarter":
        return PART_OF_QUARTER[on.part]
    return (PART_OF_MONTH if every.unit == "month" else PART_OF_PERIOD)[on.part]


def _times(every: Every) -> str:
    on = every.on
    if every.times == 1 and on is not None and (on.weekday or on.day):
        return ""
    return f"{count_words(every.times)}次"


def _point(point: Point) -> str:
    """A place in the year; the year itself only where it is not the plan's."""
    year = "次年" if point.next_year else "上年" if point.prev_year else ""
    if point.month == 12 and point.part == "end" and point.day is None and not year:
        return "年底"
    day = f"{point.day}日" if point.day else PART_OF_MONTH[point.part] if point.part else ""
    return f"{year}{point.month}月{day}"


def _window(start: Point, end: Point) -> str:
    """A half-year or a quarter by its name, any other stretch by its two ends."""
    if start == Point(start.month) and end == Point(end.month):
        if (start.month, end.month) in ((1, 6), (7, 12)):
            return "上半年" if start.month == 1 else "下半年"
        if start.month % 3 == 1 and end.month == start.month + 2:
            return f"第{QUARTERS[start.month // 3]}季度"
    return f"{_point(start)}至{_point(end)}"
