"""Looks in the register for entries that may be the same person: the one place for form, sheet and API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from nianlun.places.models import Community
from nianlun.places.rules.duplicates import Why

# One line for each person sought and each entry that looks like them. Merged entries look like nobody.
ALIKE = """
WITH sought AS (
    SELECT * FROM unnest(%(places)s::int[], %(names)s::text[], %(born)s::date[], %(buildings)s::uuid[],
                         %(phones)s::bytea[]) AS w (place, name, born_on, building, phone)
)
SELECT place, r.id, r.name, 'born_here' FROM sought JOIN places_resident r
    ON r.subdistrict_id = %(subdistrict)s AND r.name = sought.name AND r.born_on = sought.born_on
    AND r.building_id = sought.building
WHERE r.community_id = %(community)s AND r.state <> 'merged'
UNION ALL
SELECT place, r.id, r.name, 'phone' FROM sought JOIN places_resident r
    ON r.subdistrict_id = %(subdistrict)s AND r.phone_digest = sought.phone AND r.name = sought.name
WHERE r.community_id = %(community)s AND r.state <> 'merged'
"""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of somebody before they are in the register."""

    name: str
    born_on: date | None
    building: UUID | None
    phone: bytes | None  # its digest


@dataclass(frozen=True, slots=True)
class Alike:
    """An entry that looks like the person sought."""

    id: UUID
    name: str
    why: Why


def find(people: Sequence[Person], community: Community) -> list[list[Alike]]:
    """For each person the entries of the community that may be the same; one query for all."""
    found: list[list[Alike]] = [[] for _ in people]
    if not people:
        return found
    with connection.cursor() as cursor:
        cursor.execute(
            ALIKE,
            {
                "places": list(range(len(people))),
                "names": [one.name for one in people],
                "born": [one.born_on for one in people],
                "buildings": [one.building for one in people],
                "phones": [one.phone for one in people],
                "subdistrict": community.subdistrict_id,
                "community": community.pk,
            },
        )
        for place, pk, name, why in cursor.fetchall():
            if all(one.id != pk for one in found[place]):
                found[place].append(Alike(pk, name, Why(why)))
    return found
