"""What no ledger may ask, whoever wants it: a declaration that does is not loaded, and says why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.source import Source

TABLE = Path(__file__).with_name("refusals.yaml")


def _rules() -> list[tuple[re.Pattern[str], re.Pattern[str] | None, str]]:
    read = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        (re.compile(rule["asks"]), re.compile(rule["unless"]) if rule.get("unless") else None, rule["why"])
        for rule in read
    ]


RULES = _rules()


def check_refusals(ledger: Ledger, source: Source) -> None:
    """Titles, helps and choices are read for what decision-makers above like to ask and nobody may."""
    refuse(_said(ledger), source)


def refuse(words: Iterable[tuple[tuple[str | int, ...], str]], source: Source) -> None:
    """Note what may not be asked among words and the paths where they stand."""
    for path, said in words:
        for asks, unless, why in RULES:
            if asks.search(said) and not (unless and unless.search(said)):
                source.fault(Fault.REFUSED, path, said, why)
                break


def _said(ledger: Ledger) -> Iterator[tuple[tuple[str | int, ...], str]]:
    yield ("title",), ledger.title
    yield ("help",), ledger.help
    for place, field in enumerate(ledger.fields):
        yield ("fields", place, "title"), field.title
        yield ("fields", place, "help"), field.help
        yield ("fields", place, "group"), field.group
        for code, title in field.choices.items():
            yield ("fields", place, "choices", code), title
        for number, alias in enumerate(field.aliases):
            yield ("fields", place, "aliases", number), alias
        for inner, column in enumerate(field.columns):
            yield ("fields", place, "columns", inner), f"{column.title} {column.help}"
            for code, title in column.choices.items():
                yield ("fields", place, "columns", inner, "choices", code), title
    for code, state in ledger.flow.states.items():
        yield ("flow", "states", code), state.title
    for place, step in enumerate(ledger.flow.steps):
        yield ("flow", "steps", place, "title"), f"{step.title} {step.confirm}"
    for place, follow in enumerate(ledger.follow_ons):
        yield ("follow_ons", place, "title"), follow.title
