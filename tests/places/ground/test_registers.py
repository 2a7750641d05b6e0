"""Grids, estates, buildings and rooms as they are written in forms and sheets: one validator for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from nianlun.kernel.models import AuditRow
from nianlun.places.models import Building, Community, Estate, Findable, Grid, Room
from nianlun.places.policy import Policy
from nianlun.places.registers.buildings import BuildingRegister
from nianlun.places.registers.estates import EstateRegister
from nianlun.places.registers.grids import GridRegister, said_size
from nianlun.places.registers.rooms import RoomRegister
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.register import Draft
from tests.places import make as people
from tests.places.ground import make

pytestmark = pytest.mark.django_db
GRIDS, ESTATES, BUILDINGS, ROOMS = GridRegister(), EstateRegister(), BuildingRegister(), RoomRegister()


@pytest.fixture
def here() -> Community:
    return people.community()


@pytest.fixture
def viewer(here: Community) -> CommunityViewer:
    user = people.secretary(at=here)
    return CommunityViewer(user, here, Policy(user))


def one(register: Any, viewer: CommunityViewer, known: Any = None, **written: str) -> Draft[Any]:
    return register.check([written], viewer, [known])[0]  # type: ignore[no-any-return]


def saved(register: Any, viewer: CommunityViewer, known: Any = None, **written: str) -> Any:
    draft = one(register, viewer, known, **written)
    assert draft.checked.errors == {}
    return register.save([draft], viewer, source="form")[0]


def errors(register: Any, viewer: CommunityViewer, known: Any = None, **written: str) -> dict[str, str]:
    return one(register, viewer, known, **written).checked.errors


class TestGrids:
    def test_code_and_initials_are_made_of_the_name(self, viewer: CommunityViewer) -> None:
        first, east = saved(GRIDS, viewer, name="第一网格"), saved(GRIDS, viewer, name="东网格")
        assert (first.code, east.code, east.initials) == ("wutong-1", "dwg", "dwg")
        assert Findable.objects.filter(record_id=first.pk).exists()

    def test_a_code_is_never_changed(self, viewer: CommunityViewer) -> None:
        grid = saved(GRIDS, viewer, name="第一网格", code="A1")
        assert "不再改" in errors(GRIDS, viewer, grid, name="第一网格", code="A2")["code"]
        assert errors(GRIDS, viewer, grid, name="第一网格", code="A1") == {}
        assert "code" not in [field.code for field in GRIDS.written_fields(viewer, grid)]

    def test_what_is_refused(self, viewer: CommunityViewer, here: Community) -> None:
        make.grid("第一网格", at=here, code="a1")
        make.grid("远处", at=people.community("far"), code="b1")
        assert "请填写名称" in errors(GRIDS, viewer, name="")["name"]
        assert "已被使用" in errors(GRIDS, viewer, name="新网格", code="B1")["code"]
        assert "字母" in errors(GRIDS, viewer, name="新网格", code="网格")["code"]
        assert "如 2027-01-31" in errors(GRIDS, viewer, name="新网格", opened_on="去年")["opened_on"]
        assert one(GRIDS, viewer, name="第一网格").known is not None, "the same name means the grid that is there"

    def test_size_against_guidance(self) -> None:
        assert [said_size(number) for number in (0, 400)] == ["0", "400"]
        assert "少于" in said_size(120) and "多于" in said_size(700)

    def test_workers_and_households_stand_in_the_list(self, viewer: CommunityViewer, here: Community) -> None:
        grid = make.grid(at=here)
        walker = people.worker("walker", at=here, kind="grid_worker")
        grid.duties.create(post=walker.posts.get(), starts_on=make.LONG_AGO)
        make.building(at=here, grid=grid)
        read = GRIDS.read(GRIDS.rows(viewer).get(), viewer)
        assert (read["workers"], read["buildings"], read["households"], read["state"]) == ("walker", "1", "0", "在用")


class TestBuildings:
    def test_places_are_found_by_name_or_code(self, viewer: CommunityViewer, here: Community) -> None:
        grid, estate = make.grid(at=here, code="g1"), make.estate(at=here, code="qfy")
        house = saved(
            BUILDINGS, viewer, estate="QFY", name="3号楼", grid="G1", floors="6", longitude="120.1", latitude="30.2"
        )
        assert (house.estate, house.grid, house.code, house.longitude) == (estate, grid, "qfy-3", 120.1)
        again = one(BUILDINGS, viewer, estate="清风苑", name="三号楼")
        assert again.known == house, "3号楼 and 三号楼 are one"
        read = BUILDINGS.read(BUILDINGS.rows(viewer).get(), viewer)
        unchanged = one(BUILDINGS, viewer, house, **read)
        assert unchanged.checked.errors == {}
        assert BUILDINGS.save([unchanged], viewer, source="sheet:1")[0].revision == 1

    @pytest.mark.parametrize(
        ("written", "field", "said"),
        [
            ({"estate": "无名苑"}, "estate", "现有：清风苑"),
            ({"estate": ""}, "estate", "请填写"),
            ({"grid": "第九网格"}, "grid", "没有网格“第九网格”"),
            ({"floors": "0"}, "floors", "不能小于"),
            ({"longitude": "120.1"}, "latitude", "一起填"),
            ({"longitude": "东", "latitude": "30"}, "longitude", "度数"),
            ({"longitude": "120", "latitude": "91"}, "latitude", "度数"),
            ({"longitude": "nan", "latitude": "30"}, "longitude", "度数"),
        ],
    )
    def test_what_is_refused(
        self, viewer: CommunityViewer, here: Community, written: Mapping[str, str], field: str, said: str
    ) -> None:
        make.estate(at=here)
        assert said in errors(BUILDINGS, viewer, **{"estate": "清风苑", "name": "3号楼", **written})[field]

    def test_a_building_walks_into_another_grid_only_by_a_move(self, viewer: CommunityViewer, here: Community) -> None:
        make.grid("第二网格", at=here)
        house = make.building(at=here, grid=make.grid(at=here))
        assert "划到另一网格" in errors(BUILDINGS, viewer, house, grid="第二网格")["grid"]
        assert errors(BUILDINGS, viewer, house, grid="第一网格") == {}

    def test_a_sheet_says_each_building_once(self, viewer: CommunityViewer, here: Community) -> None:
        make.estate(at=here)
        first, second = BUILDINGS.check([{"estate": "清风苑", "name": name} for name in ("3号楼", "3栋")], viewer)
        assert first.checked.good and "前面已经写过" in second.checked.errors["name"]

    def test_two_thousand_rows_ask_the_database_as_often_as_one(
        self, viewer: CommunityViewer, here: Community, django_assert_num_queries: Any
    ) -> None:
        make.estate(at=here)
        viewer.policy.posts  # noqa: B018 (asked once)
        for number in (1, 500):
            with django_assert_num_queries(4):
                BUILDINGS.check([{"estate": "清风苑", "name": f"{n}号楼"} for n in range(number)], viewer)


class TestRooms:
    @pytest.fixture
    def house(self, here: Community) -> Building:
        return make.building("3号楼", at=here)

    def test_floor_and_place_are_told_by_the_number(self, viewer: CommunityViewer, house: Building) -> None:
        room = saved(ROOMS, viewer, building="3栋", unit="2单元", number="0502")
        assert (room.building, room.floor, room.position, room.unit.name) == (house, 5, 2, "2单元")
        known = one(ROOMS, viewer, building="清风苑3号楼", unit="二单元", number="502室").known
        assert known == room, "other spellings mean the same door"

    def test_a_room_is_changed_and_keeps_what_was_not_written(self, viewer: CommunityViewer, house: Building) -> None:
        room = saved(ROOMS, viewer, building="3号楼", number="302", note="临街")
        room = ROOMS.rows(viewer).get(pk=room.pk)
        changed = saved(ROOMS, viewer, room, use="出租", area="86.5")
        assert (changed.use, str(changed.area), changed.note, changed.number) == ("rented", "86.5", "临街", "302")
        row = AuditRow.objects.get(action="room.changed")
        assert row.detail["changes"] == {"use": ["未核实", "出租"], "area": ["", "86.5"]}
        read = ROOMS.read(ROOMS.rows(viewer).get(pk=room.pk), viewer)
        assert saved(ROOMS, viewer, ROOMS.rows(viewer).get(pk=room.pk), **read).revision == 2

    def test_what_is_refused(self, viewer: CommunityViewer, here: Community, house: Building) -> None:
        other = make.building("3号楼", at=here, of=make.estate("梧桐里", at=here))
        assert "几个小区都有" in errors(ROOMS, viewer, building="3号楼", number="101")["building"]
        assert errors(ROOMS, viewer, estate="梧桐里", building="3号楼", number="101") == {}
        assert "没有楼栋" in errors(ROOMS, viewer, building="9号楼", number="101")["building"]
        assert "请填写楼栋" in errors(ROOMS, viewer, building="", number="101")["building"]
        assert "请填写户室" in errors(ROOMS, viewer, estate="梧桐里", building="3号楼", number="")["number"]
        make.room("101", of=other), make.room("102", of=other)
        second = ROOMS.rows(viewer).get(number="102")
        assert "已有梧桐里3号楼101" in errors(ROOMS, viewer, second, number="101")["number"]

    def test_grid_workers_see_every_door_and_not_its_people(self, here: Community, house: Building) -> None:
        walker = people.worker("walker", at=here, kind="grid_worker")
        door = make.room(of=house)
        make.resident(behind=door)
        viewer = CommunityViewer(walker, here, Policy(walker))
        row = ROOMS.rows(viewer).get()
        assert "residents" not in ROOMS.context(row, viewer, None)  # type: ignore[arg-type]


def test_a_sheet_is_withdrawn_where_nothing_hangs_on_it(here: Community, viewer: CommunityViewer) -> None:
    drafts = ESTATES.check([{"name": name} for name in ("清风苑", "梧桐里", "桂花园")], viewer)
    rows = ESTATES.save(drafts, viewer, source="sheet:1")
    made: dict[UUID, int] = {row.pk: row.revision for row in rows}
    make.building(at=here, of=rows[0])
    saved(ESTATES, viewer, rows[1], address="新路 1 号")
    assert {row.name for row in ESTATES.withdraw(made, viewer, source="sheet:1")} == {"清风苑", "梧桐里"}
    assert set(Estate.objects.values_list("name", flat=True)) == {"清风苑", "梧桐里"}
    assert AuditRow.objects.get(action="estate.withdrawn").detail["name"] == "桂花园"
    assert not Findable.objects.filter(record_id=rows[2].pk).exists()


def test_renaming_an_estate_is_found_at_its_buildings(here: Community, viewer: CommunityViewer) -> None:
    estate = saved(ESTATES, viewer, name="清风苑")
    saved(BUILDINGS, viewer, estate="清风苑", name="3号楼")
    saved(ESTATES, viewer, estate, name="明月苑")
    assert Findable.objects.get(kind="building").title == "明月苑3号楼"


def test_another_communitys_places_are_not_there(viewer: CommunityViewer) -> None:
    far = people.community("far")
    make.room(of=make.building(at=far, grid=make.grid(at=far)))
    for register, model in ((GRIDS, Grid), (ESTATES, Estate), (BUILDINGS, Building), (ROOMS, Room)):
        assert model._default_manager.count() == 1 and register.rows(viewer).count() == 0
