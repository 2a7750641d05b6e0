"""How one field stands in a form: what is in it, what is wrong with it, and what its kind needs to be shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nianlun.ledgers.declarations.checklist import Checklist, Point
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec
from nianlun.ledgers.rules.parts import RESULTS

FEW = 5  # so many choices are all shown at once
SPARE = 2  # empty rows below those that a table has
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|")
INPUTS = {"date": "date", "time": "time", "phone": "tel"}
KEYBOARDS = {"integer": "numeric", "decimal": "decimal", "money": "decimal", "score": "decimal", "account": "numeric"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several: of a choice, or a record that a picker found."""

    value: str
    title: str
    chosen: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class PointShown:
    point: Point
    name: str  # of its inputs
    result: str
    remark: str
    results: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Control:
    """One field of a form, in one place of it (`name`): a cell of a table stands there as a field does."""

    spec: FieldSpec
    name: str
    raw: Any = ""
    error: str = ""
    shown: bool = True
    required: bool = False
    said: str = ""  # of a record its name, of what is computed its words
    theirs: str | None = None  # after a clash: what somebody else has saved
    mine: bool = True
    found: Sequence[Choice] = ()  # records that a search without scripts gave
    files: Sequence[Any] = ()
    checklists: Mapping[str, Checklist] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('.', '-')}"

    @property
    def title(self) -> str:
        return f"{self.spec.title}（{self.spec.unit}）" if self.spec.unit else self.spec.title

    @property
    def widget(self) -> str:
        """The part of templates/ledgers/controls that shows it."""
        match self.spec.kind:
            case "choice":
                return "radios" if len(self.options) <= FEW else "select"
            case "yes_no":
                return "radios"
            case "long_text":
                return "textarea"
            case "choices" | "checklist" | "table" | "photos" | "files" | "signature" | "location" | "computed" as kind:
                return kind
            case kind if kind in RECORDS:
                return "picker"
        return "input"

    @property
    def grouped(self) -> bool:
        """Whether it is many inputs under one heading, a fieldset, and not one with a label."""
        return self.widget in {"radios", "choices", "checklist", "table", "photos", "files", "signature"}

    @property
    def type(self) -> str:
        """Of an input; a day that no calendar takes stays as it was typed, so that it can be mended."""
        kind = INPUTS.get(self.spec.kind, "text")
        return "text" if kind == "date" and not ISO_DAY.fullmatch(str(self.raw)) else kind

    @property
    def keyboard(self) -> str:
        return KEYBOARDS.get(self.spec.kind, "")

    @property
    def secret(self) -> bool:
        return self.spec.kind in SECRET

    @property
    def longest(self) -> int | None:
        return int(self.spec.most) if self.spec.most and self.spec.kind in {"text", "long_text"} else None

    @property
    def options(self) -> list[Choice]:
        """What may be chosen; a retired choice only where the entry has it already."""
        if self.spec.kind == "yes_no":
            return [Choice(word, word, self.raw == word) for word in ("是", "否")]
        has = self.raw if isinstance(self.raw, list) else [self.raw]
        return [
            Choice(code, title, code in has)
            for code, title in self.spec.choices.items()
            if code in has or code not in self.spec.retired_choices
        ]

    @property
    def described_by(self) -> str:
        told = [("help", self.spec.help), ("purpose", self.spec.purpose), ("error", self.error)]
        return " ".join(f"{self.id}-{part}" for part, there in told if there)

    @property
    def capture(self) -> str:
        return "image/*" if self.spec.kind == "photos" else ""

    # Tables
    @property
    def rows(self) -> list[list[Control]]:
        """Rows that are there and a few to fill, each a control for each column."""
        given = list(self.raw) if isinstance(self.raw, list) else []
        return [self._row(str(number), row) for number, row in enumerate([*given, *({} for _ in range(SPARE))])]

    @property
    def blank_row(self) -> list[Control]:
        """The row that a script copies; its number is put in for `__`."""
        return self._row("__", {})

    def _row(self, number: str, row: Mapping[str, Any]) -> list[Control]:
        return [
            Control(column, f"{self.name}.{number}.{column.code}", row.get(column.code, ""), required=column.required)
            for column in self.spec.columns
        ]

    # Checklists
    @property
    def checklist(self) -> Checklist | None:
        code = self.spec.checklist or (self.raw.get("checklist", "") if isinstance(self.raw, dict) else "")
        return self.checklists.get(code)

    @property
    def choosable(self) -> list[Choice]:
        chosen = self.checklist.checklist if self.checklist else ""
        return [Choice(code, one.title, code == chosen) for code, one in self.checklists.items()]

    @property
    def points(self) -> Iterator[tuple[str, list[PointShown]]]:
        """By heading, in the order of the checklist."""
        if self.checklist is None:
            return
        taken = self.raw.get("points", {}) if isinstance(self.raw, dict) else {}
        results = [(code, title) for code, title in RESULTS.items() if code != "part" or self.checklist.graded]
        groups: dict[str, list[PointShown]] = {}
        for point in self.checklist.points:
            answer = taken.get(point.code, {})
            answer = answer if isinstance(answer, dict) else {"result": str(answer)}
            groups.setdefault(point.group, []).append(
                PointShown(
                    point, f"{self.name}.{point.code}", answer.get("result", ""), answer.get("remark", ""), results
                )
            )
        yield from groups.items()
