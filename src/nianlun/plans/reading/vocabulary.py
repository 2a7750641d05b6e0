"""The vocabulary of the lines of work: which words show which line, and how far one word alone settles it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nianlun.plans.reading.model import LINES

LINES_ROOM = Path(__file__).resolve().parents[2] / "lines"
# A decisive word nearly always means its line, a strong one often, a weak one only tips a balance. A word of "form"
# says how a thing is done (a lecture, a show, a check): it yields to a decisive word of another line beside it. Words
# of "heading" count in headings alone; a word "against" speaks for another line although this one is named.
TIERS = ("decisive", "strong", "form", "weak", "heading", "against")


@dataclass(frozen=True, slots=True)
class Sign:
    """What one word says: the line that it shows, and the tier that says how surely."""

    line: str
    tier: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of the vocabulary where it stands in a text, offsets in characters, end exclusive."""

    start: int
    end: int
    word: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts that show a line only where both stand in one place."""

    first: str
    second: str
    sign: Sign

    @property
    def word(self) -> str:
        return f"{self.first}+{self.second}"


class Lexicon:
    """All words of all lines, found in a text in one pass; a longer word silences the words inside it."""

    def __init__(self, words: Mapping[str, Sequence[Sign]], pairs: Sequence[Pair]) -> None:
        self.pairs = tuple(pairs)
        self.words = {word: tuple(signs) for word, signs in words.items()}
        by_head: dict[str, set[int]] = defaultdict(set)
        for word in self.words:
            by_head[word[:2]].add(len(word))
        self._lengths = {head: tuple(sorted(lengths, reverse=True)) for head, lengths in by_head.items()}

    def scan(self, text: str) -> Iterator[Hit]:
        """The words that stand in a text, in its order, without overlap; of two that begin alike the longer."""
        lengths_of, words, covered = self._lengths, self.words, 0
        for start in range(len(text) - 1):
            if start < covered:
                continue
            lengths = lengths_of.get(text[start : start + 2])
            if lengths is None:
                continue
            for length in lengths:
                word = text[start : start + length]
                if word in words:
                    covered = start + len(word)
                    yield Hit(start, covered, word, words[word])
                    break


def words_of(block: object) -> list[str]:
    """The words of a tier: groups of words separated by spaces, or one such group."""
    if isinstance(block, Mapping):
        return [word for group in block.values() for word in str(group).split()]
    return str(block or "").split()


def load_yaml(path: Path) -> dict[str, Any]:
    loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded if isinstance(loaded, dict) else {}


def build_lexicon(vocabularies: Mapping[str, Mapping[str, Any]], silenced: Sequence[str] = ()) -> Lexicon:
    """A lexicon from the contents of vocabulary files by line code; `silenced` phrases show no line."""
    words: dict[str, list[Sign]] = {phrase: [] for phrase in silenced}
    pairs: list[Pair] = []
    for line, vocabulary in vocabularies.items():
        for tier in TIERS:
            for word in words_of(vocabulary.get(tier)):
                first, plus, second = word.partition("+")
                if plus:
                    pairs.append(Pair(first, second, Sign(line, tier)))
                    continue
                signs = words.setdefault(word, [])
                # The surer tier comes first and stands; "heading" may be said beside it.
                if tier == "heading" or all(sign.line != line for sign in signs):
                    signs.append(Sign(line, tier))
    return Lexicon(words, pairs)


@cache
def shipped_lexicon() -> Lexicon:
    """The vocabulary that comes with the product, from `lines/<line>/vocabulary.yaml`."""
    neutral = load_yaml(LINES_ROOM / "neutral.yaml")
    return build_lexicon(
        {line: load_yaml(LINES_ROOM / line / "vocabulary.yaml") for line in LINES}, words_of(neutral.get("silenced"))
    )
