"""What the calendar is asked with and what it answers: the term, the tables, an occurrence and its marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from nianlun.duties.calendar.named_days import NamedDays
from nianlun.duties.calendar.spans import Span
from nianlun.duties.calendar.working_days import Holidays
from nianlun.plans.reading.schedule import Schedule

Daily = Literal["working", "all"]


class Mark(StrEnum):
    """What a page must say beside a due day."""

    MOVED = "moved"
    NO_WORKING_DAY = "no_working_day"
    DAY_OFF = "day_off"
    UNSCHEDULED = "unscheduled"
    UNKNOWN_NAME = "unknown_name"
    NO_SUCH_DAY = "no_such_day"
    TENTATIVE = "tentative"

    @property
    def label(self) -> str:
        return MARK_LABELS[self]


MARK_LABELS: dict[Mark, str] = {
    Mark.MOVED: "遇休息日提前",
    Mark.NO_WORKING_DAY: "期内无工作日",
    Mark.DAY_OFF: "当天休息",
    Mark.UNSCHEDULED: "未写时限，按年底",
    Mark.UNKNOWN_NAME: "日历中没有这个日子，按年底",
    Mark.NO_SUCH_DAY: "本年没有这一天，按年底",
    Mark.TENTATIVE: "暂定",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A plan's year, normally 1 January to 31 December; a duty may begin later (`since`) or end earlier (`until`)."""

    plan: Span
    since: date | None = None
    until: date | None = None

    @classmethod
    def of_year(cls, year: int, since: date | None = None, until: date | None = None) -> Term:
        return cls(Span(date(year, 1, 1), date(year, 12, 31)), since, until)

    @property
    def year(self) -> int:
        """The year by which the plan is called."""
        return self.plan.start.year

    def year_of_month(self, month: int) -> int:
        """The year in which that month lies within the plan."""
        crosses = self.plan.end.year > self.year and month < self.plan.start.month
        return self.year + 1 if crosses else self.year

    def clip(self, window: Span) -> Span | None:
        """The window as far as the duty is in force, or None; a plan's own bounds cut nothing here.

        They must not: the first and last weeks of a year reach over them and belong to one year whole.
        """
        late = self.since is not None and self.since > self.plan.start
        early = self.until is not None and self.until < self.plan.end
        start = max(window.start, self.since) if late and self.since else window.start
        end = min(window.end, self.until) if early and self.until else window.end
        return Span(start, end) if start <= end else None


@dataclass(frozen=True, slots=True)
class Tables:
    """The editable tables: days off and make-up working days, and the named days of the year."""

    holidays: Holidays
    named_days: NamedDays


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a duty is due; told apart from the duty's other ones by period key and k, never by its date."""

    period_key: str
    k: int
    window_start: date
    window_end: date
    due: date
    marks: frozenset[Mark] = frozenset()
    schedule: Schedule | None = None

    @property
    def key(self) -> str:
        """Stable within the duty: 2027-W05/1."""
        return f"{self.period_key}/{self.k}"


def due_between(occurrences: Sequence[Occurrence], since: date, until: date) -> list[Occurrence]:
    """Those due from `since` to `until`, both included: neighbouring ranges share none and miss none."""
    return [one for one in occurrences if since <= one.due <= until]


def open_between(occurrences: Sequence[Occurrence], since: date, until: date) -> list[Occurrence]:
    """Those whose window touches the days from `since` to `until`: what a calendar page shows as a bar."""
    return [one for one in occurrences if one.window_start <= until and one.window_end >= since]
