"""The papers that ledgers issue: what each says, taken from the entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nianlun.ledgers.models import Entry, IssuedPaper


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper: its title, the word in its number, the template that prints it, what it takes from an entry."""

    title: str
    word: str  # 整改 in 〔2027〕整改第3号
    template: str
    body: Callable[[Entry], dict[str, Any]]


def _rectification(entry: Entry) -> dict[str, Any]:
    data = entry.data
    return {
        "party": data.get("party_name") or entry.subject_name,
        "found": data.get("found", ""),
        "where": data.get("where", ""),
        "demand": data.get("demand", ""),
        "deadline": data.get("deadline", ""),
        "found_on": entry.occurred_on.isoformat(),
    }


PAPERS: dict[str, Paper] = {
    "rectification_notice": Paper("整改通知书", "整改", "ledgers/papers/rectification_notice.html", _rectification),
}


def number_of(issued: IssuedPaper) -> str:
    """As it stands on the paper: 〔2027〕整改第3号."""
    return f"〔{issued.year}〕{PAPERS[issued.code].word}第{issued.number}号"
