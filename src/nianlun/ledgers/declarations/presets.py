"""Presets: what a line of work often enters, as a ledger with some fields filled, its words and how often it is due."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from nianlun.kernel.fields import FieldError
from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.model import RECORDS, SENSITIVE, Code, FieldSpec, Ledger, Strict, Title, Words
from nianlun.ledgers.declarations.read import note_error
from nianlun.ledgers.declarations.refusals import refuse
from nianlun.ledgers.declarations.source import Source, read_source
from nianlun.ledgers.rules.values import read_value

UNFILLED = RECORDS | SENSITIVE | {"files", "computed", "checklist", "table", "date"}  # what no preset can know


class Rule(Strict):
    """How often it is due at least: so many times in each such span of the calendar year."""

    every: Literal["week", "month", "quarter", "half_year", "year"]
    times: int = Field(1, ge=1, le=31)


class Preset(Strict):
    """One thing that is often entered."""

    code: Code
    ledger: Code
    title: Title
    fill: dict[Code, str | int | float | bool | list[str]] = Field({}, description="field of the ledger: its value")
    checklist: Code | Literal[""] = Field("", description="the checklist that its entries take")
    words: list[Title] = Field([], description="words of a plan's item that suggest it")
    rule: Rule | None = Field(None, description="how often it is due where a rule says so")
    called: Title | Literal[""] = Field("", description="of meetings: who is called")
    help: Words = ""


class Presets(Strict):
    """The whole file: a line's presets."""

    presets: str = Field(description="the line of work")
    items: list[Preset] = Field(min_length=1, max_length=60)


def read_presets(
    words: str, file: str, lines: Mapping[str, str], ledgers: Mapping[str, Ledger],
    checklists: Mapping[str, Checklist],
) -> Presets:  # fmt: skip
    """Presets that can stand; raises BadDeclaration with every fault that was found."""
    source = read_source(words, file)
    presets: Presets | None = None
    if not isinstance(source.data, dict) or next(iter(source.data), None) != "presets":
        source.fault(Fault.NOT_PRESETS, ())
    else:
        try:
            presets = Presets.model_validate(source.data)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False):
                note_error(source, one)
    if presets is not None:
        line = presets.presets
        if line not in lines or (len(Path(file).parts) > 1 and Path(file).parent.name != line):
            source.fault(Fault.UNKNOWN_LINE, ("presets",), line, "、".join(lines))
        refuse(((("items", place), f"{one.title} {one.help}") for place, one in enumerate(presets.items)), source)
        seen: set[str] = set()
        for place, preset in enumerate(presets.items):
            if preset.code in seen:
                source.fault(Fault.TWICE, ("items", place, "code"), preset.code)
            seen.add(preset.code)
            _check_preset(preset, source, place, ledgers, checklists)
    if source.found or presets is None:
        raise BadDeclaration(sorted(source.found, key=lambda one: one.line))
    return presets


def _check_preset(
    preset: Preset, source: Source, place: int, ledgers: Mapping[str, Ledger], checklists: Mapping[str, Checklist]
) -> None:
    here = ("items", place)
    ledger = ledgers.get(preset.ledger)
    if ledger is None:
        source.fault(Fault.UNKNOWN_LEDGER, (*here, "ledger"), preset.ledger)
        return
    fields = {field.code: field for field in ledger.fields if not field.retired}
    for code, value in preset.fill.items():
        if code not in fields or fields[code].kind in UNFILLED:
            source.fault(Fault.UNKNOWN_PRESET, (*here, "fill", code), code, ledger.title)
        elif why := _why_not(value, fields[code]):
            source.fault(Fault.BAD_DEFAULT, (*here, "fill", code), fields[code].title, why)
    takes = any(field.kind == "checklist" for field in ledger.fields)
    if preset.checklist and (not takes or preset.checklist not in checklists):
        source.fault(Fault.UNKNOWN_PRESET, (*here, "checklist"), preset.checklist, ledger.title)


def _why_not(value: object, field: FieldSpec) -> str:
    """Why a value cannot stand in a field; empty where it can."""
    try:
        read = read_value(value, field)
    except FieldError as error:
        return str(error).rstrip("。")
    return "这个选项已停用" if read in field.retired_choices else ""
