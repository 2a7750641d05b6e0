"""The tables of days off and named days as people edited them; a year that nobody edited is as shipped."""

from __future__ import annotations

from collections.abc import Iterable

from nianlun.duties.calendar import Holidays, NamedDays, SpecialDay, Tables, named_day
from nianlun.duties.calendar.shipped import holiday_rows, named_day_rules
from nianlun.duties.models import Holiday, NamedDay


def current_tables(years: Iterable[int]) -> Tables:
    """The tables for plans of these years, with the years on both sides."""
    wanted = sorted({near for year in years for near in (year - 1, year, year + 1)})
    stored = list(Holiday.objects.filter(day__year__in=wanted))
    edited_years = {row.day.year for row in stored}
    rows = [SpecialDay(row.day, not row.off, row.name, row.tentative) for row in stored]
    rows += holiday_rows(year for year in wanted if year not in edited_years)
    rules = {rule.name: rule for rule in named_day_rules()}
    for row in NamedDay.objects.filter(edited=True):
        entry = {
            "name": row.name, "when": row.when, "aliases": row.aliases, "days": row.days, "tentative": row.tentative,
        }  # fmt: skip
        rules[row.name] = named_day(entry)
    return Tables(Holidays(rows), NamedDays.of(rules.values()))
