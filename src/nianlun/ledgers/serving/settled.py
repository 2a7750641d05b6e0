"""Where a duty's words ask that what was found be mended (整改率, 销号): how much was found, and how much of it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from nianlun.ledgers import catalogue
from nianlun.ledgers.models import Entry, EntryLink
from nianlun.places.models import Community

HAZARD = "hazard"
ASKING = ("整改率", "整改到位", "整改完成", "销号", "闭环", "清零", "限期整改", "落实整改")


@dataclass(frozen=True, slots=True)
class Settled:
    found: int
    closed: int


def asks_to_settle(text: str) -> bool:
    return any(words in text for words in ASKING)


def settled_of(community: Community, entries: Collection[UUID]) -> Settled:
    """Of the hazards among these entries and those that they opened; what did not hold, or was withdrawn, is none.

    A hazard is settled once a second person has verified it: its flow has come to a good end.
    """
    held = catalogue.ledgers_at(community).get(HAZARD)
    if held is None:
        return Settled(0, 0)
    opened = EntryLink.objects.filter(source__in=entries, target__ledger=HAZARD).values_list("target_id", flat=True)
    rows = Entry.objects.filter(pk__in={*entries, *opened}, ledger=HAZARD, community=community, withdrawn_at=None)
    ends = {code: state.tone for code, state in held.ledger.flow.states.items() if state.final}
    tones = [ends.get(status) for status in rows.values_list("status", flat=True)]
    return Settled(sum(tone in {None, "good"} for tone in tones), tones.count("good"))
