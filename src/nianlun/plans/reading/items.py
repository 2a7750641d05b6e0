"""Which stretches of a plan are commitments."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.reading.model import Heading


def find_items(text: str, outline: Sequence[Heading]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Start, end and the names of the rules that fired, in the order of the text, without overlap."""
    return []
