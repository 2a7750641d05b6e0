"""How strongly a stretch of text shows each line of work: its words of the vocabulary, weighed and summed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from nianlun.plans.reading.model import Owner
from nianlun.plans.reading.vocabulary import Hit, Lexicon, Sign

# What the first word of a tier is worth; each further word of the same tier is worth half of the one before.
WORTH = {"decisive": 3.0, "strong": 1.5, "form": 1.5, "weak": 0.4, "heading": 3.0}
YIELDED = 0.3
# A line spoken against keeps this part of its worth.
AGAINST = 0.4
# A share is taken of the sum of all lines and this much doubt, so that one weak word does not fill a stretch.
DOUBT = 1.5


@dataclass(slots=True)
class Evidence:
    """Worth by line and the words that gave it; `counts` keeps how many words of each tier each line has."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    words: list[tuple[str, Sign]] = field(default_factory=list)

    def add(self, word: str, sign: Sign) -> None:
        key = (sign.line, sign.tier)
        self.counts[key] = self.counts.get(key, 0) + 1
        self.words.append((word, sign))

    def worth(self) -> dict[str, float]:
        """The worth of each line that has any."""
        sums: dict[str, float] = {}
        sure = self.sure()
        for (line, tier), count in self.counts.items():
            if tier in WORTH:
                worth = YIELDED if tier == "form" and sure - {line} else WORTH[tier]
                sums[line] = sums.get(line, 0.0) + worth * 2 * (1 - 0.5**count)
        for line, tier in self.counts:
            if tier == "against" and line in sums:
                sums[line] *= AGAINST
        return sums

    def sure(self) -> set[str]:
        """The lines that have a decisive word which nothing speaks against."""
        spoken_against = {line for line, tier in self.counts if tier == "against"}
        return {line for line, tier in self.counts if tier == "decisive"} - spoken_against

    def mass(self) -> dict[str, float]:
        """The worth of each line where every word counts in full, for long stretches."""
        sums: dict[str, float] = {}
        for (line, tier), count in self.counts.items():
            if tier in WORTH:
                sums[line] = sums.get(line, 0.0) + WORTH[tier] * count
        return sums


class Witness:
    """A text read once with a lexicon, asked again and again about its stretches."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.lexicon = lexicon
        self.hits: list[Hit] = list(lexicon.scan(text))
        self._starts = [hit.start for hit in self.hits]

    def of(
        self,
        start: int,
        end: int,
        *,
        heading: bool = False,
        besides: tuple[int, int] | None = None,
        doers: Sequence[Owner] = (),
    ) -> Evidence:
        """The evidence of text[start:end], each word once; `besides` leaves a stretch within it out.

        A word in the name of one of the `doers` is weak: who does a thing says little about what is done.
        """
        evidence = Evidence()
        seen: set[str] = set()
        first = bisect_left(self._starts, start)
        for hit in self.hits[first : bisect_left(self._starts, end, first)]:
            if hit.end > end or hit.word in seen or (besides and besides[0] <= hit.start < besides[1]):
                continue
            seen.add(hit.word)
            by_doer = bool(doers) and any(doer.start <= hit.start < doer.end for doer in doers)
            for sign in hit.signs:
                if heading or sign.tier != "heading":
                    weakened = by_doer and sign.tier in ("decisive", "strong")
                    evidence.add(hit.word, Sign(sign.line, "weak") if weakened else sign)
        if besides is None:
            stretch = self.text[start:end]
            for pair in self.lexicon.pairs:
                if pair.first in stretch and pair.second in stretch:
                    evidence.add(pair.word, pair.sign)
        return evidence

    def mass(self) -> dict[str, float]:
        """The worth of each line in the whole text, every word counted as often as it stands there."""
        evidence = Evidence()
        for hit in self.hits:
            for sign in hit.signs:
                if sign.tier != "heading":
                    evidence.add(hit.word, sign)
        return evidence.mass()


def shares(worth: dict[str, float], doubt: float = DOUBT) -> dict[str, float]:
    """Worth as parts of one, less the doubt."""
    total = sum(worth.values()) + doubt
    return {line: value / total for line, value in worth.items()}


def merged(parts: Sequence[dict[str, float]]) -> dict[str, float]:
    """Worths added up line by line."""
    sums: dict[str, float] = {}
    for part in parts:
        for line, value in part.items():
            sums[line] = sums.get(line, 0.0) + value
    return sums
