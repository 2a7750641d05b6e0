"""The calendar of duties: which occurrences a schedule has in a plan's year; pure Python, no Django, no clock."""

from nianlun.duties.calendar.labels import label
from nianlun.duties.calendar.model import Daily, Mark, Occurrence, Tables, Term, due_between, open_between
from nianlun.duties.calendar.named_days import NamedDay, NamedDays, RuleError, named_day
from nianlun.duties.calendar.occurrences import occurrences, occurrences_of_term
from nianlun.duties.calendar.plan_year import schedules_of, year_of
from nianlun.duties.calendar.spans import Span
from nianlun.duties.calendar.working_days import HolidayRun, Holidays, SpecialDay

__all__ = [
    "Daily",
    "HolidayRun",
    "Holidays",
    "Mark",
    "NamedDay",
    "NamedDays",
    "Occurrence",
    "RuleError",
    "Span",
    "SpecialDay",
    "Tables",
    "Term",
    "due_between",
    "label",
    "named_day",
    "occurrences",
    "occurrences_of_term",
    "open_between",
    "schedules_of",
    "year_of",
]
