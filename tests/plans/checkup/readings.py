"""Readings made by hand, so that the check-up's tests do not hang on the reader."""

from __future__ import annotations

from nianlun.plans.checkup import Code, Finding, check_up
from nianlun.plans.reading import Item, Owner, Reading, Target, Timing
from nianlun.plans.reading.schedule import Every, Schedule


def plan(*sentences: str, year: int | None = 2027) -> Reading:
    """A plan in which every sentence is an item of its own, closed by a full stop, with owner, date and measure."""
    text, items = "", []
    for sentence in sentences:
        start = len(text)
        end = start + len(sentence)
        monthly = Timing(start, end, Every("month"))
        items.append(Item(start, end, "governance", timings=(monthly,), owners=(Owner(start, end, "网格员"),)))
        text += sentence + "。\n"
    return Reading(text, year, "计划", (), tuple(items))


def bare(sentence: str, *schedules: Schedule, target: bool = False, owner: bool = False) -> Reading:
    """A plan of one item with only what is given."""
    end = len(sentence)
    item = Item(
        0,
        end,
        "culture",
        targets=(Target(0, end, "演出场数", "eq", 12, "场"),) if target else (),
        timings=tuple(Timing(0, end, schedule) for schedule in schedules),
        owners=(Owner(0, end, "文化专干"),) if owner else (),
    )
    return Reading(sentence, 2027, "", (), (item,))


def found(reading: Reading, code: Code) -> list[Finding]:
    return [finding for finding in check_up(reading) if finding.code is code]


def words(reading: Reading, code: Code) -> list[str]:
    return [reading.text[finding.start : finding.end] for finding in found(reading, code)]
