"""Grids, estates, buildings and rooms are written, moved, closed and retired; what stands in the way is said."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.actions.ground import Act, Write
from nianlun.places.actions.ground_buildings import (
    add_unit,
    bring_back,
    make_rooms,
    plan_rooms,
    rename_unit,
    retire,
    save_buildings,
    save_rooms,
)
from nianlun.places.actions.ground_grids import GridInUse, close_grid, reopen_grid, save_grids, set_bounds
from nianlun.places.actions.ground_moves import move_buildings
from nianlun.places.jobs import follow_all_spells
from nianlun.places.models import (
    Building,
    BuildingGrid,
    Community,
    Findable,
    Grid,
    GridBounds,
    GridDuty,
    Household,
    Organisation,
    Post,
    PostKind,
    Resident,
    Room,
    User,
)
from nianlun.places.open_work import SLOT, Hanging
from nianlun.places.registers.buildings import BuildingRegister
from nianlun.places.registers.grids import GridRegister
from nianlun.places.registers.rooms import RoomRegister
from nianlun.places.rules.floors import Pattern
from nianlun.places.search.index import index
from nianlun.ui import slots
from tests.places import make as people
from tests.places.ground import make
from tests.places.ground.test_geojson import square

pytestmark = pytest.mark.django_db
SOON = timedelta(days=10)


@pytest.fixture
def here() -> Community:
    return people.community()


@pytest.fixture
def act(here: Community) -> Act:
    return Act(people.secretary(at=here), here)


def spells(building: Building) -> list[tuple[str, date, date | None]]:
    rows = building.grid_spells.order_by("starts_on")
    return list(rows.values_list("grid__name", "starts_on", "ends_on"))


class TestMoving:
    def test_all_that_hangs_on_a_building_goes_with_it(self, here: Community, act: Act) -> None:
        one, two = make.grid("一", at=here), make.grid("二", at=here)
        house = make.building(at=here, grid=one)
        door = make.room(of=house)
        living, gone = make.resident(behind=door), make.resident("李四", behind=door, until=date(2022, 1, 1))
        common = {"subdistrict": here.subdistrict, "community": here, "building": house, "grid": one}
        home = Household.objects.create(code="h1", room=door, **common)
        shop = Organisation.objects.create(kind="shop", name="便民超市", **common)
        index([house, living, home, shop])
        assert move_buildings([house], to=two, on=today(), act=act).buildings == 1
        for record in (house, living, home, shop):
            record.refresh_from_db()
            assert record.grid == two
            assert Findable.objects.get(record_id=record.pk).grid == two
        gone.refresh_from_db()
        assert gone.grid == one, "who has moved out lived in the former grid"
        assert spells(house) == [("一", make.LONG_AGO, today()), ("二", today(), None)]
        row = AuditRow.objects.get(action="building.moved")
        assert row.record_id == house.pk and row.detail["changes"]["grid"][0] == "一"

    def test_a_move_to_come_waits_for_its_day(self, here: Community, act: Act) -> None:
        one, two = make.grid("一", at=here), make.grid("二", at=here)
        house = make.building(at=here, grid=one)
        somebody = make.resident(behind=make.room(of=house))
        move_buildings([house], to=two, on=today() + SOON, act=act)
        house.refresh_from_db()
        assert house.grid == one and follow_all_spells() == 0
        BuildingGrid.objects.filter(building=house, grid=one).update(ends_on=today())
        BuildingGrid.objects.filter(building=house, grid=two).update(starts_on=today())
        assert follow_all_spells() == 1 and follow_all_spells() == 0
        house.refresh_from_db()
        somebody.refresh_from_db()
        assert house.grid == two and somebody.grid == two

    def test_the_night_mends_what_is_out_of_line(self, here: Community) -> None:
        one, two = make.grid("一", at=here), make.grid("二", at=here)
        somebody = make.resident(behind=make.room(of=make.building(at=here, grid=one)))
        Resident.objects.filter(pk=somebody.pk).update(grid=two)
        follow_all_spells()
        somebody.refresh_from_db()
        assert somebody.grid == one

    def test_a_move_in_the_past_takes_back_later_ones_and_says_so(self, here: Community, act: Act) -> None:
        one, two, three = (make.grid(name, at=here) for name in "一二三")
        house = make.building(at=here, grid=one)
        move_buildings([house], to=two, on=today() - SOON, act=act)
        assert move_buildings([house], to=three, on=today() - 2 * SOON, act=act).replaced == 1
        assert spells(house) == [("一", make.LONG_AGO, today() - 2 * SOON), ("三", today() - 2 * SOON, None)]
        assert AuditRow.objects.latest("id").detail["replaced"] == [f"{today() - SOON} 起 二"]

    def test_moving_back_on_the_same_day_joins_the_spells(self, here: Community, act: Act) -> None:
        one, two = make.grid("一", at=here), make.grid("二", at=here)
        house = make.building(at=here, grid=one)
        move_buildings([house], to=two, on=today(), act=act)
        move_buildings([house], to=one, on=today(), act=act)
        assert spells(house) == [("一", make.LONG_AGO, None)]

    def test_several_at_once_cost_no_more_queries(
        self, here: Community, act: Act, django_assert_max_num_queries: Any
    ) -> None:
        one, two = make.grid("一", at=here), make.grid("二", at=here)
        houses = [make.building(f"{number}号楼", at=here, grid=one) for number in range(1, 9)]
        for house in houses:
            make.resident(behind=make.room(of=house))
        with django_assert_max_num_queries(24):
            move_buildings(houses, to=two, on=today(), act=act)
        assert Resident.objects.filter(grid=two).count() == 8

    def test_what_cannot_be_moved(self, here: Community, act: Act) -> None:
        grid = make.grid(at=here, opened_on=today() - SOON)
        house = make.building(at=here)
        far = make.grid("远", at=people.community("far"))
        with pytest.raises(UserError, match="没有选中"):
            move_buildings([], to=grid, on=today(), act=act)
        with pytest.raises(UserError, match="本社区"):
            move_buildings([house], to=far, on=today(), act=act)
        with pytest.raises(UserError, match="启用日期"):
            move_buildings([house], to=grid, on=today() - 2 * SOON, act=act)
        with pytest.raises(UserError, match="两年"):
            move_buildings([house], to=grid, on=date(2090, 1, 1), act=act)
        retire(house, on=today(), act=act)
        with pytest.raises(UserError, match="已停用"):
            move_buildings([house], to=grid, on=today(), act=act)
        close_grid(grid, act=act)
        bring_back(house, act=act)
        with pytest.raises(UserError, match="已关闭"):
            move_buildings([house], to=grid, on=today(), act=act)


class TestGrids:
    def write(self, act: Act, known: Grid | None = None, revision: int | None = None, **values: Any) -> Grid:
        return save_grids([Write(values, known, revision)], act=act, fields=GridRegister.fields)[0]

    def test_added_changed_and_stale(self, act: Act) -> None:
        grid = self.write(act, name="第一网格", code="g1", initials="dywg")
        again = self.write(act, grid, 1, name="东网格")
        assert again.revision == 2 and again.code == "g1"
        assert AuditRow.objects.get(action="grid.changed").detail["changes"] == {"name": ["第一网格", "东网格"]}
        with pytest.raises(StaleRevision) as stale:
            self.write(act, grid, 1, name="西网格")
        assert "西网格" in str(stale.value.mine) and "东网格" in str(stale.value.theirs)
        assert self.write(act, grid, 2, name="东网格").revision == 2, "what stays as it is is no edit"

    def test_a_code_that_was_just_taken_is_said(self, act: Act) -> None:
        self.write(act, name="第一网格", code="g1")
        with pytest.raises(UserError, match="刚刚被别人用了"):
            self.write(act, name="第二网格", code="g1")

    def test_closing_is_refused_while_anything_is_open(self, here: Community, act: Act) -> None:
        grid, other = make.grid("一", at=here), make.grid("二", at=here)
        house = make.building(at=here, grid=grid)
        make.resident(behind=make.room(of=house))
        with pytest.raises(GridInUse, match="楼栋 1 栋、现住居民 1 人") as refused:
            close_grid(grid, act=act)
        assert {one.address for one in refused.value.hanging} >= {f"/c/wutong/residents/?grid={grid.pk}"}
        move_buildings([house], to=other, on=today(), act=act)
        move_buildings([house], to=grid, on=today() + SOON, act=act)
        with pytest.raises(GridInUse, match="已安排划入的楼栋 1 栋"):
            close_grid(grid, act=act)
        move_buildings([house], to=other, on=today(), act=act)
        assert close_grid(grid, act=act).closed_on == today()

    def test_other_rooms_say_what_is_open(self, here: Community, act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(slots, "_slots", slots._slots.copy())
        monkeypatch.setitem(slots._slots, SLOT, [])
        slots.fill(SLOT, lambda grid: Hanging("未办结的隐患", 2, "条", "/x/"))
        with pytest.raises(GridInUse, match="未办结的隐患 2 条"):
            close_grid(make.grid(at=here), act=act)

    def test_reopening_is_the_undo_of_closing(self, here: Community, act: Act) -> None:
        grid = make.grid(at=here)
        post = Post.objects.get(user=people.worker("walker", at=here, kind=PostKind.GRID_WORKER))
        GridDuty.objects.create(grid=grid, post=post, starts_on=make.LONG_AGO)
        close_grid(grid, act=act)
        assert GridDuty.objects.get().ends_on == today()
        assert Findable.objects.get(record_id=grid.pk).gone
        reopened = reopen_grid(grid, act=act)
        assert reopened.closed_on is None and GridDuty.objects.get().ends_on is None
        assert not Findable.objects.get(record_id=grid.pk).gone

    def test_bounds_are_kept_from_day_to_day(self, here: Community, act: Act) -> None:
        grid = make.grid(at=here)
        first, second = today() - SOON, today()
        set_bounds({grid: square()}, starts_on=first, act=act)
        set_bounds({grid: square(121)}, starts_on=second, act=act)
        held = GridBounds.objects.order_by("starts_on").values_list("starts_on", "ends_on")
        assert list(held) == [(first, second), (second, None)]
        set_bounds({grid: square(122)}, starts_on=second, act=act)
        assert GridBounds.objects.count() == 2 and GridBounds.objects.get(ends_on=None).shape == square(122)
        with pytest.raises(UserError, match="启用日期"):
            set_bounds({grid: square()}, starts_on=date(1990, 1, 1), act=act)


class TestHouses:
    def test_a_building_lies_in_its_grid_for_as_long_as_there_is_the_grid(self, here: Community, act: Act) -> None:
        grid, estate = make.grid(at=here), make.estate(at=here)
        values = {"name": "3号楼", "code": "b3", "estate": estate, "grid": grid}
        (house,) = save_buildings([Write(values)], act=act, fields=BuildingRegister.fields, grids_since=[None])
        assert spells(house) == [("第一网格", make.LONG_AGO, None)] and house.units.count() == 1
        (house,) = save_buildings(
            [Write({"name": "3栋"}, house, 1)], act=act, fields=BuildingRegister.fields, grids_since=[None]
        )
        assert house.revision == 2 and Findable.objects.get(record_id=house.pk).title == "清风苑3栋"

    def test_a_building_of_a_grid_to_come_is_in_none_until_then(self, here: Community, act: Act) -> None:
        grid, estate = make.grid(at=here, opened_on=today() + SOON), make.estate(at=here)
        values = {"name": "3号楼", "code": "b3", "estate": estate, "grid": grid}
        save_buildings([Write(values)], act=act, fields=BuildingRegister.fields, grids_since=[None])
        assert Building.objects.get().grid is None

    def test_rooms_are_made_once(self, here: Community, act: Act) -> None:
        house = make.building(at=here)
        make.room("101", of=house)
        pattern = Pattern(2, 3, 2)
        planned = plan_rooms(house, pattern)
        assert (len(planned.rooms), planned.there, planned.new) == (12, 1, 11)
        assert make_rooms(house, pattern, act=act) == 11 and make_rooms(house, pattern, act=act) == 0
        house.refresh_from_db()
        assert house.floors == 3
        assert list(house.units.values_list("name", flat=True)) == ["1单元", "2单元"]
        with pytest.raises(UserError, match="单元数"):
            make_rooms(house, Pattern(0, 1, 1), act=act)

    def test_units_are_added_and_renamed(self, here: Community, act: Act) -> None:
        house = make.building(at=here)
        unit = add_unit(house, "2单元", act=act)
        assert unit.position == 2
        with pytest.raises(UserError, match="已有"):
            add_unit(house, "2单元", act=act)
        rename_unit(unit, "东单元", act=act)
        with pytest.raises(UserError, match="已有"):
            rename_unit(house.units.get(position=1), "东单元", act=act)

    def test_a_room_of_a_unit_that_is_not_there_makes_it(self, here: Community, act: Act) -> None:
        house = make.building(at=here)

        def save(number: str, unit: str) -> Room:
            return save_rooms([Write({"number": number})], act=act, fields=RoomRegister.fields, units=[(house, unit)])[
                0
            ]

        assert save("101", "1单元").unit.position == 1, "the nameless unit without rooms becomes it"
        assert save("101", "2单元").unit.position == 2 and house.units.count() == 2

    def test_nothing_is_retired_over_peoples_heads(self, here: Community, act: Act) -> None:
        house = make.building(at=here)
        door, empty = make.room("302", of=house), make.room("101", of=house)
        somebody = make.resident(behind=door)
        for place in (house, door):
            with pytest.raises(UserError, match="302住 1 人"):
                retire(place, on=today(), act=act)
        retire(empty, on=today(), act=act)
        Resident.objects.filter(pk=somebody.pk).update(state="moved_out")
        Organisation.objects.create(
            kind="shop", name="便民超市", subdistrict=here.subdistrict, community=here, building=house
        )
        with pytest.raises(UserError, match="便民超市"):
            retire(house, on=today(), act=act)
        Organisation.objects.update(closed_on=today())
        retire(house, on=today(), act=act)
        house.refresh_from_db()
        assert house.retired_on == today()
        bring_back(house, act=act)
        with pytest.raises(StaleRevision):
            retire(house, on=today(), act=act, revision=1)


def test_every_act_is_noted_under_its_doer(here: Community, act: Act) -> None:
    house = make.building(at=here)
    make_rooms(house, Pattern(1, 1, 1), act=act)
    row = AuditRow.objects.get()
    assert isinstance(act.user, User) and row.actor_id == act.user.pk and row.subdistrict_id == here.subdistrict_id
