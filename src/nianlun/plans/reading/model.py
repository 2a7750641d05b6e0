"""What a reader finds in a plan: every finding keeps its place in the text, offsets in characters, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from nianlun.plans.reading.schedule import Schedule, to_json

Op = Literal["eq", "at_least", "at_most", "range", "increase"]
LINES: tuple[str, ...] = (
    "party", "governance", "grid", "welfare", "elderly", "employment", "health", "safety", "security", "law",
    "environment", "culture", "education", "women", "union", "volunteer", "property", "workforce", "economy", "finance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A figure promised; an implied one is a zero or full promise without a numeral."""

    start: int
    end: int
    metric: str
    op: Op
    value: float | None
    unit: str
    value2: float | None = None
    implied: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Timing:
    """A schedule as found in the text."""

    start: int
    end: int
    schedule: Schedule
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """A post, team or unit that an item makes responsible, by the plan's own word."""

    start: int
    end: int
    name: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the outline; level 1 is the outermost. `body_end` is where the next heading of its rank begins.

    `parent` is the place in the outline of the heading above it, -1 where there is none.
    """

    start: int
    end: int
    level: int
    title: str
    body_end: int
    parent: int = -1


@dataclass(frozen=True, slots=True)
class Item:
    """One commitment: something of which one could ask at the year's end whether it was done."""

    start: int
    end: int
    line: str
    targets: tuple[Target, ...] = ()
    timings: tuple[Timing, ...] = ()
    owners: tuple[Owner, ...] = ()
    rules: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan as read: its text, outline and items in the order of the text."""

    text: str
    year: int | None = None
    title: str = ""
    outline: tuple[Heading, ...] = ()
    items: tuple[Item, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    def to_json(self, name: str, *, explain: bool = False) -> dict[str, Any]:
        """The form of GUIDELINES.md, with quotes and offsets; `explain` adds the names of the rules that fired."""
        form: dict[str, Any] = {"plan": name, "items": [self._item_json(item, explain) for item in self.items]}
        if self.warnings:
            form["warnings"] = list(self.warnings)
        return form

    def quote(self, found: Item | Target | Timing | Owner | Heading) -> str:
        return self.text[found.start : found.end]

    def _place(self, found: Item | Target | Timing | Owner) -> dict[str, Any]:
        return {"quote": self.quote(found), "start": found.start, "end": found.end}

    def _item_json(self, item: Item, explain: bool) -> dict[str, Any]:
        form: dict[str, Any] = {
            **self._place(item),
            "line": item.line,
            "targets": [self._target_json(t, explain) for t in item.targets],
            "schedules": [
                {**self._place(t), **to_json(t.schedule), **({"rule": t.rule} if explain else {})} for t in item.timings
            ],
            "owners": [owner.name for owner in item.owners],
        }
        if explain:
            form["rules"] = list(item.rules)
            form["headings"] = list(item.headings)
        return form

    def _target_json(self, target: Target, explain: bool) -> dict[str, Any]:
        form: dict[str, Any] = {**self._place(target), "metric": target.metric, "op": target.op}
        if target.value is not None:
            form["value"] = target.value
        if target.value2 is not None:
            form["value2"] = target.value2
        form["unit"] = target.unit
        if target.implied:
            form["implied"] = True
        if explain:
            form["rule"] = target.rule
        return form
