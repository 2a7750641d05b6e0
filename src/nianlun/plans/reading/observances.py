"""Festivals, observances, seasons and school holidays by every name that plans give them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

VOCABULARY = Path(__file__).parents[2] / "lines" / "observances.yaml"
"""Lies with the lines of work because it is domain data, shared with the calendar, and editable without code."""


@dataclass(frozen=True, slots=True)
class Observance:
    """One festival, observance or season; `month` and `day` where it falls on the same solar day every year."""

    name: str
    month: int | None
    day: int | None
    lasts: bool


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every observance by name; `by_first` maps a first sign to the aliases that begin with it, longest first."""

    by_alias: dict[str, Observance]
    by_short: dict[str, Observance]
    by_first: dict[str, tuple[str, ...]] = field(repr=False)


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary, read once."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries: list[dict[str, Any]] = yaml.load(VOCABULARY.read_text(encoding="utf-8"), Loader=loader)
    by_alias: dict[str, Observance] = {}
    by_short: dict[str, Observance] = {}
    for entry in entries:
        when = entry["when"]
        observance = Observance(entry["name"], when.get("month"), when.get("day"), "to" in when)
        for alias in (entry["name"], *entry.get("aliases", ())):
            by_alias[alias] = observance
        for alias in entry.get("short", ()):
            by_short[alias] = observance
    by_first: dict[str, list[str]] = {}
    for alias in {*by_alias, *by_short}:
        by_first.setdefault(alias[0], []).append(alias)
    ordered = {sign: tuple(sorted(aliases, key=lambda a: (-len(a), a))) for sign, aliases in by_first.items()}
    return Vocabulary(by_alias, by_short, ordered)
