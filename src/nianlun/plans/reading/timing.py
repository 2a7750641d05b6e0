"""When: schedules found in the text and given to the items that they govern."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.reading.model import Timing


def assign_timings(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Timing, ...]]:
    return [() for _ in spans]
