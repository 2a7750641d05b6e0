"""The sequence model over clauses: outside, begins a commitment, or goes on with the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("item_weights.json")
OUTSIDE, BEGINS, GOES_ON = 0, 1, 2
IMPOSSIBLE = -1e9

Row = tuple[float, float, float]
Pair = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ItemWeights:
    """Per feature what it speaks for BEGINS and GOES_ON against OUTSIDE; per kind of stop a weight for each step."""

    features: Mapping[str, Pair]
    steps: Mapping[str, tuple[Row, Row, Row]]


def row_of(values: Sequence[float]) -> Row:
    """A weight for each of the three labels."""
    outside, begins, goes_on = values
    return outside, begins, goes_on


@cache
def shipped_weights() -> ItemWeights:
    """The weights fitted by scripts/fit_items.py."""
    form = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return ItemWeights(
        {name: (begins, goes_on) for name, (begins, goes_on) in form["features"].items()},
        {stop: (row_of(rows[0]), row_of(rows[1]), row_of(rows[2])) for stop, rows in form["steps"].items()},
    )


def scores_of(weights: ItemWeights, rows: Sequence[Sequence[str]]) -> list[Row]:
    """The three scores of every clause, that of OUTSIDE being the zero."""
    get = weights.features.get
    scores: list[Row] = []
    for names in rows:
        begins = goes_on = 0.0
        for name in names:
            pair = get(name)
            if pair is not None:
                begins += pair[0]
                goes_on += pair[1]
        scores.append((0.0, begins, goes_on))
    return scores


def best_labels(weights: ItemWeights, scores: Sequence[Row], stops: Sequence[str]) -> list[int]:
    """The best sequence of labels; `stops` holds the kind of stop before each clause. Nothing goes on from outside."""
    if not scores:
        return []
    best = [scores[0][OUTSIDE], scores[0][BEGINS], IMPOSSIBLE]
    back: list[tuple[int, int, int]] = []
    for score, stop in zip(scores[1:], stops[1:], strict=True):
        step = weights.steps[stop]
        came: list[int] = []
        new: list[float] = []
        for label in (OUTSIDE, BEGINS, GOES_ON):
            choices = [best[was] + step[was][label] for was in (OUTSIDE, BEGINS, GOES_ON)]
            if label == GOES_ON:
                choices[OUTSIDE] = IMPOSSIBLE
            was = max((OUTSIDE, BEGINS, GOES_ON), key=choices.__getitem__)
            came.append(was)
            new.append(choices[was] + score[label])
        best = new
        back.append((came[0], came[1], came[2]))
    label = max((OUTSIDE, BEGINS, GOES_ON), key=best.__getitem__)
    labels = [label]
    for came_from in reversed(back):
        label = came_from[label]
        labels.append(label)
    return labels[::-1]
