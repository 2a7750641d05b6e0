"""A plan's text as the review shows it: paragraphs cut into pieces, each of one item or of none."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nianlun.plans.models import ItemText


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters from `start`, an offset in the text."""

    start: int
    text: str
    item: ItemText | None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; `level` is that of the heading that it is, or that it opens with, else 0."""

    level: int
    whole: bool  # the heading is the whole line
    pieces: tuple[Piece, ...]


def paragraphs(text: str, items: Sequence[ItemText], outline: Sequence[Mapping[str, Any]]) -> Iterator[Paragraph]:
    """Every line with words on it, in order; `items` and `outline` are in the order of the text."""
    starts = sorted({edge for row in items for edge in (row.start, row.end)})
    begins = [row.start for row in items]
    heads = [int(heading["start"]) for heading in outline]
    line_start = 0
    for line in text.split("\n"):
        line_end = line_start + len(line)
        if line.strip():
            at = bisect_left(heads, line_start)
            heading = outline[at] if at < len(heads) and heads[at] < line_end else None
            cuts = starts[bisect_left(starts, line_start + 1) : bisect_left(starts, line_end)]
            edges = [line_start, *cuts, line_end]
            pieces = tuple(_piece(text, start, end, items, begins) for start, end in pairwise(edges))
            whole = heading is not None and line_end - int(heading["end"]) <= 2
            yield Paragraph(int(heading["level"]) if heading else 0, whole, pieces)
        line_start = line_end + 1


def _piece(text: str, start: int, end: int, items: Sequence[ItemText], begins: Sequence[int]) -> Piece:
    at = bisect_left(begins, start + 1) - 1
    item = items[at] if at >= 0 and items[at].end > start else None
    return Piece(start, text[start:end], item)
