"""A sheet of made-up residents, as a community would bring it, and the ground that its addresses lie on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from nianlun.demo.register.families import family
from nianlun.demo.register.ground import Ground, lay_out
from nianlun.demo.register.world import World
from nianlun.kernel.clock import today
from nianlun.places.models import Community, Post, PostKind, Subdistrict, User

HEAD = (
    "小区",
    "楼栋",
    "单元",
    "户室",
    "与户主关系",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "手机",
    "民族",
    "文化程度",
    "户籍状态",
)
PEOPLE_A_ROOM = 2.5


def community_with_rooms(rows: int) -> tuple[User, Ground, World]:
    """A community with doors for so many people and nobody behind them, and its secretary."""
    subdistrict = Subdistrict.objects.create(code="bench", name="测量街道")
    community = Community.objects.create(subdistrict=subdistrict, code="bench", name="测量社区")
    user = User.objects.create(username="keeper", name="书记", password="!", must_change_password=False)
    Post.objects.create(user=user, kind=PostKind.SECRETARY, subdistrict=subdistrict, community=community)
    world = World(1, today())
    ground = lay_out(community, round(rows / PEOPLE_A_ROOM), world)
    ground.write()
    return user, ground, world


def write_sheet(path: Path, rows: int, ground: Ground, world: World) -> None:
    """So many people, family by family, each with a number that passes every check."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("居民")
    sheet.write_row(0, 0, HEAD)
    for number, row in zip(range(1, rows + 1), _rows(ground, world), strict=False):
        sheet.write_row(number, 0, row)
    book.close()


def _rows(ground: Ground, world: World) -> Iterator[tuple[str, ...]]:
    doors = iter(ground.rooms)
    while True:
        room = next(doors, None)
        if room is None:
            raise SystemExit("the ground has too few rooms for the sheet")
        address = (room.building.estate.name, room.building.name, room.unit.name, room.number)
        for person in family(world):
            yield (
                *address, person.relation, person.name, "男" if person.male else "女", person.born_on.isoformat(),
                world.id_number(person.born_on, male=person.male), world.phone(), "汉族", "高中", "人户一致",
            )  # fmt: skip
