"""A community with two buildings in two grids, and people in it."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from nianlun.kernel.clock import today
from nianlun.kernel.fields.secrets import ID_CHECKS, ID_WEIGHTS
from nianlun.places.models import (
    Building,
    Community,
    Estate,
    Grid,
    GridDuty,
    Household,
    Member,
    Post,
    PostKind,
    Relationship,
    Residence,
    Resident,
    ResidentTag,
    Room,
    Unit,
    User,
)
from nianlun.places.policy import Policy
from nianlun.places.registers.doors import Door, Doors, Written
from nianlun.places.registers.homes import Home, Homes
from nianlun.places.registers.residents import ResidentRegister
from nianlun.places.viewing import CommunityViewer
from tests.places import make

REGISTER = ResidentRegister()
_serial = count(1)


def id_number(born: date = date(1980, 5, 17), *, male: bool = True, serial: int | None = None) -> str:
    """A number that is right in form and nobody's: no district has the code 990101."""
    order = next(_serial) if serial is None else serial
    first = f"990101{born:%Y%m%d}{order % 100:02}{1 if male else 2}"
    weighed = sum(weight * int(figure) for weight, figure in zip(ID_WEIGHTS, first, strict=True))
    return first + ID_CHECKS[weighed % 11]


def ground(code: str = "wutong", *, of: str = "qinghe", buildings: int = 2, floors: int = 3) -> Community:
    """清风苑 of a community: each building in a grid of its own, one unit with two rooms a floor (101, 102, 201, …)."""
    community = make.community(code, of=make.subdistrict(of))
    where = {"subdistrict": community.subdistrict, "community": community}
    estate = Estate.objects.create(**where, code=f"{code}-qfy", name="清风苑")
    for number in range(1, buildings + 1):
        grid = Grid.objects.create(**where, code=f"{code}-g{number}", name=f"第{number}网格")
        building = Building.objects.create(
            **where, estate=estate, grid=grid, code=f"{code}-b{number}", name=f"{number}号楼", floors=floors
        )
        unit = Unit.objects.create(building=building, name="1单元", position=1)
        for floor in range(1, floors + 1):
            for position in (1, 2):
                Room.objects.create(
                    **where, building=building, unit=unit, number=f"{floor}0{position}", floor=floor, position=position
                )
    return community


def room(community: Community, building: int = 1, number: str = "101") -> Room:
    return Room.objects.get(building__code=f"{community.code}-b{building}", number=number)


def viewer(community: Community, user: User | None = None) -> CommunityViewer:
    """Of the secretary, unless somebody else is given."""
    name = f"secretary-{community.code}"
    found = user or User.objects.filter(username=name).first() or make.secretary(name, at=community)
    return CommunityViewer(found, community, Policy(found))


def grid_worker(community: Community, *grids: int, username: str = "walker") -> User:
    """Somebody who walks these grids, by their numbers."""
    user = make.worker(username, at=community, kind=PostKind.GRID_WORKER, title="网格员")
    post = Post.objects.get(user=user)
    for number in grids:
        GridDuty.objects.create(grid=Grid.objects.get(code=f"{community.code}-g{number}"), post=post, starts_on=today())
    return user


def written(name: str = "张三", number: str = "101", building: int = 1, **more: str) -> dict[str, str]:
    """A resident as a form writes them."""
    return {"name": name, "building": f"{building}号楼", "room": number, **more}


def resident(community: Community, name: str = "张三", number: str = "101", building: int = 1, **more: str) -> Resident:
    """A resident registered the way that everybody is."""
    return residents(community, written(name, number, building, **more))[0]


def residents(community: Community, *rows: dict[str, str]) -> list[Resident]:
    seen = viewer(community)
    drafts = REGISTER.check(rows, seen)
    assert all(draft.checked.good for draft in drafts), [draft.checked.errors for draft in drafts]
    return REGISTER.save(drafts, seen, source="form")


def everything() -> list[Any]:
    """All of people as it stands, but what every write changes."""
    leave_out = {"revision", "changed_at"}
    return [
        {
            str(row["id"]): {
                name: bytes(value) if isinstance(value, memoryview) else value
                for name, value in row.items()
                if name not in leave_out
            }
            for row in model._base_manager.values()
        }
        for model in (Resident, Household, Residence, ResidentTag, Relationship, Member)
    ]


def home(community: Community, number: str, code: str = "", building: int = 1) -> Home:
    """The household behind a door, as a form finds it."""
    said = Written("", f"{building}号楼", "", number)
    door = Doors(community).find([said])[said]
    assert isinstance(door, Door)
    found = Homes(community, [door], [code]).find(door, code)
    assert isinstance(found, Home)
    return found
