"""One thing that is wrong with a plan as written, with its place in the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nianlun.plans.checkup.codes import Code


@dataclass(frozen=True, slots=True)
class KnownPlan:
    """Another plan's text, to compare with; `name` is what the user is shown."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the plan that stands in another plan too: offsets here and there, end exclusive."""

    start: int
    end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding of the check-up; `item` is the index of the item concerned, None where it concerns the text.

    `detail` fills the braces of the code's words; copies add `share` (0 to 1) and `passages`.
    """

    code: Code
    start: int
    end: int
    item: int | None = None
    detail: Mapping[str, str] = field(default_factory=dict)
    share: float | None = None
    passages: tuple[Passage, ...] = ()

    @property
    def cause(self) -> str:
        return self.code.value.cause.format_map(self.detail)

    @property
    def remedy(self) -> str:
        return self.code.value.remedy.format_map(self.detail)

    def to_json(self) -> dict[str, Any]:
        """The finding as it is stored beside a plan's version."""
        form: dict[str, Any] = {
            "code": self.code.number,
            "title": self.code.value.title,
            "start": self.start,
            "end": self.end,
            "item": self.item,
            "cause": self.cause,
            "remedy": self.remedy,
            "detail": dict(self.detail),
        }
        if self.share is not None:
            form["share"] = round(self.share, 4)
            form["passages"] = [[p.start, p.end, p.other_start, p.other_end] for p in self.passages]
        return form
