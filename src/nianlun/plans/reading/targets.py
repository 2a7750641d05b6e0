"""Figures that a result can be checked against."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.reading.model import Target


def assign_targets(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Target, ...]]:
    return [() for _ in spans]
