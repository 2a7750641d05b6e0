"""How long ago a door was last confirmed, in the four steps that pages draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `mark` tells it without colour."""

    code: str
    title: str
    mark: str


QUARTER = Step("quarter", "本季度核实", "●")
YEAR = Step("year", "今年核实", "◐")
OLDER = Step("older", "今年以前核实", "○")
NEVER = Step("never", "从未核实", "—")
STEPS = (QUARTER, YEAR, OLDER, NEVER)


def quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def step_of(verified_on: date | None, today: date) -> Step:
    """Which step a day of confirmation is in, seen from today."""
    if verified_on is None:
        return NEVER
    if verified_on >= quarter_start(today):
        return QUARTER
    return YEAR if verified_on.year == today.year else OLDER
