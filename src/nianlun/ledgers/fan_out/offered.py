"""Places to list for a fan-out: those that a word finds, and before a word those that the duty's own words point at."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from nianlun.ledgers.fan_out.ground import READ, Place
from nianlun.ledgers.models import Entry
from nianlun.places.models import Community, Estate, EstateKind

SHOWN = 60


def everything(community: Community) -> dict[UUID, Place]:
    """Grids, estates, buildings and organisations that are there today; four queries."""
    return {
        pk: place for read in READ.values() for pk, place in read(community).items() if place.closed_on is None
    }  # fmt: skip


def found_by(words: str, places: Mapping[UUID, Place]) -> list[Place]:
    said = words.replace(" ", "")
    return [place for place in places.values() if said in place.name.replace(" ", "")][:SHOWN]


def pointed_at(text: str, community: Community, places: Mapping[UUID, Place]) -> tuple[str, list[Place]]:
    """Why, and which: where hazards are open, or courtyards."""
    estates = "院" in text or "小区" in text
    if "隐患" in text:
        found = [place for pk in _with_hazards(community, estates=estates) if (place := places.get(pk)) is not None]
        return "现在有没销号隐患的地方", found[:SHOWN]
    if "院落" in text:
        yards = Estate.objects.filter(community=community, kind=EstateKind.COURTYARDS).values_list("pk", flat=True)
        return "平房院落", [places[pk] for pk in yards if pk in places][:SHOWN]
    return "", []


def _with_hazards(community: Community, *, estates: bool) -> list[UUID]:
    rows = Entry.objects.filter(community=community, ledger="hazard", closed_on=None, withdrawn_at=None)
    found: list[UUID] = []
    for kind, subject, building, estate in rows.values_list(
        "subject_kind", "subject_id", "building_id", "building__estate_id"
    )[:1000]:
        nearest = subject if kind == "organisation" else None
        one = estate if estates else (nearest or building)
        if one is not None and one not in found:
            found.append(one)
    return found
