"""Fit the few weights that mix what speaks for a line of work: own words, headings, paragraph, neighbours, plan.

    python scripts/fit_lines.py [--plans DIR] [--out FILE] [--leave-one-out]

The plans used are all but the held-out three. Words are withheld at random while fitting, so that the weights are
those for a plan of whose words the vocabulary knows only a part. No annotated text is kept: only weights leave.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from annotated import HELD_OUT, PLANS, AnnotatedPlan, plan_names, read_annotated

from nianlun.plans.reading.line_of_work import (
    LOUDEST,
    SOURCES,
    UNSUBDUED,
    WEIGHTS,
    Features,
    decide,
    describe,
    spoken,
    subdued,
)
from nianlun.plans.reading.model import LINES
from nianlun.plans.reading.outline import find_outline
from nianlun.plans.reading.vocabulary import Lexicon, shipped_lexicon

WITHHELD = 0.25
COPIES = 3
STEPS, RATE, L2 = 200, 0.05, 0.5
# Few of the plans fitted on are of one office: their theme is drawn towards more than the other sources are.
START = dict.fromkeys(SOURCES, 1.0) | {"theme": 2.0}
SEED = 20261123


def thinned(lexicon: Lexicon, share: float, seed: int) -> Lexicon:
    """The lexicon without a share of its words, drawn at random."""
    draw = random.Random(seed)
    words = {word: signs for word, signs in lexicon.words.items() if not signs or draw.random() >= share}
    pairs = [pair for pair in lexicon.pairs if draw.random() >= share]
    return Lexicon(words, pairs)


def rows_of(plan: AnnotatedPlan, lexicon: Lexicon) -> list[tuple[Features, str]]:
    """What speaks for the line of each item of a plan, and its right line."""
    described = describe(plan.text, plan.spans, find_outline(plan.text), lexicon)
    return [(features, str(item["line"])) for (features, _), item in zip(described, plan.items, strict=True)]


def fit_plans(plans: Sequence[AnnotatedPlan]) -> dict[str, float]:
    """Weights by source: the likeliest lines under a softmax over the twenty, drawn towards START, none below zero."""
    lexicons = [thinned(shipped_lexicon(), WITHHELD, SEED + copy) for copy in range(COPIES)]
    rows = [row for lexicon in lexicons for plan in plans for row in rows_of(plan, lexicon)]
    weights = dict(START)
    mean, spread = dict.fromkeys(SOURCES, 0.0), dict.fromkeys(SOURCES, 0.0)
    for step in range(1, STEPS + 1):
        slope = {source: -L2 * COPIES * (weights[source] - START[source]) for source in SOURCES}
        for features, gold in rows:
            sides = spoken(features, weights)
            totals = dict.fromkeys(LINES, 0.0)
            totals |= {line: own + subdued(around) for line, (own, around) in sides.items()}
            highest = max(totals.values())
            likely = {line: math.exp(total - highest) for line, total in totals.items()}
            whole = sum(likely.values())
            for source, values in features.items():
                for line, value in values.items():
                    gain = 1.0 if source in UNSUBDUED else 1.0 - (subdued(sides[line][1]) / LOUDEST) ** 2
                    slope[source] += ((line == gold) - likely[line] / whole) * value * gain
        for source in SOURCES:  # Adam
            mean[source] = 0.9 * mean[source] + 0.1 * slope[source]
            spread[source] = 0.99 * spread[source] + 0.01 * slope[source] ** 2
            move = mean[source] / (1 - 0.9**step) / (math.sqrt(spread[source] / (1 - 0.99**step)) + 1e-8)
            weights[source] = max(0.0, weights[source] + RATE * move)
    return {source: round(weight, 2) for source, weight in weights.items()}


def right(plan: AnnotatedPlan, weights: Mapping[str, float], lexicon: Lexicon) -> int:
    """How many items of a plan get their line."""
    described = describe(plan.text, plan.spans, find_outline(plan.text), lexicon)
    lines = [decide(features, evidence, weights)[0] for features, evidence in described]
    return sum(line == item["line"] for line, item in zip(lines, plan.items, strict=True))


def leave_one_out(plans: Sequence[AnnotatedPlan]) -> None:
    """Print each plan's accuracy with weights fitted on the others, with all words and with some withheld."""
    thin = thinned(shipped_lexicon(), WITHHELD, SEED - 1)
    hits = thin_hits = items = 0
    for plan in plans:
        weights = fit_plans([other for other in plans if other is not plan])
        whole, part = right(plan, weights, shipped_lexicon()), right(plan, weights, thin)
        print(f"{plan.name}  {whole:3d} of {len(plan.items):3d}   with words withheld {part:3d}")
        hits, thin_hits, items = hits + whole, thin_hits + part, items + len(plan.items)
    print(f"all      {hits / items:.3f}        with words withheld {thin_hits / items:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plans", type=Path, default=PLANS)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--leave-one-out", action="store_true")
    options = parser.parse_args()
    names = [name for name in plan_names(options.plans) if name not in HELD_OUT]
    plans = [plan for plan in (read_annotated(name, options.plans) for name in names) if plan.items]
    if options.leave_one_out:
        leave_one_out(plans)
        return
    weights = fit_plans(plans)
    options.out.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    print(weights)


if __name__ == "__main__":
    main()
