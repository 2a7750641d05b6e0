"""What a page shows of an item beside its row: its number, what it lacks, and its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.describe import say_schedule, say_target
from nianlun.plans.models import ItemText

LACKS = {"owner": "无责任人", "date": "无时限", "target": "无目标值"}


@dataclass
class Card:
    """One item for its card."""

    row: ItemText
    number: int
    parts: list[Any] = field(default_factory=list)  # what other rooms show of it

    @property
    def dropped(self) -> bool:
        return bool(self.row.dropped_reason)

    @property
    def lacks(self) -> list[str]:
        """Codes of what the item does not say."""
        has = {"owner": self.row.owners, "date": self.row.schedules, "target": self.row.targets}
        return [code for code, value in has.items() if not value]

    @property
    def lacks_words(self) -> list[str]:
        return [LACKS[code] for code in self.lacks]

    @property
    def schedules(self) -> list[str]:
        return [say_schedule(form) for form in self.row.schedules]

    @property
    def targets(self) -> list[str]:
        return [say_target(form) for form in self.row.targets]

    @property
    def heading(self) -> str:
        return " › ".join(self.row.headings[-2:])


@dataclass
class Summary:
    """How many items there are, by line and by what they lack."""

    cards: Sequence[Card]
    standing: list[Card] = field(init=False)

    def __post_init__(self) -> None:
        self.standing = [card for card in self.cards if not card.dropped]

    @property
    def dropped(self) -> int:
        return len(self.cards) - len(self.standing)

    @cached_property
    def lines(self) -> list[tuple[str, str, int]]:
        """(code, title, how many) of each line of work that has items, in the order of the lines."""
        counts = Counter(card.row.line for card in self.standing)
        return [(code, title, counts[code]) for code, title in LINE_TITLES.items() if counts[code]]

    @cached_property
    def lacking(self) -> list[tuple[str, str, int]]:
        """(code, words, how many) of each thing that items lack."""
        counts = Counter(code for card in self.standing for code in card.lacks)
        return [(code, words, counts[code]) for code, words in LACKS.items()]


def cards_of(rows: Sequence[ItemText]) -> list[Card]:
    """Cards in the order of the text, numbered from 1 as people speak of them."""
    return [Card(row, number) for number, row in enumerate(rows, start=1)]
