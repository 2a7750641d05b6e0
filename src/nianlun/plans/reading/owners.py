"""Who answers for an item: named posts, teams and units that the item itself makes responsible."""

from __future__ import annotations

from collections.abc import Sequence

from nianlun.plans.reading.model import Owner


def assign_owners(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Owner, ...]]:
    return [() for _ in spans]
