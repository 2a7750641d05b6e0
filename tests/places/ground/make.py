"""Ground for tests: estates, buildings, rooms and who lives there."""

from __future__ import annotations

from datetime import date

from nianlun.places.actions.ground import Act
from nianlun.places.models import (
    Building,
    BuildingGrid,
    Community,
    Estate,
    Grid,
    Residence,
    Resident,
    ResidentState,
    Room,
    Unit,
    User,
)

LONG_AGO = date(2020, 1, 1)


def grid(name: str = "第一网格", *, at: Community, code: str = "", opened_on: date = LONG_AGO) -> Grid:
    return Grid.objects.create(
        subdistrict=at.subdistrict, community=at, code=code or f"{at.code}-{name}", name=name, opened_on=opened_on
    )


def act(user: User, at: Community) -> Act:
    return Act(user, at)


def estate(name: str = "清风苑", *, at: Community, code: str = "") -> Estate:
    return Estate.objects.create(subdistrict=at.subdistrict, community=at, name=name, code=code or f"{at.code}-{name}")


def building(
    name: str = "1号楼", *, at: Community, grid: Grid | None = None, since: date = LONG_AGO, of: Estate | None = None
) -> Building:
    """A building with one unnamed unit, in the grid since that day."""
    of = of or Estate.objects.filter(community=at).first() or estate(at=at)
    made = Building.objects.create(
        subdistrict=at.subdistrict, community=at, estate=of, grid=grid, name=name, code=f"{of.code}-{name}"
    )
    Unit.objects.create(building=made)
    if grid is not None:
        BuildingGrid.objects.create(building=made, grid=grid, starts_on=since)
    return made


def room(number: str = "101", *, of: Building) -> Room:
    """A room of the building's first unit."""
    return Room.objects.create(
        subdistrict_id=of.subdistrict_id, community_id=of.community_id, building=of, unit=of.units.all()[0],
        number=number, floor=int(number[:-2]), position=int(number[-2:]),
    )  # fmt: skip


def resident(name: str = "张三", *, behind: Room, since: date = LONG_AGO, until: date | None = None) -> Resident:
    """Somebody who has lived behind a door since that day, and does not from the other on, if one is given."""
    house = behind.building
    gone = until is not None
    made = Resident.objects.create(
        subdistrict_id=house.subdistrict_id, community_id=house.community_id, name=name, building=house,
        room=behind, grid_id=house.grid_id, state=ResidentState.MOVED_OUT if gone else ResidentState.LIVING,
    )  # fmt: skip
    Residence.objects.create(resident=made, room=behind, building=house, starts_on=since, ends_on=until)
    return made
