"""The tables that come with the product, from its data files: they seed the editable ones and serve the command."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from nianlun.duties.calendar.model import Tables
from nianlun.duties.calendar.named_days import NamedDay, NamedDays, named_day
from nianlun.duties.calendar.statutory import statutory_days
from nianlun.duties.calendar.working_days import Holidays, SpecialDay


def _load(room: str, name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where libyaml is there
    return yaml.load(files(f"nianlun.{room}").joinpath(name).read_text(encoding="utf-8"), Loader=loader)


@lru_cache(maxsize=1)
def _announced() -> Mapping[int, Mapping[str, Mapping[str, list[date]]]]:
    table: Mapping[int, Mapping[str, Mapping[str, list[date]]]] = _load("duties", "holidays.yaml")
    return table


def announced_years() -> list[int]:
    """The years whose days off are known as announced."""
    return sorted(_announced())


def holiday_rows(years: Iterable[int]) -> list[SpecialDay]:
    """The holiday table of these years: as announced where that is known, else the statutory days, 暂定."""
    rows: list[SpecialDay] = []
    for year in years:
        table = _announced().get(year)
        if table is None:
            rows += statutory_days(year)
            continue
        for title, works in (("days_off", False), ("days_worked", True)):
            rows += [SpecialDay(day, works, name) for name, days in table[title].items() for day in days]
    return rows


@lru_cache(maxsize=1)
def named_day_rules() -> tuple[NamedDay, ...]:
    """The named days of lines/observances.yaml."""
    return tuple(named_day(entry) for entry in _load("lines", "observances.yaml"))


@lru_cache(maxsize=64)
def shipped_tables(year: int) -> Tables:
    """The tables for a plan of that year, with the years on both sides."""
    return Tables(Holidays(holiday_rows(range(year - 1, year + 2))), NamedDays.of(named_day_rules()))
