"""Stretches of a plan's text: trimmed to words, cut in two, joined; and what an item's findings follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nianlun.plans.reading.schedule import from_json, to_json

EDGES = " \t\r\n　，,、；;。.：:！!？?"  # punctuation that belongs between items, not to one
CLAUSE_ENDS = "，,、；;。：:！!？?\n"
LONGEST_ITEM = 2000  # characters

Finding = dict[str, Any]
Stretch = tuple[int, int]


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without punctuation and spaces at its edges; start == end where nothing is left."""
    start, end = max(0, start), min(len(text), end)
    while start < end and text[start] in EDGES:
        start += 1
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return start, end


def overlaps(start: int, end: int, others: Iterable[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in others)


def shared_out(
    findings: Sequence[Finding], first: tuple[int, int], second: tuple[int, int]
) -> tuple[list[Finding], list[Finding]]:
    """Each finding to the half that it stands in; one that governs from outside, or was made by hand, to both."""
    halves: tuple[list[Finding], list[Finding]] = ([], [])
    for finding in findings:
        start = finding.get("start")
        inside = [start is not None and a <= start < b for a, b in (first, second)]
        for half, here in zip(halves, inside, strict=True):
            if here or not any(inside):
                half.append(finding)
    return halves


def owners_shared_out(owners: Sequence[str], first: str, second: str) -> tuple[list[str], list[str]]:
    """Each owner to the half that names it; one that neither names to both."""
    named_first = [owner for owner in owners if owner in first or owner not in second]
    named_second = [owner for owner in owners if owner in second or owner not in first]
    return named_first, named_second


def joined(lists: Iterable[Sequence[Finding]], key: Any) -> list[Finding]:
    """All findings in order, each once by its `key`."""
    found: dict[str, Finding] = {}
    for findings in lists:
        for finding in findings:
            found.setdefault(repr(key(finding)), finding)
    return list(found.values())


def schedule_key(form: Mapping[str, Any]) -> Any:
    """A schedule's normal form, apart from where it was found."""
    return to_json(from_json(form))


def target_key(form: Mapping[str, Any]) -> Any:
    return tuple(form.get(name) for name in ("metric", "op", "value", "value2", "unit"))


def clauses(text: str, start: int) -> list[tuple[int, str]]:
    """(offset, words) of the clauses of an item that begins at `start`, each with the punctuation that ends it."""
    found: list[tuple[int, str]] = []
    begin = 0
    for at, character in enumerate(text):
        if character in CLAUSE_ENDS and at + 1 < len(text) and text[at + 1] not in EDGES:
            found.append((start + begin, text[begin : at + 1]))
            begin = at + 1
    return [*found, (start + begin, text[begin:])]
