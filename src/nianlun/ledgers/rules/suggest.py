"""Which ledgers keep what a sentence of a plan promises: ranked by words and line of work, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.presets import Preset, Presets

# What a word weighs. `sure` is what a suggestion must reach to be bound when the plan is adopted; one that only comes
# near it is offered. Tried on the table of tests/ledgers/binding.
CERTAIN, LIKELY, FAINT = 6.0, 3.0, 1.0
DECLARED = {2: 3.0, 3: 3.5}  # by the word's length; longer ones:
DECLARED_LONG = 4.0
PRESET = 0.5  # a preset of the sentence's own line, over a declared word; one of another line is faint
OWN_LINE = (
    1.0  # added for a ledger of the sentence's line; one of other lines alone is dimmed, less where it is certain:
)
OTHER_LINE, OTHER_LINE_CERTAIN = 0.6, 0.9
ANOTHER = 0.4  # for each further word that speaks for the same ledger, up to:
MOST_OTHERS = 3
HEADING = 0.3
VOW = 0.35  # a sentence that promises an attitude and no deed
SURE, OFFERED, BESIDE = 3.0, 1.5, 0.85  # beside: how near a second must come to the first to be sure as well
MOST = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """An item's words, its line of work and the headings above it, outermost first."""

    text: str
    line: str
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A ledger with why it is suggested; `preset` is the line's preset that fits, where one does."""

    ledger: str
    score: float
    words: str  # of the sentence
    sure: bool
    preset: str = ""
    preset_title: str = ""

    @property
    def reason(self) -> str:
        """In words, for the page."""
        said = f"原文有“{self.words}”"
        return f"{said}，像“{self.preset_title}”" if self.preset_title else said


@dataclass(frozen=True, slots=True)
class Hints:
    """Patterns beside the declared words: by ledger, each with its weight; `vows` weaken every suggestion."""

    patterns: Mapping[str, Sequence[tuple[re.Pattern[str], float]]]
    faint_words: Mapping[str, frozenset[str]]  # words that a ledger declares and that alone say little
    vows: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class _Word:
    said: str
    weight: float
    preset: Preset | None = None
    line: str = ""  # of the preset


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    weight: float
    preset: Preset | None = None


class Suggester:
    """Made once for the ledgers that hold at a place, asked for each sentence; no two sentences share anything."""

    def __init__(self, ledgers: Iterable[Ledger], presets: Iterable[Presets], hints: Hints) -> None:
        self._hints = hints
        self._lines = {ledger.ledger: frozenset(ledger.lines) for ledger in ledgers}
        self._words: dict[str, list[_Word]] = {code: [] for code in self._lines}
        for ledger in ledgers:
            faint = hints.faint_words.get(ledger.ledger, frozenset())
            for word in dict.fromkeys(ledger.words):
                self._words[ledger.ledger].append(_Word(word, FAINT if word in faint else _declared(word)))
        for some in presets:
            for preset in some.items:
                if preset.ledger in self._words:
                    made = (_Word(word, _declared(word) + PRESET, preset, some.presets) for word in preset.words)
                    self._words[preset.ledger].extend(made)

    def of(self, sentence: Sentence) -> list[Suggestion]:
        """The best first, at most four; empty where no ledger is near."""
        heading = sentence.headings[-1] if sentence.headings else ""
        weak = VOW if self._hints.vows is not None and self._hints.vows.search(sentence.text) else 1.0
        found = [
            made
            for code in self._words
            if (made := self._weigh(code, sentence, heading, weak)) is not None and made[0] >= OFFERED
        ]
        found.sort(key=lambda one: -one[0])
        best = found[0][0] if found else 0.0
        return [
            Suggestion(
                code, round(score, 2), words, score >= SURE and score >= BESIDE * best,
                preset.code if preset else "", preset.title if preset else "",
            )
            for score, code, words, preset in found[:MOST]
        ]  # fmt: skip

    def _weigh(
        self, code: str, sentence: Sentence, heading: str, weak: float
    ) -> tuple[float, str, str, Preset | None] | None:
        hits = self._hits(code, sentence.text, sentence.line)
        above = max((hit.weight for hit in self._hits(code, heading, sentence.line)), default=0.0) if hits else 0.0
        if not hits:
            return None
        top = max(hits, key=lambda hit: (hit.weight, hit.end - hit.start))
        others = sum(hit.end <= top.start or hit.start >= top.end for hit in _apart(hits))
        score = top.weight + ANOTHER * min(others, MOST_OTHERS) + HEADING * above
        if own := self._lines[code]:
            other = OTHER_LINE_CERTAIN if top.weight >= CERTAIN else OTHER_LINE
            score = score + OWN_LINE if sentence.line in own else score * other
        preset = next((hit.preset for hit in sorted(hits, key=lambda hit: hit.start - hit.end) if hit.preset), None)
        return score * weak, code, _shown(sentence.text[top.start : top.end]), preset

    def _hits(self, code: str, text: str, line: str) -> list[_Hit]:
        hits = []
        for word in self._words[code]:
            if (at := text.find(word.said)) >= 0:
                own = word.preset is None or word.line == line
                weight = word.weight if own else FAINT
                hits.append(_Hit(at, at + len(word.said), weight, word.preset if word.line == line else None))
        for pattern, weight in self._hints.patterns.get(code, ()):
            if match := pattern.search(text):
                hits.append(_Hit(match.start(), match.end(), weight))
        return hits


def _declared(word: str) -> float:
    return DECLARED.get(len(word), DECLARED_LONG)


def _apart(hits: list[_Hit]) -> list[_Hit]:
    """Those that lie in no other and over no other."""
    ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end))
    return [hit for before, hit in pairwise([_Hit(-1, 0, 0), *ordered]) if hit.start >= before.end]


def _shown(words: str) -> str:
    return words if len(words) <= 14 else f"{words[:6]}…{words[-6:]}"
