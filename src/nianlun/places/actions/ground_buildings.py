"""Writing estates, buildings, units and rooms; a building's rooms are made from a pattern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import Field
from nianlun.places.actions.ground import Act, Write, lock_one, record_act, touch, write_places
from nianlun.places.actions.ground_moves import follow_spells
from nianlun.places.models import (
    Building,
    BuildingGrid,
    Estate,
    Household,
    Organisation,
    Resident,
    ResidentState,
    Room,
    Unit,
)
from nianlun.places.rules.floors import MOST_UNITS, Pattern, PatternError, PlannedRoom, rooms_of
from nianlun.places.search.index import index


@transaction.atomic
def save_estates(writes: Sequence[Write[Estate]], *, act: Act, fields: Sequence[Field]) -> list[Estate]:
    """Add and change estates."""
    written = write_places(Estate, writes, act, fields)
    _find_again(Building.objects.filter(estate__in=written.changed).values_list("pk", flat=True))
    return written.records


@transaction.atomic
def save_buildings(
    writes: Sequence[Write[Building]], *, act: Act, fields: Sequence[Field], grids_since: Sequence[date | None]
) -> list[Building]:
    """Add and change buildings. A new one lies in its grid from the day given, else for as long as there is the grid.

    A building that stands changes its grid by `move_buildings` only.
    """
    written = write_places(Building, writes, act, fields)
    made = written.made
    since = {record.pk: day for record, day in zip(written.records, grids_since, strict=True)}
    BuildingGrid.objects.bulk_create(
        BuildingGrid(building=record, grid=record.grid, starts_on=max(since[record.pk] or opened, opened))
        for record in made
        if record.grid is not None
        for opened in [record.grid.opened_on]
    )
    Unit.objects.bulk_create(Unit(building=record) for record in made)
    if any(record.grid is not None and record.grid.opened_on > today() for record in made) or any(
        day is not None and day > today() for day in grids_since
    ):  # not yet in the grid that they are meant for
        follow_spells(Building.objects.filter(pk__in=[record.pk for record in made]))
    _find_again([record.pk for record in written.changed])
    return written.records


@transaction.atomic
def save_rooms(
    writes: Sequence[Write[Room]], *, act: Act, fields: Sequence[Field], units: Sequence[tuple[Building, str]]
) -> list[Room]:
    """Add and change rooms. `units` gives for each the building and its unit's name; one that is missing is made."""
    wanted = {(building.pk, name): building for building, name in units}
    there = _named_units(wanted)
    filled = [
        Write({**write.values, "building": building, "unit": there[building.pk, name]}, write.known, write.revision)
        for write, (building, name) in zip(writes, units, strict=True)
    ]
    written = write_places(Room, filled, act, fields)
    _find_people([record.pk for record in written.changed], "room")
    return written.records


def _named_units(wanted: Mapping[tuple[UUID, str], Building]) -> dict[tuple[UUID, str], Unit]:
    """The units by building and name; one that is missing is made, or is the nameless one that has no rooms yet."""
    ids = [building.pk for building in wanted.values()]
    there: dict[tuple[UUID, str], Unit] = {}
    last: dict[UUID, int] = {}
    for unit in Unit.objects.filter(building__in=ids):
        there[unit.building_id, unit.name] = unit
        last[unit.building_id] = max(last.get(unit.building_id, 0), unit.position)
    nameless = Unit.objects.filter(building__in=ids, name="").exclude(Exists(Room.objects.filter(unit=OuterRef("pk"))))
    bare = {unit.building_id: unit for unit in nameless}
    renamed: list[Unit] = []
    made: list[Unit] = []
    for (pk, name), building in wanted.items():
        if (pk, name) in there:
            continue
        if pk in bare and (pk, "") not in wanted:
            unit = bare.pop(pk)
            unit.name = name
            renamed.append(unit)
        else:
            last[pk] = last.get(pk, 0) + 1
            unit = Unit(building=building, name=name, position=last[pk])
            made.append(unit)
        there[pk, name] = unit
    Unit.objects.bulk_update(renamed, ["name"])
    Unit.objects.bulk_create(made)
    return there


def _find_again(buildings: Iterable[UUID]) -> None:
    """Buildings that may be called otherwise now, and who lives and works there, are found by the new words."""
    found = list(Building.objects.filter(pk__in=buildings).select_related("estate", "grid"))
    index(found)
    _find_people([building.pk for building in found], "building")


def _find_people(ids: Iterable[UUID], column: str) -> None:
    for model in (Resident, Household, Organisation):
        index(list(model._default_manager.filter(**{f"{column}__in": ids})))


@dataclass(frozen=True, slots=True)
class Planned:
    """What a pattern would make in a building: rooms by unit's position, and how many of them stand already."""

    rooms: list[PlannedRoom]
    there: int

    @property
    def new(self) -> int:
        return len(self.rooms) - self.there


def plan_rooms(building: Building, pattern: Pattern) -> Planned:
    """A preview; raises UserError for a pattern that no building has."""
    try:
        rooms = rooms_of(pattern)
    except PatternError as error:
        raise UserError(str(error)) from None
    there = set(building.rooms.values_list("unit__position", "number"))
    return Planned(rooms, sum((room.unit, room.number) in there for room in rooms))


@transaction.atomic
def make_rooms(building: Building, pattern: Pattern, *, act: Act) -> int:
    """Make the rooms of the pattern that are not there yet, and the units they need; gives how many were made.

    Run twice it makes nothing more.
    """
    building = lock_one(building)
    if building.retired_on is not None:
        raise UserError(f"{building}已停用，请先恢复再生成户室。")
    planned = plan_rooms(building, pattern)
    units = _units(building, pattern.units)
    there = set(building.rooms.values_list("unit__position", "number"))
    made = [
        Room(
            subdistrict_id=building.subdistrict_id, community_id=building.community_id, building=building,
            unit=units[room.unit], number=room.number, floor=room.floor, position=room.position,
        )
        for room in planned.rooms
        if (room.unit, room.number) not in there
    ]  # fmt: skip
    Room.objects.bulk_create(made, batch_size=2_000)
    building.floors = max(building.floors, pattern.floors)
    touch(building)
    building.save(update_fields=["floors", "revision", "changed_at"])
    record_act(
        "building.rooms_made", building, act, made=len(made), units=pattern.units, floors=pattern.floors,
        per_floor=pattern.per_floor, style=pattern.style,
    )  # fmt: skip
    return len(made)


def _units(building: Building, count: int) -> dict[int, Unit]:
    """The first units of a building by position; those that are missing are made, and named once there are several."""
    units = {unit.position: unit for unit in building.units.all()}
    for position in range(1, count + 1):
        if position not in units:
            units[position] = Unit.objects.create(building=building, position=position)
    if len(units) > 1:
        for position, unit in units.items():
            if not unit.name:
                unit.name = f"{position}单元"
                unit.save(update_fields=["name"])
    return units


@transaction.atomic
def add_unit(building: Building, name: str, *, act: Act) -> Unit:
    """One more stairway, after the others."""
    building = lock_one(building)
    taken = list(building.units.values_list("name", "position"))
    if name in {known for known, _ in taken}:
        raise UserError(f"{building}已有“{name}”，请换一个名称。" if name else "请填写单元名称，如 2单元。")
    if len(taken) >= MOST_UNITS:
        raise UserError(f"一栋楼最多 {MOST_UNITS} 个单元。")
    made = Unit.objects.create(building=building, name=name, position=max((at for _, at in taken), default=0) + 1)
    record_act("building.unit_added", building, act, unit=name)
    return made


@transaction.atomic
def rename_unit(unit: Unit, name: str, *, act: Act) -> None:
    """Call a stairway otherwise; its rooms' people are found by the new name."""
    building = lock_one(unit.building)
    if building.units.filter(name=name).exclude(pk=unit.pk).exists():
        raise UserError(f"{building}已有“{name}”，请换一个名称。")
    record_act("building.unit_renamed", building, act, changes={"unit": [unit.name, name]})
    unit.name = name
    unit.save(update_fields=["name"])
    _find_people([building.pk], "building")


def residents_in(place: Building | Room) -> list[str]:
    """What keeps a place from being retired, in words: people, households and organisations that are there now."""
    here = {"building": place} if isinstance(place, Building) else {"room": place}
    doors: dict[str, int] = {}
    for unit, number in Resident.objects.filter(state=ResidentState.LIVING, **here).values_list(
        "room__unit__name", "room__number"
    ):
        door = f"{unit or ''}{number}" if number else "未定户室"
        doors[door] = doors.get(door, 0) + 1
    said = [f"{door}住 {count} 人" for door, count in sorted(doors.items())]
    if households := Household.objects.filter(ended_on=None, **here).count():
        said.append(f"在册 {households} 户")
    said += Organisation.objects.filter(closed_on=None, **here).values_list("name", flat=True)
    return said


@transaction.atomic
def retire(place: Building | Room, *, on: date, act: Act, revision: int | None = None) -> None:
    """The place is no more, such as a house pulled down; refused while anybody lives or works there."""
    place = lock_one(place, revision)
    if said := residents_in(place):
        more = f"等 {len(said)} 处" if len(said) > 8 else ""
        raise UserError(f"{place}不能停用，还有：{'、'.join(said[:8])}{more}。请先办理迁出或改到别处。")
    _set_retired(place, on, act, "retired")


@transaction.atomic
def bring_back(place: Building | Room, *, act: Act) -> None:
    """Undo of retiring."""
    _set_retired(lock_one(place), None, act, "brought_back")


def _set_retired(place: Building | Room, on: date | None, act: Act, done: str) -> None:
    place.retired_on = on
    touch(place)
    place.save(update_fields=["retired_on", "revision", "changed_at"])
    index([place])
    record_act(f"{place._meta.model_name}.{done}", place, act, on=on.isoformat() if on else "")
