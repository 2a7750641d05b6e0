"""The line of work of an item, from its own words, its headings, its paragraph, its neighbours and its plan."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from nianlun.plans.reading.evidence import Evidence, Witness, merged, shares
from nianlun.plans.reading.model import LINES, Heading, Owner
from nianlun.plans.reading.owners import assign_owners
from nianlun.plans.reading.vocabulary import Lexicon, shipped_lexicon

WEIGHTS = Path(__file__).with_name("line_weights.json")
# What speaks for a line, each a number in 0..1 or a worth; the weights that mix them are fitted, one a source.
SOURCES = (
    "own",
    "own_share",
    "sure",
    "sentence",
    "heading",
    "outer_heading",
    "paragraph",
    "neighbour",
    "plan",
    "theme",
)
OF_ITSELF = ("own", "own_share", "sure")
# The theme of a plan of one office stands beside both: no heading or neighbour says it again.
UNSUBDUED = (*OF_ITSELF, "theme")
# A plan whose parts speak for one line with more than the first share has a theme, with both together wholly.
LEAST_THEME, FULL_THEME = 0.25, 0.25
# In a plan with a theme, what stands near an item and is of another line is an exception, and loses this part.
HUSHED = 0.3
LEAST_SHOWN = 0.15
LOUDEST = 4.0
FALLBACK = "governance"
_SENTENCE_END = re.compile(r"[。;；!！?？\n\r]")
_TITLE = re.compile(r"\s*[^。;；,，\n]{4,40}(?=\n)")
# The title and the paragraph that opens the plan.
_OPENING = re.compile(r".{0,100}[^\n]{0,200}", re.DOTALL)
_PARAGRAPH_END = re.compile(r"[\n\r\v\f\x85\u2028\u2029]+")

Features = dict[str, dict[str, float]]  # source → line → value


def assign_lines(
    text: str,
    spans: Sequence[tuple[int, int]],
    outline: Sequence[Heading],
    *,
    lexicon: Lexicon | None = None,
    doers: Sequence[Sequence[Owner]] | None = None,
) -> list[tuple[str, tuple[str, ...]]]:
    """For each span its line of work and the names of the rules that decided, the weightiest first.

    `doers` are the owners of each span where they are known already.
    """
    found = describe(text, spans, outline, lexicon or shipped_lexicon(), doers)
    weights = shipped_weights()
    return [decide(features, evidence, weights) for features, evidence in found]


@cache
def shipped_weights() -> Mapping[str, float]:
    """The mixing weights that come with the product, by source."""
    return {str(source): float(weight) for source, weight in json.loads(WEIGHTS.read_text(encoding="utf-8")).items()}


def describe(
    text: str,
    spans: Sequence[tuple[int, int]],
    outline: Sequence[Heading],
    lexicon: Lexicon,
    doers: Sequence[Sequence[Owner]] | None = None,
) -> list[tuple[Features, Evidence]]:
    """What each source says of each span, and the evidence of its own words."""
    witness = Witness(text, lexicon)
    breaks = [0, *(match.end() for match in _PARAGRAPH_END.finditer(text)), len(text)]
    sentence_breaks = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    doers = assign_owners(text, spans) if doers is None else doers
    own = [witness.of(start, end, doers=owners) for (start, end), owners in zip(spans, doers, strict=True)]
    worths = [evidence.worth() for evidence in own]
    of_headings = merged([witness.of(h.start, h.end, heading=True).worth() for h in outline])
    plan = shares(merged([*worths, of_headings]))
    theme = _theme(witness, of_headings)
    paragraphs: dict[int, dict[str, float]] = {}
    titles: dict[int, dict[str, float]] = {}
    found: list[tuple[Features, Evidence]] = []
    for at, (start, end) in enumerate(spans):
        above = _headings_above(outline, start)
        for h in above:
            if h.start not in titles:
                titles[h.start] = shares(witness.of(h.start, h.end, heading=True).worth())
        which = bisect_right(breaks, start)
        if which not in paragraphs:
            paragraphs[which] = witness.of(breaks[which - 1], breaks[min(which, len(breaks) - 1)]).mass()
        sentence_at = bisect_right(sentence_breaks, start)
        sentence_end = sentence_breaks[min(bisect_right(sentence_breaks, end - 1), len(sentence_breaks) - 1)]
        sentence = witness.of(sentence_breaks[sentence_at - 1], max(end, sentence_end), besides=(start, end))
        sure = own[at].sure()
        near = [worths[i] for i in (at - 1, at + 1) if 0 <= i < len(spans)]
        features: Features = {
            "own": {line: value / 3 for line, value in worths[at].items()},
            "own_share": shares(worths[at]),
            "sure": {line: 1 / len(sure) for line in sure},
            "sentence": _hushed(shares(sentence.worth()), theme),
            "heading": titles[above[-1].start] if above else {},
            "outer_heading": shares(merged([titles[h.start] for h in above[:-1]]), 0.2),
            "paragraph": _hushed(shares(paragraphs[which], 3.0), theme),
            "neighbour": _hushed(shares(merged(near), 3.0), theme),
            "plan": plan,
            "theme": theme,
        }
        found.append((features, own[at]))
    return found


def _theme(witness: Witness, of_headings: dict[str, float]) -> dict[str, float]:
    """How far one line rules the plan, 0..1: by all its words, its title and opening, and its headings."""
    opening_ends = _OPENING.match(witness.text)
    opening = witness.of(0, opening_ends.end() if opening_ends else len(witness.text), heading=True).worth()
    title_ends = _TITLE.match(witness.text)
    title = witness.of(0, title_ends.end(), heading=True).worth() if title_ends else {}
    sides = ((0.5, witness.mass()), (0.25, opening), (0.25, of_headings), (0.25, title))
    share = merged([{line: part * value for line, value in shares(worth).items()} for part, worth in sides])
    return {line: min(1.0, (value - LEAST_THEME) / FULL_THEME) for line, value in share.items() if value > LEAST_THEME}


def _hushed(near: dict[str, float], theme: dict[str, float]) -> dict[str, float]:
    """What stands near an item, where the plan has a theme with less said for other lines."""
    kept = 1 - HUSHED * max(theme.values(), default=0.0)
    return {line: value if line in theme else value * kept for line, value in near.items()}


def _headings_above(outline: Sequence[Heading], position: int) -> list[Heading]:
    """The headings that govern a position, outermost first."""
    place = bisect_right(outline, position, key=lambda heading: heading.end) - 1
    above: list[Heading] = []
    while place >= 0:
        if position < outline[place].body_end:
            above.append(outline[place])
        place = outline[place].parent
    return above[::-1]


def spoken(features: Features, weights: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """For each line the weighted sums of what is not subdued, and of what stands around the item."""
    sums: dict[str, tuple[float, float]] = {}
    for source, values in features.items():
        weight, of_itself = weights[source], source in UNSUBDUED
        for line, value in values.items():
            own, around = sums.get(line, (0.0, 0.0))
            sums[line] = (own + weight * value, around) if of_itself else (own, around + weight * value)
    return sums


def subdued(around: float) -> float:
    """Headings, paragraph, neighbours and plan say much the same: together they speak no louder than LOUDEST."""
    return LOUDEST * math.tanh(around / LOUDEST)


def decide(features: Features, evidence: Evidence, weights: Mapping[str, float]) -> tuple[str, tuple[str, ...]]:
    """The line with the highest sum of weighted sources, and what spoke for it."""
    totals = {line: own + subdued(around) for line, (own, around) in spoken(features, weights).items()}
    best = max(LINES, key=lambda line: totals.get(line, 0.0))
    if totals.get(best, 0.0) <= 0:
        return FALLBACK, (f"fallback→{FALLBACK}",)
    words = [f"word:{word}→{best}" for word, sign in evidence.words if sign.line == best and sign.tier != "against"]
    others = [
        (weights[source] * features[source].get(best, 0.0), source) for source in SOURCES if source not in OF_ITSELF
    ]
    shown = [f"{source}→{best}" for value, source in sorted(others, reverse=True) if value >= LEAST_SHOWN]
    return best, (*words, *shown)
