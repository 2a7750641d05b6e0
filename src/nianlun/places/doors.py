"""Doors of rounds as those who knock at them see them, by building and floor; and how far each round is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Room, Round, RoundRoom, User
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer

IN_ORDER = ("room__building__code", "room__unit__position", "room__floor", "room__position", "room__number", "pk")
NOT_DONE = Q(done_on=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """So many of so many doors: 16 of 20."""

    done: int = 0
    doors: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.done + other.done, self.doors + other.doors)

    @property
    def open(self) -> int:
        return self.doors - self.done

    def __str__(self) -> str:
        return f"{self.done}/{self.doors} 户"


@dataclass(slots=True)
class House:
    """A building of a round with how far it is, who goes there, and how many doors are with nobody."""

    building: Building
    tally: Tally = field(default_factory=Tally)
    workers: list[str] = field(default_factory=list)
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody's doors of a round: how many are done, and in which grids."""

    user: User
    tally: Tally
    grids: tuple[str, ...]


@dataclass(slots=True)
class Progress:
    """How far a round is: by building in the order of grids, and by worker in the order of their buildings."""

    tally: Tally
    houses: list[House]
    hands: list[Hand]

    @property
    def unassigned(self) -> int:
        return sum(house.unassigned for house in self.houses)


def progress_of(round: Round) -> Progress:
    """Three queries whatever its size. Nobody is compared with anybody: the order is that of the ground."""
    counted = (
        round.rooms.order_by()
        .values_list("room__building", "worker")
        .annotate(doors=Count("pk"), done=Count("done_on"))
    )
    parts = [(building, worker, Tally(done, doors)) for building, worker, doors, done in counted]
    buildings = Building.objects.filter(pk__in={building for building, _, _ in parts}).select_related("estate", "grid")
    houses = {one.pk: House(one) for one in buildings.order_by("grid__code", "code")}
    users = User.objects.in_bulk({worker for _, worker, _ in parts if worker})
    tallies: dict[UUID, Tally] = {}
    grids: dict[UUID, dict[str, None]] = {}
    by_house: dict[UUID, list[tuple[UUID | None, Tally]]] = {}
    for building, worker, tally in parts:
        by_house.setdefault(building, []).append((worker, tally))
    for pk, house in houses.items():
        for worker, tally in by_house[pk]:
            house.tally += tally
            if worker is None:
                house.unassigned += tally.open
                continue
            house.workers.append(users[worker].name)
            tallies[worker] = tallies.get(worker, Tally()) + tally
            grids.setdefault(worker, {})[house.building.grid.name if house.building.grid else "未划入网格"] = None
        house.workers.sort()
    total = sum((house.tally for house in houses.values()), Tally())
    hands = [Hand(users[worker], tally, tuple(grids[worker])) for worker, tally in tallies.items()]
    return Progress(total, list(houses.values()), hands)


def mine(viewer: CommunityViewer) -> QuerySet[RoundRoom]:
    """The doors of open rounds that are the viewer's and that they may verify today."""
    reach = viewer.policy.rows(Room.objects.filter(community=viewer.community), May.VERIFY)
    begun = Q(round__closed_on=None, round__starts_on__lte=today())
    return RoundRoom.objects.filter(begun, worker=viewer.user, room__in=reach)


@dataclass(frozen=True, slots=True)
class Stop:
    """A building of one of my rounds with how far I am there."""

    round: Round
    building: Building
    tally: Tally


def my_stops(viewer: CommunityViewer) -> list[Stop]:
    """Three queries: my buildings, round by round, the one that ends first at the top."""
    counted = (
        mine(viewer)
        .order_by("round__ends_on", "round", "room__building__code")
        .values_list("round", "room__building")
        .annotate(doors=Count("pk"), done=Count("done_on"))
    )
    parts = list(counted)
    rounds = Round.objects.in_bulk({part[0] for part in parts})
    buildings = Building.objects.select_related("estate").in_bulk({part[1] for part in parts})
    return [Stop(rounds[round], buildings[building], Tally(done, doors)) for round, building, doors, done in parts]


@dataclass(frozen=True, slots=True)
class Floor:
    """The doors of one floor of a unit."""

    unit: str
    floor: int
    doors: list[RoundRoom]


def floors_of(doors: Iterable[RoundRoom]) -> list[Floor]:
    """Doors in the order of their building, floor by floor from below."""
    found: list[Floor] = []
    for door in doors:
        unit, floor = door.room.unit.name, door.room.floor
        if not found or (found[-1].unit, found[-1].floor) != (unit, floor):
            found.append(Floor(unit, floor, []))
        found[-1].doors.append(door)
    return found


def next_door(door: RoundRoom) -> UUID | None:
    """The next open door of the same person in the round, in the order of the way; after the last, the first left."""
    rows = RoundRoom.objects.filter(round=door.round_id, worker=door.worker_id)
    way = list(rows.filter(NOT_DONE | Q(pk=door.pk)).order_by(*IN_ORDER).values_list("pk", flat=True))
    here = way.index(door.pk)
    return next((pk for pk in [*way[here + 1 :], *way[:here]]), None)
