"""Pairs of entries that may be one person, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from nianlun.kernel.fields import show
from nianlun.places.actions.people_merge import CHOICES, HOME
from nianlun.places.models import Community, IdKind, Resident, ResidentState
from nianlun.places.registers.resident_fields import BY_CODE, SECRET
from nianlun.places.rules.duplicates import Why
from nianlun.places.search.described import address_of
from nianlun.places.viewing import CommunityViewer

MOST = 50  # pairs shown at once; what is judged makes room for others
# Somebody who moved out has no building any more: then the name and the day of birth must do.
PAIRS = """
SELECT one.id, other.id, 'born_here' AS why, one.name FROM places_resident one JOIN places_resident other
    ON other.subdistrict_id = one.subdistrict_id AND other.name = one.name AND other.born_on = one.born_on
    AND (other.building_id = one.building_id OR other.building_id IS NULL OR one.building_id IS NULL)
    AND other.id > one.id
WHERE one.community_id = %(community)s AND other.community_id = %(community)s
    AND one.state <> 'merged' AND other.state <> 'merged'
    AND (one.id_number_digest IS NULL OR other.id_number_digest IS NULL)
UNION ALL
SELECT one.id, other.id, 'phone', one.name FROM places_resident one JOIN places_resident other
    ON other.subdistrict_id = one.subdistrict_id AND other.phone_digest = one.phone_digest AND other.name = one.name
    AND other.id > one.id
WHERE one.community_id = %(community)s AND other.community_id = %(community)s
    AND one.state <> 'merged' AND other.state <> 'merged'
    AND (one.id_number_digest IS NULL OR other.id_number_digest IS NULL)
"""
NOT_JUDGED = f"""
SELECT found.* FROM ({PAIRS}) AS found (one, other, why, name)
WHERE NOT EXISTS (SELECT FROM places_notsame judged WHERE judged.one_id = found.one AND judged.other_id = found.other)
ORDER BY name, one, other LIMIT %(most)s
"""


@dataclass(slots=True)
class Pair:
    """Two entries of a community, the earlier one first, and why they may be one person."""

    one: Resident
    other: Resident
    why: list[Why]


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of two entries side by side. `choice`: which of CHOICES keeps one of them; "" where both are alike."""

    title: str
    one: str
    other: str
    choice: str
    take: bool = False  # the other's is proposed


def pairs(community: Community) -> list[Pair]:
    """The first pairs by name that nobody has judged; two numbers that differ speak against one person."""
    with connection.cursor() as cursor:
        cursor.execute(NOT_JUDGED, {"community": community.pk, "most": MOST * 2})
        rows = cursor.fetchall()
    found: dict[tuple[UUID, UUID], list[Why]] = {}
    for one, other, why, _ in rows:
        found.setdefault((one, other), []).append(Why(why))
    people = Resident.objects.select_related("building__estate", "room__unit").in_bulk(
        {pk for key in found for pk in key}
    )
    return [Pair(people[one], people[other], why) for (one, other), why in list(found.items())[:MOST]]


def differences(one: Resident, other: Resident, viewer: CommunityViewer) -> list[Difference]:
    """What stands in both entries, field by field; secret ones only as alike or not."""
    numbered = one.id_number_digest is not None or other.id_number_digest is not None
    told: list[Difference] = []
    for code in CHOICES:
        if any(viewer.policy.hides(f"resident.{code}", row) for row in (one, other)):
            continue
        mine, theirs = said(one, code), said(other, code)
        title = BY_CODE[code].title if code in BY_CODE else "最近核实"
        alike = same(one, other, code)
        offered = not alike and not (numbered and code in {"sex", "born_on"})
        take = offered and bool(theirs) and not mine
        told.append(Difference(title, mine, theirs, code if offered else "", take))
    told.append(Difference("状态", one.get_state_display(), other.get_state_display(), ""))
    both = one.state == other.state == ResidentState.LIVING and one.room_id and other.room_id
    elsewhere = bool(both) and (one.room_id, one.household_id) != (other.room_id, other.household_id)
    told.append(Difference("现住", where(one), where(other), HOME if elsewhere else ""))
    return told


def same(one: Resident, other: Resident, code: str) -> bool:
    if code in SECRET:
        return digest_of(one, code) == digest_of(other, code)
    return bool(getattr(one, code) == getattr(other, code))


def digest_of(row: Resident, code: str) -> bytes | None:
    found: Any = getattr(row, f"{code}_digest")
    return None if found is None else bytes(found)


def said(row: Resident, code: str) -> str:
    """In words; of a secret value only that there is one."""
    if code in SECRET:
        kind = f"（{IdKind(row.id_kind).label}）" if code == "id_number" else ""
        return f"已登记{kind}" if digest_of(row, code) is not None else ""
    value = getattr(row, code)
    if value == "unknown":
        return ""
    return show(value, BY_CODE[code]) if code in BY_CODE else show(value, BY_CODE["born_on"])


def where(row: Resident) -> str:
    return address_of(row.building, row.room) or "—"
