"""Records that an entry names: residents, organisations, bodies, places and colleagues, as the writer may see them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from nianlun.ledgers.declarations.model import RECORDS, FieldSpec, Ledger
from nianlun.places.access import people_of
from nianlun.places.bodies_seen import bodies_of
from nianlun.places.models import Body, Building, Community, Grid, Household, Organisation, Resident, User
from nianlun.places.policy import May, Policy

Rows = Callable[[Policy, Community], QuerySet[Any]]


def _of(model: type[Model], may: May) -> Rows:
    return lambda policy, community: policy.rows(model._default_manager.filter(community=community), may)


ROWS: dict[str, Rows] = {
    "person": _of(Resident, May.PEOPLE),
    "household": _of(Household, May.PEOPLE),
    "organisation": _of(Organisation, May.GROUND),
    "body": lambda policy, community: bodies_of(community, policy),
    "place": _of(Building, May.GROUND),
    "grid": lambda policy, community: Grid.objects.filter(community=community, closed_on=None),
    "user": lambda policy, community: User.objects.filter(pk__in=[user.pk for user in people_of(community)]),
}


def named(ids: Mapping[str, Iterable[str]], policy: Policy, community: Community) -> dict[str, Any]:
    """The records of these ids, by id, that the writer may name; one query for each kind."""
    found: dict[str, Any] = {}
    for kind, wanted in ids.items():
        listed = [one for one in wanted if one]
        if listed:
            rows = ROWS[kind](policy, community).filter(pk__in=listed)
            found.update({str(row.pk): row for row in rows})
    return found


def is_id(word: str) -> bool:
    """Whether a word can be the id of a record at all; the database refuses to look for another."""
    try:
        UUID(word)
    except ValueError:
        return False
    return True


def record_fields(ledger: Ledger) -> list[FieldSpec]:
    return [field for field in ledger.fields if field.kind in RECORDS]


def names_of(ids: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """How records are called, whoever asks: an entry that one may see names what it is about."""
    models: dict[str, type[Model]] = {
        "person": Resident, "household": Household, "organisation": Organisation, "body": Body, "place": Building,
        "user": User,
    }  # fmt: skip
    found: dict[str, str] = {}
    for kind, wanted in ids.items():
        listed = {one for one in wanted if is_id(one)}
        if listed and kind in models:
            rows = models[kind]._default_manager.filter(pk__in=listed)
            rows = rows.select_related("estate") if kind == "place" else rows
            found.update({str(row.pk): str(row) for row in rows})
    return found


def place_of(kind: str, record: Any) -> tuple[UUID | None, UUID | None]:
    """The building and the grid that a record lies in today, as far as it lies in any."""
    match kind:
        case "place":
            return record.pk, record.grid_id
        case "person" | "household" | "organisation":
            return record.building_id, record.grid_id
    return None, None


def grid_on(building_id: UUID, day: Any) -> UUID | None:
    """The grid in which a building lay on a day."""
    building = Building.objects.get(pk=building_id)
    spell = building.grid_spells.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day).first()
    return spell.grid_id if spell else building.grid_id
