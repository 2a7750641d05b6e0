"""Which stretches of a plan are commitments: every clause is judged in its paragraph, then joined or left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianlun.plans.reading.clauses import Paragraph, paragraphs_of
from nianlun.plans.reading.item_features import features_of, stop_of
from nianlun.plans.reading.item_model import BEGINS, OUTSIDE, ItemWeights, best_labels, scores_of, shipped_weights
from nianlun.plans.reading.model import Heading
from nianlun.plans.reading.outline import headings_above

NAMED_REASONS = 3


def described(text: str, outline: Sequence[Heading]) -> Iterator[tuple[Paragraph, list[list[str]]]]:
    """Every paragraph of prose with the features of its clauses."""
    first_heading = outline[0].start if outline else 0
    for paragraph in paragraphs_of(text, outline):
        start = paragraph.clauses[0].start
        yield paragraph, features_of(text, paragraph, headings_above(outline, start), start < first_heading)


def stops_before(paragraph: Paragraph) -> list[str]:
    """The kind of stop before each clause of a paragraph."""
    return ["end", *(stop_of(clause.stop) for clause in paragraph.clauses[:-1])]


def find_items(
    text: str, outline: Sequence[Heading], weights: ItemWeights | None = None
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Start, end and the names of what decided, in the order of the text, without overlap."""
    weights = weights or shipped_weights()
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for paragraph, rows in described(text, outline):
        labels = best_labels(weights, scores_of(weights, rows), stops_before(paragraph))
        for clause, row, label in zip(paragraph.clauses, rows, labels, strict=True):
            if label == BEGINS:
                found.append((clause.start, clause.end, _reasons(weights, row)))
            elif label != OUTSIDE:
                start, _, reasons = found[-1]
                found[-1] = (start, clause.end, reasons)
    return found


def _reasons(weights: ItemWeights, row: Sequence[str]) -> tuple[str, ...]:
    """The features that spoke most for a commitment."""
    rated = [(weights.features.get(name, (0.0, 0.0))[0], name) for name in row]
    spoke = sorted(((weight, name) for weight, name in rated if weight > 0), reverse=True)
    return tuple(f"item:{name}" for _, name in spoke[:NAMED_REASONS])
