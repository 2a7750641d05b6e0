"""Annotated plans for fitting and scoring: those of ../shared/plans where present, and our own in scripts/corpus.

The plans of ../shared/plans are never copied into the repository; HELD_OUT are not read but to be scored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLANS = ROOT.parent / "shared" / "plans"
CORPUS = ROOT / "scripts" / "corpus"
HELD_OUT = frozenset({"plan-07", "plan-10", "plan-17"})


@dataclass(frozen=True, slots=True)
class AnnotatedPlan:
    """A plan's text and its items in the form of GUIDELINES.md, each with `start` and `end`."""

    name: str
    text: str
    items: tuple[dict[str, Any], ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(item["start"], item["end"]) for item in self.items]


def plan_names(folder: Path = PLANS) -> list[str]:
    """The names of the annotated plans in a folder, the held-out ones included; empty where there is no folder."""
    return sorted(path.stem for path in folder.glob("plan-*.json"))


def read_annotated(name: str, folder: Path = PLANS) -> AnnotatedPlan:
    """One annotated plan with every item, target and schedule located; raises ValueError where a quote is not found."""
    text = (folder / f"{name}.txt").read_text(encoding="utf-8")
    items = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))["items"]
    for item in items:
        for found in (item, *item.get("targets", ()), *item.get("schedules", ())):
            if "quote" in found:
                found["start"], found["end"] = _locate(text, found["quote"], found.get("nth", 0))
    return AnnotatedPlan(name, text, tuple(sorted(items, key=lambda item: int(item["start"]))))


def own_plans(folder: Path = CORPUS) -> Iterator[AnnotatedPlan]:
    """Our own plans: texts in which every commitment stands between 【 and 】, which are not part of the text."""
    for path in sorted(folder.glob("*.txt")):
        text, items, start = "", [], 0
        for character in path.read_text(encoding="utf-8"):
            if character == "【":
                start = len(text)
            elif character == "】":
                items.append({"start": start, "end": len(text)})
            else:
                text += character
        yield AnnotatedPlan(path.stem, text, tuple(items))


def _locate(text: str, quote: str, nth: int) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = text.find(quote, at + 1)
        if at < 0:
            raise ValueError(f"quote not in the text: {quote!r}")
    return at, at + len(quote)
