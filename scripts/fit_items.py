"""Fit the weights of the sequence model over clauses (a conditional random field) on annotated plans.

    python scripts/fit_items.py [--out FILE]

Fitted on ../shared/plans but the held-out three, and on our own plans in scripts/corpus; only weights leave it.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotated import HELD_OUT, AnnotatedPlan, own_plans, plan_names, read_annotated

from nianlun.plans.reading.item_model import BEGINS, GOES_ON, OUTSIDE, WEIGHTS, ItemWeights, row_of
from nianlun.plans.reading.items import described, stops_before
from nianlun.plans.reading.outline import find_outline

LABELS = (OUTSIDE, BEGINS, GOES_ON)
STOPS = ("end", "comma", "mark", "colon", "full")
EPOCHS = 24
RATE = 0.01
SLOWING = 0.05
NEGLIGIBLE = 0.03
L2 = 0.2
LENIENCE = 0.45
SEED = 20261123


@dataclass(frozen=True, slots=True)
class Chain:
    """One paragraph: the features of each clause, the kind of stop before it, and its right label."""

    rows: list[list[str]]
    stops: list[str]
    labels: list[int]


def chains_of(text: str, spans: Sequence[tuple[int, int]]) -> list[Chain]:
    """The paragraphs of an annotated plan; a clause belongs to the item that covers most of it, if that is half."""
    chains: list[Chain] = []
    for paragraph, rows in described(text, find_outline(text)):
        labels: list[int] = []
        was = -1
        for clause in paragraph.clauses:
            covered = [(min(end, clause.end) - max(start, clause.start), n) for n, (start, end) in enumerate(spans)]
            most, item = max(covered, default=(0, -1))
            if most * 2 < clause.end - clause.start:
                labels.append(OUTSIDE)
                was = -1
            else:
                labels.append(GOES_ON if item == was else BEGINS)
                was = item
        chains.append(Chain(rows, stops_before(paragraph), labels))
    return chains


def fit(chains: Sequence[Chain], epochs: int = EPOCHS, rate: float = RATE, l2: float = L2) -> ItemWeights:
    """Stochastic gradient ascent on the log likelihood; every visit to a weight also draws it towards zero."""
    features: dict[str, list[float]] = {}
    weighed = [[[features.setdefault(name, [0.0, 0.0, 0.0]) for name in row] for row in c.rows] for c in chains]
    steps = {stop: [[0.0] * 3 for _ in LABELS] for stop in STOPS}
    order = list(range(len(chains)))
    generator = random.Random(SEED)
    for epoch in range(epochs):
        pace = rate / (1 + SLOWING * epoch)
        keep = 1.0 - pace * l2
        generator.shuffle(order)
        for place in order:
            chain, rows = chains[place], weighed[place]
            scores = [[sum(column) for column in zip(*row, strict=True)] for row in rows]
            single, double = _expected(scores, chain.stops, steps)
            for at, (row, label, expected) in enumerate(zip(rows, chain.labels, single, strict=True)):
                outside, begins, goes_on = (pace * ((label == k) - expected[k]) for k in LABELS)
                for weight in row:
                    weight[0] = keep * weight[0] + outside
                    weight[1] = keep * weight[1] + begins
                    weight[2] = keep * weight[2] + goes_on
                if at:
                    table = steps[chain.stops[at]]
                    for was in LABELS:
                        for k in LABELS:
                            right = chain.labels[at - 1] == was and label == k
                            table[was][k] = keep * table[was][k] + pace * (right - double[at - 1][was][k])
    features["bias"][OUTSIDE] -= LENIENCE
    return ItemWeights(
        {name: (row[BEGINS] - row[OUTSIDE], row[GOES_ON] - row[OUTSIDE]) for name, row in features.items()},
        {stop: (row_of(rows[0]), row_of(rows[1]), row_of(rows[2])) for stop, rows in steps.items()},
    )


def _expected(
    scores: Sequence[Sequence[float]], stops: Sequence[str], steps: Mapping[str, list[list[float]]]
) -> tuple[list[list[float]], list[list[list[float]]]]:
    """The probability of every label and of every pair of neighbouring labels (forward and backward)."""
    size = len(scores)
    local = [[math.exp(min(30.0, v - max(score))) for v in score] for score in scores]
    local[0][GOES_ON] = 0.0
    links = [
        [
            [0.0 if was == OUTSIDE and k == GOES_ON else math.exp(min(30.0, steps[stop][was][k])) for k in LABELS]
            for was in LABELS
        ]
        for stop in stops
    ]
    forward = [_scaled(local[0])]
    for at in range(1, size):
        link = links[at]
        forward.append(_scaled([local[at][k] * sum(forward[-1][was] * link[was][k] for was in LABELS) for k in LABELS]))
    backward = [[1.0] * 3 for _ in scores]
    for at in range(size - 2, -1, -1):
        link = links[at + 1]
        backward[at] = _scaled(
            [sum(link[was][k] * local[at + 1][k] * backward[at + 1][k] for k in LABELS) for was in LABELS]
        )
    single = [_scaled([a * b for a, b in zip(f, b_, strict=True)]) for f, b_ in zip(forward, backward, strict=True)]
    double: list[list[list[float]]] = []
    for at in range(1, size):
        link = links[at]
        raw = [[forward[at - 1][was] * link[was][k] * local[at][k] * backward[at][k] for k in LABELS] for was in LABELS]
        total = sum(map(sum, raw)) or 1.0
        double.append([[value / total for value in row] for row in raw])
    return single, double


def _scaled(values: Sequence[float]) -> list[float]:
    total = sum(values) or 1.0
    return [value / total for value in values]


def fit_plans(plans: Sequence[AnnotatedPlan]) -> ItemWeights:
    """Weights from annotated plans and our own."""
    return fit([chain for plan in (*plans, *own_plans()) for chain in chains_of(plan.text, plan.spans)])


def written(weights: ItemWeights) -> str:
    """The weights as JSON; what weighs next to nothing is left out."""
    features = {
        name: [round(value, 3) for value in row]
        for name, row in sorted(weights.features.items())
        if max(map(abs, row)) >= NEGLIGIBLE
    }
    steps = {stop: [[round(value, 3) for value in row] for row in rows] for stop, rows in weights.steps.items()}
    lines = [f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row)}" for name, row in features.items()]
    return '{"steps":' + json.dumps(steps) + ',\n"features":{\n' + ",\n".join(lines) + "\n}}\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    out: Path = parser.parse_args().out
    plans = [read_annotated(name) for name in plan_names() if name not in HELD_OUT]
    weights = fit_plans(plans)
    out.write_text(written(weights), encoding="utf-8")
    print(f"{len(plans)} plans, {len(weights.features)} features -> {out.name}")


if __name__ == "__main__":
    main()
