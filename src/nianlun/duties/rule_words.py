"""When a named day falls, said in Chinese: 每年5月1日起5天, 农历九月初九, 5月第2个周日."""

from __future__ import annotations

from nianlun.duties.calendar import NamedDay, Span
from nianlun.duties.calendar.named_days import (
    LunarDay,
    NthWeekday,
    Recurring,
    SolarDay,
    SolarRange,
    TermDay,
    WeekOf,
)
from nianlun.kernel.weekdays import WEEKDAYS, weekday

LUNAR_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
TENS = ("初", "十", "廿", "三")
ONES = "十一二三四五六七八九"
ROUND = {10: "初十", 20: "二十", 30: "三十"}
RECURRING = {
    Recurring.WEEKENDS: "每个周六、周日",
    Recurring.HOLIDAYS: "每个法定节假日",
    Recurring.WORKDAYS: "每个工作日",
}
LONG_TENTATIVE = "，每年另行公布"


def lunar_day_said(day: int) -> str:
    """初一 to 三十; -1 is the month's last day."""
    if day == -1:
        return "最后一天"
    return ROUND.get(day) or TENS[day // 10] + ONES[day % 10]


def rule_said(rule: NamedDay) -> str:
    """The whole rule in one phrase."""
    running = f"起{rule.days}天" if rule.days > 1 else ""
    match rule.when:
        case SolarDay() as day:
            said = f"每年{_solar(day)}"
        case SolarRange(start, end):
            wraps = "次年" if (end.month, end.day) < (start.month, start.day) else ""
            said = f"每年{_solar(start)}至{wraps}{_solar(end)}"
            running = ""
        case LunarDay(month, number):
            said = f"农历{LUNAR_MONTHS[month - 1]}月{lunar_day_said(number)}"
        case TermDay(term):
            said = f"{term}（节气）当天"
        case NthWeekday(month, weekday, nth):
            which = "最后一个" if nth == -1 else f"第{nth}个"
            said = f"每年{month}月{which}周{WEEKDAYS[weekday - 1]}"
        case WeekOf(day):
            said = f"每年{_solar(day)}所在的一周"
            running = ""
        case Recurring() as often:
            return RECURRING[often]
    return said + running + (LONG_TENTATIVE if rule.tentative else "")


def span_said(span: Span) -> str:
    """The days of one year: 5月1日（周六）, 5月1日—5月5日; the year where it ends in another."""
    first = f"{span.start.month}月{span.start.day}日"
    if span.start == span.end:
        return f"{first}（{weekday(span.start)}）"
    year = f"{span.end.year}年" if span.end.year != span.start.year else ""
    return f"{first}—{year}{span.end.month}月{span.end.day}日"


def _solar(day: SolarDay) -> str:
    return f"{day.month}月{day.day}日"
