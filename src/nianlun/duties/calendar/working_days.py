"""Which days are worked: Monday to Friday, except as the holiday table says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nianlun.duties.calendar.spans import DAY, Span


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A row of the holiday table: a day off that belongs to a public holiday, or a weekend day worked in exchange."""

    day: date
    works: bool
    holiday: str
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class HolidayRun:
    """A public holiday as people spend it: its days off together with the weekend days that touch them.

    `own` is the last of its own days, which lies in the year that it is a holiday of (元旦 may begin in December).
    """

    holiday: str
    own: date
    span: Span
    tentative: bool


class Holidays:
    """The holiday table of all years concerned."""

    def __init__(self, rows: Iterable[SpecialDay] = ()) -> None:
        self._rows = {row.day: row for row in rows}
        self._runs = self._find_runs()

    @property
    def rows(self) -> list[SpecialDay]:
        """The table by date."""
        return sorted(self._rows.values(), key=lambda row: row.day)

    def row(self, day: date) -> SpecialDay | None:
        return self._rows.get(day)

    def is_working(self, day: date) -> bool:
        row = self._rows.get(day)
        return day.weekday() < 5 if row is None else row.works

    def is_tentative(self, day: date) -> bool:
        """Whether the table has the day, but not yet as announced (暂定)."""
        row = self._rows.get(day)
        return row is not None and row.tentative

    def last_working_day(self, span: Span) -> date | None:
        """The last working day of the span, or None where all its days are off."""
        day = span.end
        while day >= span.start:
            if self.is_working(day):
                return day
            day -= DAY
        return None

    def runs(self, since: date, until: date) -> list[HolidayRun]:
        """The public holidays that touch these days, in order."""
        return [run for run in self._runs if run.span.start <= until and run.span.end >= since]

    def _find_runs(self) -> list[HolidayRun]:
        runs: list[HolidayRun] = []
        last: date | None = None
        for day in sorted(row.day for row in self._rows.values() if not row.works):
            if last is not None and day <= last:
                continue
            start = last = day
            while not self.is_working(start - DAY):
                start -= DAY
            while not self.is_working(last + DAY):
                last += DAY
            runs.append(self._run(Span(start, last)))
        return runs

    def _run(self, span: Span) -> HolidayRun:
        """A run that two holidays share is called by the one with more days, so that it is one holiday and not two."""
        rows = [row for row in map(self._rows.get, span.days()) if row is not None]
        name = Counter(row.holiday for row in rows).most_common(1)[0][0]
        own = max(row.day for row in rows if row.holiday == name)
        return HolidayRun(name, own, span, any(row.tentative for row in rows))
