"""The made-up ground of one community: grids as rectangles, estates, buildings of a few kinds, units and rooms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Any

from nianlun.demo.register.world import World
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.clock import now
from nianlun.places.models import (
    Building,
    BuildingGrid,
    Community,
    Estate,
    EstateKind,
    Grid,
    GridBounds,
    Room,
    Unit,
)
from nianlun.places.search.pinyin import initials

HOUSEHOLDS_A_GRID = 380
ROOMS_A_HOUSEHOLD = 1.09  # some stand empty
# A point in the open sea: on a map with tiles the made-up streets lie over nobody's.
CENTRE = (123.40, 29.60)  # degrees, longitude first
WIDE, HIGH, APART = 0.016, 0.012, 0.02
# (floors, units, doors a floor): how many of a kind's buildings are so
SHAPES: dict[str, dict[tuple[int, int, int], float]] = {
    EstateKind.ESTATE: {(18, 2, 4): 3, (11, 3, 2): 4, (26, 1, 4): 1},
    EstateKind.OLD: {(6, 3, 2): 5, (6, 4, 2): 3, (5, 3, 3): 2},
    EstateKind.WORK_UNIT: {(5, 3, 2): 2, (4, 4, 2): 1},
    EstateKind.RESETTLED: {(6, 5, 2): 3, (11, 2, 2): 2},
    EstateKind.COURTYARDS: {(1, 1, 8): 1},
}
KINDS = {
    EstateKind.ESTATE: 4,
    EstateKind.OLD: 4,
    EstateKind.WORK_UNIT: 1,
    EstateKind.RESETTLED: 1,
    EstateKind.COURTYARDS: 1,
}
BUILDINGS_AN_ESTATE = 9
OPENED = date(2021, 3, 1)
Rectangle = tuple[float, float, float, float]  # west, south, east, north, in degrees


@dataclass(slots=True)
class Ground:
    """What was laid out of one community; `write` puts it into the database."""

    community: Community
    grids: list[Grid] = field(default_factory=list)
    estates: list[Estate] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    bounds: list[GridBounds] = field(default_factory=list)
    spells: list[BuildingGrid] = field(default_factory=list)

    @property
    def place(self) -> dict[str, Any]:
        """The columns that say where each of its records belongs."""
        return {"community": self.community, "subdistrict_id": self.community.subdistrict_id}

    def write(self) -> None:
        for rows in (self.grids, self.estates, self.buildings, self.units, self.rooms, self.spells):
            copy_in(rows)
        GridBounds.objects.bulk_create(self.bounds)


def lay_out(community: Community, households: int, world: World) -> Ground:
    """Ground with room for so many households, not written yet."""
    ground = Ground(community)
    count = max(2, round(households / HOUSEHOLDS_A_GRID))
    share = ceil(households * ROOMS_A_HOUSEHOLD / count)
    bounds = [_rectangle(world.communities, number, count) for number in range(count)]
    world.communities += 1
    for number, shape in enumerate(bounds, start=1):
        name = f"第{number}网格"
        grid = Grid(
            code=f"{community.code}-g{number}", name=name, initials=initials(name), opened_on=OPENED, **ground.place
        )
        ground.grids.append(grid)
        wanted = len(ground.rooms) + share
        while len(ground.rooms) < wanted:
            _add_estate(ground, grid, shape, wanted, world)
    ground.bounds = [
        GridBounds(grid=grid, shape=_polygon(shape), starts_on=OPENED)
        for grid, shape in zip(ground.grids, bounds, strict=True)
    ]
    ground.spells = _grid_spells(ground, world)
    return ground


def _add_estate(ground: Ground, grid: Grid, shape: Rectangle, wanted: int, world: World) -> None:
    kind = world.weighed(KINDS)
    words = world.words["estates"]
    taken = {estate.name for estate in ground.estates}
    name = next(
        made for _ in range(999) if (made := world.pick(words["first"]) + world.pick(words["last"][kind])) not in taken
    )
    number = len(ground.estates) + 1
    address = f"{world.pick(world.words['streets'])}{world.chance.randint(1, 199)}号"
    code = f"{ground.community.code}-e{number}"
    estate = Estate(code=code, name=name, initials=initials(name), kind=kind, address=address, **ground.place)
    ground.estates.append(estate)
    west, south, east, north = shape
    for at in range(1, BUILDINGS_AN_ESTATE + 1):
        if len(ground.rooms) >= wanted:
            return
        floors, units, doors = world.weighed(SHAPES[kind])
        title = f"{at}号院" if kind == EstateKind.COURTYARDS else f"{at}号楼"
        building = Building(
            estate=estate, grid=grid, code=f"{code}-{at}", name=title, initials=initials(title), address=address,
            floors=floors, longitude=round(world.chance.uniform(west, east), 6),
            latitude=round(world.chance.uniform(south, north), 6), **ground.place,
        )  # fmt: skip
        ground.buildings.append(building)
        _add_rooms(ground, building, units, doors)


def _add_rooms(ground: Ground, building: Building, units: int, doors: int) -> None:
    """Doors numbered as usual; a courtyard's run from 1 on and have no stairway."""
    flat = building.floors == 1
    common = {"building": building, "created_at": now(), "changed_at": now(), **ground.place}
    for position in range(1, units + 1):
        unit = Unit(building=building, name="" if flat else f"{position}单元", position=position)
        ground.units.append(unit)
        ground.rooms += [
            Room(unit=unit, number=str(door) if flat else f"{floor}{door:02}", floor=floor, position=door, **common)
            for floor in range(1, building.floors + 1)
            for door in range(1, doors + 1)
        ]


def _grid_spells(ground: Ground, world: World) -> list[BuildingGrid]:
    """Since when each building lies in its grid; a few came from another one last year."""
    spells: list[BuildingGrid] = []
    for building in ground.buildings:
        starts_on = OPENED
        if world.happens(0.05):
            starts_on = world.days_ago(120, 400)
            other = world.pick([grid for grid in ground.grids if grid.pk != building.grid_id])
            spells.append(BuildingGrid(building=building, grid=other, starts_on=OPENED, ends_on=starts_on))
        spells.append(BuildingGrid(building=building, grid=building.grid, starts_on=starts_on))
    return spells


def _rectangle(community: int, number: int, count: int) -> Rectangle:
    """West, south, east and north of a grid: its column within the community's own rectangle."""
    west = CENTRE[0] + community % 5 * APART
    south = CENTRE[1] + community // 5 * APART
    step = WIDE / count
    return (round(west + number * step, 6), south, round(west + (number + 1) * step, 6), round(south + HIGH, 6))


def _polygon(rectangle: Rectangle) -> dict[str, object]:
    west, south, east, north = rectangle
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
