"""A ledger's form on paper: short answers two in a line, long ones over the whole width, so that most fit one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.ledgers.declarations.model import NUMERIC, RECORDS, SECRET, FieldSpec, Ledger
from nianlun.ledgers.forms.asked import filing_fields
from nianlun.ledgers.registers.columns import head_of

NOT_ON_PAPER = {"computed", "photos", "files", "location"}
SHORT = {"date", "time", "yes_no"} | NUMERIC | RECORDS | SECRET
SHORT_TEXT, SHORT_TITLE, SHORT_CHOICES = 60, 10, 14  # characters


@dataclass(frozen=True, slots=True)
class Blank:
    """One field to write into; `kind` says how its room looks."""

    title: str
    kind: str
    boxes: list[str]
    columns: list[str]
    short: bool


def lines_of(ledger: Ledger) -> dict[str, list[list[Blank]]]:
    """By heading (the first has none), lines of one or two fields."""
    asked = ["occurred_on", "subject"]
    if ledger.about not in (["place"], ["body"]):
        asked.append("building")
    head = [one for one in head_of(ledger) if one.code in asked]
    groups: dict[str, list[Blank]] = {"": [Blank(one.title, one.kind, [], [], short=True) for one in head]}
    for spec in filing_fields(ledger):
        if spec.kind not in NOT_ON_PAPER:
            groups.setdefault(spec.group or "内容", []).append(_blank(spec))
    return {title: _in_lines(blanks) for title, blanks in groups.items()}


def _blank(spec: FieldSpec) -> Blank:
    title = f"{spec.title}（{spec.unit}）" if spec.unit else spec.title
    boxes = [choice for code, choice in spec.choices.items() if code not in spec.retired_choices]
    if spec.kind == "yes_no":
        boxes = ["是", "否"]
    short = spec.kind in SHORT or (spec.kind == "text" and (spec.most or 0) <= SHORT_TEXT)
    short |= spec.kind == "choice" and len("".join(boxes)) + 2 * len(boxes) <= SHORT_CHOICES
    columns = [column.title for column in spec.columns]
    return Blank(
        f"{title} *" if spec.required else title, spec.kind, boxes, columns, short and len(title) <= SHORT_TITLE
    )


def _in_lines(blanks: Sequence[Blank]) -> list[list[Blank]]:
    lines: list[list[Blank]] = []
    for blank in blanks:
        if blank.short and lines and len(lines[-1]) == 1 and lines[-1][0].short:
            lines[-1].append(blank)
        else:
            lines.append([blank])
    return lines
