"""The tables of days off and named days as people edited them; a year or a name that nobody edited is as shipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nianlun.duties.calendar import Holidays, NamedDays, SpecialDay, Tables, named_day
from nianlun.duties.calendar import NamedDay as Rule
from nianlun.duties.calendar.shipped import holiday_rows, named_day_rules
from nianlun.duties.models import Holiday, HolidayYear, NamedDay


@dataclass(frozen=True, slots=True)
class YearTable:
    """The days off and make-up working days of one calendar year, by date, and how far they are people's own."""

    year: int
    rows: list[Holiday]
    edited: bool
    revision: int

    @property
    def tentative(self) -> bool:
        return any(row.tentative for row in self.rows)


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A named day as it holds: its rule, whether people changed it, and whether it came with the product."""

    rule: Rule
    edited: bool
    shipped: bool
    revision: int


def current_tables(years: Iterable[int]) -> Tables:
    """The tables for plans of these years, with the years on both sides."""
    wanted = sorted({near for year in years for near in (year - 1, year, year + 1)})
    own = set(HolidayYear.objects.filter(year__in=wanted, edited=True).values_list("year", flat=True))
    rows = [row for row in holiday_rows(wanted) if row.day.year not in own]
    rows += [special(row) for row in Holiday.objects.filter(day__year__in=own)] if own else []
    return Tables(Holidays(rows), NamedDays.of(row.rule for row in named_rows()))


def special(row: Holiday) -> SpecialDay:
    """A stored row as the calendar reads it."""
    return SpecialDay(row.day, not row.off, row.name, row.tentative)


def shipped_year(year: int, revision: int = 0) -> list[Holiday]:
    """The rows of a calendar year that come with the product, unsaved; also those that a neighbouring notice gives."""
    rows = Holidays(holiday_rows((year - 1, year, year + 1))).rows
    return [
        Holiday(day=row.day, name=row.holiday, off=not row.works, tentative=row.tentative, revision=revision)
        for row in rows
        if row.day.year == year
    ]


def year_table(year: int) -> YearTable:
    """The year as it holds now."""
    known = HolidayYear.objects.filter(year=year).first() or HolidayYear(year=year)
    rows = list(Holiday.objects.filter(day__year=year)) if known.edited else shipped_year(year, known.revision)
    return YearTable(year, rows, known.edited, known.revision)


def named_rows() -> list[NamedRow]:
    """Every named day: those shipped in their order, changed where people changed them, then those people added."""
    stored = {row.name: row for row in NamedDay.objects.all()}
    found = []
    for rule in named_day_rules():
        row = stored.pop(rule.name, None)
        own = row is not None and row.edited
        found.append(NamedRow(rule_of(row) if row and own else rule, own, True, row.revision if row else 0))
    found += [NamedRow(rule_of(row), True, False, row.revision) for row in stored.values() if row.edited]
    return found


def rule_of(row: NamedDay) -> Rule:
    """A stored row as a rule; raises RuleError where its `when` has none of the forms."""
    entry = {
        "name": row.name, "when": row.when, "aliases": row.aliases, "days": row.days, "tentative": row.tentative,
    }  # fmt: skip
    return named_day(entry)
