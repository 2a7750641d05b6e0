"""When festivals, observances, seasons and school holidays fall: rules by name, with what a year overrides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeAlias

from nianlun.duties.calendar.lunar import TERMS, lunar_days_in, solar_term
from nianlun.duties.calendar.spans import Span, day_of_month, month_span, week_span


class RuleError(ValueError):
    """The `when` of a named day cannot be understood."""


class Recurring(StrEnum):
    """Names that stand for many days of a year, found in the calendar itself."""

    WEEKENDS = "weekends"
    HOLIDAYS = "holidays"
    WORKDAYS = "workdays"


@dataclass(frozen=True, slots=True)
class SolarDay:
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class SolarRange:
    """Both ends included; an end before the start lies in the next year."""

    start: SolarDay
    end: SolarDay


@dataclass(frozen=True, slots=True)
class LunarDay:
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class TermDay:
    term: str


@dataclass(frozen=True, slots=True)
class NthWeekday:
    month: int
    weekday: int
    nth: int


@dataclass(frozen=True, slots=True)
class WeekOf:
    day: SolarDay


When: TypeAlias = SolarDay | SolarRange | LunarDay | TermDay | NthWeekday | WeekOf | Recurring


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A rule: what it is called, when it falls, how many days running, and whether each year sets it anew."""

    name: str
    when: When
    days: int = 1
    tentative: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def is_stretch(self) -> bool:
        """Whether it is a time to work in (a week, a month, a season), not a festival that is kept on its day."""
        match self.when:
            case SolarRange() | WeekOf():
                return True
            case NthWeekday():
                return self.days > 1
        return False

    def spans(self, year: int) -> list[Span]:
        """Its spans that begin in the year; [] for recurring names."""
        return list(_spans(self.when, self.days, year))


@lru_cache(maxsize=8192)
def _spans(when: When, days: int, year: int) -> tuple[Span, ...]:
    running = timedelta(days=days - 1)
    starts: list[date]
    match when:
        case SolarDay(month, day):
            starts = [day_of_month(year, month, day)]
        case SolarRange(start, end):
            wraps = (end.month, end.day) < (start.month, start.day)
            last = day_of_month(year + 1 if wraps else year, end.month, end.day)
            return (Span(day_of_month(year, start.month, start.day), last),)
        case LunarDay(month, day):
            starts = lunar_days_in(year, month, day)
        case TermDay(term):
            starts = [solar_term(year, term)]
        case NthWeekday(month, weekday, nth):
            found = [day for day in month_span(year, month).days() if day.isoweekday() == weekday]
            starts = [found[nth - 1 if nth > 0 else nth]]
        case WeekOf(day):
            return (week_span(day_of_month(year, day.month, day.day)),)
        case Recurring():
            return ()
    return tuple(Span(start, start + running) for start in starts)


@dataclass(frozen=True, slots=True)
class NamedDays:
    """The table of named days by name and alias; `overrides` gives the days of (name, year) that a year set anew."""

    rules: Mapping[str, NamedDay]
    overrides: Mapping[tuple[str, int], tuple[Span, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, rules: Iterable[NamedDay], overrides: Mapping[tuple[str, int], tuple[Span, ...]] | None = None
    ) -> NamedDays:
        known = tuple(rules)
        by_alias = {alias: rule for rule in known for alias in rule.aliases}
        return cls(by_alias | {rule.name: rule for rule in known}, overrides or {})

    def rule(self, name: str) -> NamedDay | None:
        return self.rules.get(name)

    def spans(self, rule: NamedDay, year: int) -> list[tuple[Span, bool]]:
        """The days of that rule in the year, each with whether they are still 暂定."""
        if (rule.name, year) in self.overrides:
            return [(span, False) for span in self.overrides[rule.name, year]]
        return [(span, rule.tentative) for span in rule.spans(year)]


def named_day(entry: Mapping[str, Any]) -> NamedDay:
    """Read an entry of observances.yaml; raises RuleError where `when` has none of the forms at that file's head."""
    name, form = entry.get("name"), entry.get("when")
    if not isinstance(name, str) or not isinstance(form, Mapping):
        raise RuleError(f"a named day needs name and when: {entry!r}")
    days = _whole(entry.get("days", 1), 1, 366, name)
    return NamedDay(name, _when(form, name), days, bool(entry.get("tentative")), tuple(entry.get("aliases") or ()))


def _when(form: Mapping[str, Any], name: str) -> When:
    match sorted(form):
        case ["day", "month"]:
            return _solar_day(form, name)
        case ["day", "month", "to"] if isinstance(form["to"], Mapping):
            return SolarRange(_solar_day(form, name), _solar_day(form["to"], name))
        case ["lunar"] if isinstance(form["lunar"], list | tuple) and len(form["lunar"]) == 2:
            month, day = form["lunar"]
            return LunarDay(_whole(month, 1, 12, name), -1 if day == -1 else _whole(day, 1, 30, name))
        case ["term"] if form["term"] in TERMS:
            return TermDay(form["term"])
        case ["month", "nth", "weekday"]:
            nth = form["nth"]
            weekday = _whole(form["weekday"], 1, 7, name)
            return NthWeekday(_whole(form["month"], 1, 12, name), weekday, -1 if nth == -1 else _whole(nth, 1, 4, name))
        case ["week_of"] if isinstance(form["week_of"], Mapping):
            return WeekOf(_solar_day(form["week_of"], name))
        case ["weekends"] | ["holidays"] | ["workdays"]:
            return Recurring(next(iter(form)))
    raise RuleError(f"{name}: no such form of when: {dict(form)!r}")


def _solar_day(form: Mapping[str, Any], name: str) -> SolarDay:
    return SolarDay(_whole(form.get("month"), 1, 12, name), _whole(form.get("day"), 1, 31, name))


def _whole(value: object, low: int, high: int, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise RuleError(f"{name}: {value!r} is not a whole number from {low} to {high}")
    return value
