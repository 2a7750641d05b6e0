"""The places of a community over which duties fan out, read once; which of them a time of a duty is about is pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.kernel.clock import day_of, today
from nianlun.ledgers.models import Entry, FanOut, FanOutPlace, Over
from nianlun.places.models import Building, Community, Estate, Grid, Organisation

KIND_OF = {
    Over.GRIDS: FanOutPlace.Kind.GRID, Over.ESTATES: FanOutPlace.Kind.ESTATE, Over.BUILDINGS: FanOutPlace.Kind.BUILDING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A grid, an estate, a building or an organisation; days are those from which it was there and no longer was."""

    kind: str
    pk: UUID
    name: str
    made_on: date
    opened_on: date | None = None
    closed_on: date | None = None
    grid_id: UUID | None = None
    building_id: UUID | None = None
    estate_id: UUID | None = None

    @property
    def kind_title(self) -> str:
        return FanOutPlace.Kind(self.kind).label


@dataclass(frozen=True, slots=True)
class Ground:
    """Places by kind and id, as far as the fan-outs that were asked about need them."""

    by_kind: Mapping[str, Mapping[UUID, Place]] = field(default_factory=dict)
    listed: Mapping[UUID, list[tuple[str, UUID]]] = field(default_factory=dict)  # by fan-out

    def of(self, fan: FanOut) -> dict[UUID, Place]:
        """Every place that the fan-out is about, whenever it was there."""
        if fan.over == Over.LISTED:
            found = (self.by_kind.get(kind, {}).get(pk) for kind, pk in self.listed.get(fan.pk, []))
            return {place.pk: place for place in found if place is not None}
        places = self.by_kind.get(KIND_OF[Over(fan.over)], {})
        return {
            pk: place
            for pk, place in places.items()
            if fan.grid_id in {None, place.grid_id} and fan.estate_id in {None, place.estate_id}
        }

    def expected(self, fan: FanOut, one: Occurrence) -> dict[UUID, Place]:
        """Those that a time is about: new ones come in, and those that are gone fall out, until it is done.

        A time that is done keeps to what was there when that was recorded.
        """
        done = one.recorded_at if one.status == OccurrenceStatus.DONE else None
        day = day_of(done) if done else today()
        return {pk: place for pk, place in self.of(fan).items() if _there(place, day, since_made=done is not None)}


def _there(place: Place, day: date, *, since_made: bool) -> bool:
    if place.closed_on is not None and place.closed_on <= day:
        return False
    opened = place.opened_on or (place.made_on if since_made else None)
    return opened is None or opened <= day


def ground_of(community: Community, fans: Iterable[FanOut]) -> Ground:
    """At most one query for each kind of place, and one for lists."""
    wanted = list(fans)
    kinds = {str(KIND_OF[Over(fan.over)]) for fan in wanted if fan.over != Over.LISTED}
    listed: dict[UUID, list[tuple[str, UUID]]] = {}
    lists = [fan.pk for fan in wanted if fan.over == Over.LISTED]
    if lists:
        rows = FanOutPlace.objects.filter(fan_out__in=lists).order_by("pk")
        for fan_out, kind, place in rows.values_list("fan_out_id", "kind", "place_id"):
            listed.setdefault(fan_out, []).append((kind, place))
            kinds.add(kind)
    return Ground({kind: READ[kind](community) for kind in sorted(kinds)}, listed)


def _grids(community: Community) -> dict[UUID, Place]:
    rows = Grid.objects.filter(community=community)
    return {
        row.pk: Place("grid", row.pk, row.name, day_of(row.created_at), row.opened_on, row.closed_on, grid_id=row.pk)
        for row in rows
    }


def _estates(community: Community) -> dict[UUID, Place]:
    rows = Estate.objects.filter(community=community)
    return {row.pk: Place("estate", row.pk, row.name, day_of(row.created_at), estate_id=row.pk) for row in rows}


def _buildings(community: Community) -> dict[UUID, Place]:
    rows = Building.objects.filter(community=community).select_related("estate")
    return {
        row.pk: Place(
            "building", row.pk, str(row), day_of(row.created_at), closed_on=row.retired_on, grid_id=row.grid_id,
            building_id=row.pk, estate_id=row.estate_id,
        )
        for row in rows
    }  # fmt: skip


def _organisations(community: Community) -> dict[UUID, Place]:
    rows = Organisation.objects.filter(community=community)
    return {
        row.pk: Place(
            "organisation", row.pk, row.name, day_of(row.created_at), row.opened_on, row.closed_on,
            grid_id=row.grid_id, building_id=row.building_id,
        )
        for row in rows
    }  # fmt: skip


READ = {"grid": _grids, "estate": _estates, "building": _buildings, "organisation": _organisations}


def place_of(entry: Entry, places: Mapping[UUID, Place]) -> UUID | None:
    """The place that an entry is of: what it is about, else its building, estate or grid, the nearest first."""
    estate = entry.building.estate_id if entry.building is not None else None
    for pk in (entry.subject_id, entry.building_id, estate, entry.grid_id):
        if pk in places:
            return pk
    return None
