"""Doors found by their words: estate, building, unit and room as people and sheets write them, a batch at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from uuid import UUID

from nianlun.places.models import Building, Community, Room, Unit
from nianlun.places.rules.addresses import building_key, name_key, room_key, split, unit_key

SHOWN = 6  # names listed in an error


@dataclass(frozen=True, slots=True)
class Door:
    """A room with the places above it, as far as they are needed; `code` is what a household behind it is called."""

    at: Room
    building: Building
    code: str

    @property
    def room(self) -> UUID:
        return self.at.pk


@dataclass(frozen=True, slots=True)
class Written:
    """A door as it was written; any part may be missing."""

    estate: str
    building: str
    unit: str
    room: str


@dataclass(frozen=True, slots=True)
class NoDoor:
    """Why no door was found: in which field, and what to write."""

    field: str
    message: str


_Found = tuple[Room, str, str, str]  # a room, its unit's name, the unit's key, its number


class Doors:
    """Finds the doors of one community; three queries for a batch, one more where a room is not there."""

    def __init__(self, community: Community) -> None:
        self.community = community
        self._houses: dict[str, list[Building]] = defaultdict(list)  # by the key of the building's name, or its code
        self._estates: dict[str, str] = {}
        for house in Building.objects.filter(community=community, retired_on=None).select_related("estate"):
            self._estates[name_key(house.estate.name)] = house.estate.name
            for key in {building_key(house.name), name_key(house.code)}:
                self._houses[key].append(house)

    def find(self, written: Iterable[Written]) -> dict[Written, Door | NoDoor]:
        """For each the door, or why there is none."""
        found: dict[Written, Door | NoDoor] = {}
        sought: dict[Written, tuple[Building, str, str]] = {}
        for said in set(written):
            meant = self._house(said)
            if isinstance(meant, NoDoor):
                found[said] = meant
            else:
                sought[said] = meant
        rooms = self._rooms({house.pk for house, _, _ in sought.values()}, {room for _, _, room in sought.values()})
        missed: list[Written] = []
        for said, (house, unit, room) in sought.items():
            there = rooms.get((house.pk, room_key(room)), [])
            fitting = [one for one in there if not unit or one[2] == unit_key(unit)]
            if len(fitting) == 1:
                at, _, key, number = fitting[0]
                code = "-".join(part for part in (house.code[:24], key, number[:10]) if part)
                found[said] = Door(at, house, code)
            elif fitting:
                units = "、".join(sorted({one[1] or "（无名）" for one in fitting}))
                found[said] = NoDoor("unit", f"{house}有几个 {room}，请填单元：{units}。")
            else:
                missed.append(said)
        found |= self._missing({said: sought[said] for said in missed})
        return found

    def house(self, said: Written) -> Building | NoDoor:
        """The building of a place where no room need be named."""
        found = self._building(said)
        return found if isinstance(found, NoDoor) else found[0]

    def _house(self, said: Written) -> tuple[Building, str, str] | NoDoor:
        """The building with unit and room as written, be it all in one word."""
        if said.building and not said.room:
            return NoDoor("room", "请填户室。")
        return self._building(said)

    def _building(self, said: Written) -> tuple[Building, str, str] | NoDoor:
        building, unit, room = said.building, said.unit, said.room
        if not building and (parts := split(room)):
            building, unit, room = parts
        if not building:
            return NoDoor("building", "请填楼栋。")
        if said.estate and name_key(said.estate) not in self._estates:
            return NoDoor("estate", _unknown("小区", said.estate, list(self._estates.values())))
        houses = self._houses.get(building_key(building)) or self._houses.get(name_key(building)) or []
        if said.estate:
            houses = [house for house in houses if name_key(house.estate.name) == name_key(said.estate)]
        if len(houses) > 1:
            named = "、".join(sorted({house.estate.name for house in houses})[:SHOWN])
            return NoDoor("estate", f"几个小区都有“{building}”，请填小区：{named}。")
        if not houses:
            near = {
                house.name: None
                for group in self._houses.values()
                for house in group
                if not said.estate or name_key(house.estate.name) == name_key(said.estate)
            }
            return NoDoor("building", _unknown("楼栋", building, list(near)))
        return houses[0], unit, room

    def _rooms(self, houses: set[UUID], numbers: set[str]) -> dict[tuple[UUID, str], list[_Found]]:
        """Rooms of the buildings by building and key of the number; only those that may be meant are fetched."""
        if not houses:
            return {}
        spelt = numbers | {room_key(number) for number in numbers}
        spelt |= {f"{key}室" for key in spelt} | {key.zfill(4) for key in spelt}
        return _by_number(self._fetch(houses).filter(number__in=spelt))

    def _fetch(self, houses: set[UUID]) -> Any:
        rooms = Room.objects.filter(building__in=houses, retired_on=None)
        return rooms.values_list("pk", "building_id", "unit_id", "unit__name", "unit__position", "number")

    def _missing(self, sought: dict[Written, tuple[Building, str, str]]) -> dict[Written, Door | NoDoor]:
        """What to say where the building is there and the room is not: what is like it."""
        if not sought:
            return {}
        near: dict[UUID, list[_Found]] = defaultdict(list)
        for (pk, _), rooms in _by_number(self._fetch({house.pk for house, _, _ in sought.values()})).items():
            near[pk] += rooms
        said: dict[Written, Door | NoDoor] = {}
        for written, (house, unit, room) in sought.items():
            units = {one[2]: one[1] for one in near[house.pk]}
            if unit and unit_key(unit) not in units:
                said[written] = NoDoor(
                    "unit", _unknown(f"{house}的单元", unit, [name for name in units.values() if name])
                )
                continue
            numbers = [one[3] for one in near[house.pk] if not unit or one[2] == unit_key(unit)]
            said[written] = NoDoor("room", _unknown(f"{house}的户室", room, numbers))
        return said


def _by_number(
    rooms: Iterable[tuple[UUID, UUID, UUID, str, int, str]],
) -> dict[tuple[UUID, str], list[_Found]]:
    """Rooms of which no more is known than how they are called, by building and key of the number."""
    found: dict[tuple[UUID, str], list[_Found]] = defaultdict(list)
    units: dict[UUID, Unit] = {}
    for pk, house, unit_pk, unit_name, position, number in rooms:
        unit = units.get(unit_pk) or units.setdefault(
            unit_pk, Unit.from_db(None, ["id", "name", "position"], [unit_pk, unit_name, position])
        )
        room = Room.from_db(None, ["id", "building_id", "number"], [pk, house, number])
        room.unit = unit
        found[house, room_key(number)].append((room, unit_name, unit_key(unit_name) or str(position), number))
    return found


def _unknown(what: str, said: str, there: Sequence[str]) -> str:
    """That it is not there, what it may have meant, and what there is."""
    names = list(dict.fromkeys(there))
    if near := get_close_matches(said, names, n=3, cutoff=0.5):
        return f"没有{what}“{said}”，是不是{'、'.join(near)}？"
    if not names:
        return f"没有{what}“{said}”。请先到“楼栋房屋”里添加。"
    more = "等" if len(names) > SHOWN else ""
    return f"没有{what}“{said}”。现有：{'、'.join(sorted(names)[:SHOWN])}{more}；没有的请先到“楼栋房屋”里添加。"
