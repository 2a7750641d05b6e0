"""The week as a sheet of paper and as plain text for the chat group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from nianlun.duties.almanac import lunar_label
from nianlun.duties.calendar import Holidays
from nianlun.duties.desk import WHOSE_ALL, WHOSE_NONE, Desk, Group, Row, grouped, week_start
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel.weekdays import weekday
from nianlun.places.lines import LINE_TITLES

LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class WeekDay:
    """A day of the sheet with what is to be done by it."""

    day: date
    lunar: str
    off: bool
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday, and what is late before it."""

    start: date
    days: list[WeekDay]
    late: list[Group]  # a duty that is late several times stands once
    with_people: bool

    @property
    def end(self) -> date:
        return self.start + timedelta(days=6)

    @property
    def empty(self) -> bool:
        return not self.late and not any(day.rows for day in self.days)


def week_of(desk: Desk, start: date, holidays: Holidays) -> Week:
    """The open work of a week as the desk sees it; what is late stands in the current week only."""
    start = week_start(start)
    end = start + timedelta(days=6)
    found = (
        Occurrence.objects.filter(desk.scope(), community=desk.community, status=OccurrenceStatus.OPEN, act_on__lte=end)
        .select_related("duty", "duty__created_by", "taken_by", "handed_by")
        .order_by("act_on", "line", "pk")
    )
    current = start == week_start(desk.day)
    if not current:
        found = found.filter(act_on__gte=start)
    rows = desk.rows_of(found)
    late = [row for row in rows if row.one.act_on < (desk.day if current else start)]
    days = []
    for offset in range(7):
        day = start + timedelta(days=offset)
        of_day = [row for row in rows if row.one.act_on == day and row not in late]
        days.append(WeekDay(day, lunar_label(day), not holidays.is_working(day), of_day))
    return Week(start, days, grouped(late), desk.whose in (WHOSE_ALL, WHOSE_NONE))


def short(title: str) -> str:
    """A plan's sentence, cut for a list."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1] + "…"


def as_text(week: Week, heading: str) -> str:
    """What is pasted into the chat group: a heading, then each day's work, numbered through."""
    lines = [f"{heading}（{week.start.month}月{week.start.day}日—{week.end.month}月{week.end.day}日）"]
    number = 0

    def add(title: str, groups: list[Group], late: bool) -> None:
        nonlocal number
        if not groups:
            return
        lines.extend(["", f"【{title}】"])
        for group in groups:
            row, number = group.first, number + 1
            notes = [late_said(group)] if late else []
            notes += [row.people or "待分工"] if week.with_people else [row.behalf] if row.behalf else []
            notes += ["计划外"] if row.outside_plan else []
            words = f"{number}. {LINE_TITLES.get(row.one.line, row.one.line)}｜{short(row.one.duty.title)}"
            lines.append(words + (f"（{'；'.join(notes)}）" if notes else ""))

    add("逾期未办", week.late, True)
    for day in week.days:
        add(f"{weekday(day.day)} {day.day.month}月{day.day.day}日", grouped(day.rows), False)
    if number == 0:
        lines.extend(["", "本周没有到期的任务。"])
    return "\n".join(lines)


def late_said(group: Group) -> str:
    """逾期3天, or for a duty that is late several times 6次，最早逾期39天."""
    return group.first.when if not group.more else f"{group.times}次，最早{group.first.when}"
