"""What changed between two versions of a plan: items added, removed, worded or arranged otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.describe import say_schedule, say_target
from nianlun.plans.models import ItemText

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One thing about an item that is not as it was."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One item in both versions; `words` are runs of its text that stayed, went or came."""

    before: ItemText
    after: ItemText
    words: Sequence[tuple[Kind, str]]
    fields: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class Differences:
    """All items of two versions, each once; an item left out of the year does not stand."""

    added: Sequence[ItemText]
    removed: Sequence[ItemText]
    changed: Sequence[Difference]
    same: int


def differences(before: Sequence[ItemText], after: Sequence[ItemText]) -> Differences:
    """Items are the same by identity, not by wording; rows in the order of their texts."""
    old = {row.item_id: row for row in before if not row.dropped_reason}
    new = {row.item_id: row for row in after if not row.dropped_reason}
    both = [_difference(old[pk], row) for pk, row in new.items() if pk in old]
    changed = [found for found in both if found.fields or any(kind != "same" for kind, _ in found.words)]
    return Differences(
        added=[row for pk, row in new.items() if pk not in old],
        removed=[row for pk, row in old.items() if pk not in new],
        changed=changed,
        same=len(both) - len(changed),
    )


def word_changes(before: str, after: str) -> list[tuple[Kind, str]]:
    """Runs of characters that stayed, went or came, in reading order."""
    runs: list[tuple[Kind, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            runs.append(("same", after[c:d]))
            continue
        if b > a:
            runs.append(("gone", before[a:b]))
        if d > c:
            runs.append(("new", after[c:d]))
    return runs


def _difference(before: ItemText, after: ItemText) -> Difference:
    pairs = (
        ("条线", LINE_TITLES.get(before.line, before.line), LINE_TITLES.get(after.line, after.line)),
        ("责任人", "、".join(before.owners), "、".join(after.owners)),
        ("时限", "；".join(map(say_schedule, before.schedules)), "；".join(map(say_schedule, after.schedules))),
        ("目标", "；".join(map(say_target, before.targets)), "；".join(map(say_target, after.targets))),
    )
    fields = [FieldChange(title, was or "无", now or "无") for title, was, now in pairs if was != now]
    return Difference(before, after, word_changes(before.text, after.text), fields)
