"""Which days are worked, as the holiday table says today."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from nianlun.duties.calendar.working_days import Holidays
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import today


class WorkingDays:
    """Answers for time limits in working days; the table is asked for when the first of them asks."""

    def __call__(self, day: date) -> bool:
        return self._holidays.is_working(day)

    @cached_property
    def _holidays(self) -> Holidays:
        return current_tables([today().year]).holidays
