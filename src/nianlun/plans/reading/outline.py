"""The outline: headings, numbered points of every style, run-in headings."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.reading.model import Heading


def find_outline(text: str) -> tuple[Heading, ...]:
    return ()


def headings_above(outline: Sequence[Heading], position: int) -> tuple[str, ...]:
    """Titles of the headings that govern a position, outermost first."""
    return tuple(h.title for h in outline if h.end <= position < h.body_end)


def title_and_year(text: str, outline: Sequence[Heading]) -> tuple[str, int | None]:
    return "", None
