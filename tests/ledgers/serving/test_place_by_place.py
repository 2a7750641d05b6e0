"""A duty that is done for each grid, building or listed place: it counts 2 of 3, and is done with the last."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from nianlun.duties.actions import work
from nianlun.duties.models import Occurrence
from nianlun.kernel.clock import CHINA, frozen
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.actions.entries import restore_entry, withdraw_entry
from nianlun.ledgers.actions.fan_out import drop_places, list_places, set_fan_out
from nianlun.ledgers.actions.serve import link, unlink
from nianlun.ledgers.fan_out.counts import count_of
from nianlun.ledgers.fan_out.ground import READ
from nianlun.ledgers.fan_out.words import suggested
from nianlun.ledgers.models import Entry, FanOut, ItemLedger, Over
from nianlun.places.models import Building, Grid, Organisation
from tests.duties.make import WEEKLY, World
from tests.ledgers.serving.make import duty, inspection
from tests.ledgers.serving.test_pages import at, read, sent
from tests.places import make
from tests.places.ground import make as ground

EACH = "每周检查每个网格的消防通道"


@pytest.fixture
def grids(world: World) -> list[Grid]:
    made = [make.grid(f"g{number}", at=world.home) for number in range(3)]
    Grid.objects.update(opened_on=date(2026, 1, 1))
    return made


@pytest.fixture
def one(world: World, grids: list[Grid]) -> Occurrence:
    made = duty(world, EACH, "inspection", schedules=[WEEKLY], owners=["网格员"])
    set_fan_out(acting_user=world.boss, duty=made.duty_id, revision=0, over="grids")
    return made


def now(one: Occurrence) -> Occurrence:
    return Occurrence.objects.select_related("community").get(pk=one.pk)


def said(one: Occurrence) -> str:
    count = count_of(now(one))
    assert count is not None
    return count.said


def done_in(world: World, one: Occurrence, grid: Grid, on: date | None = None) -> Entry:
    entry = inspection(world, world.grid1, on=on, grid_id=grid.pk)
    link(acting_user=world.grid1, pk=entry.pk, occurrences=[one.pk])
    return entry


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("每周检查一次有隐患的院落", Over.LISTED),
        ("对每个网格开展一次入户走访", Over.GRIDS),
        ("各网格每月开展一次巡查", Over.GRIDS),
        ("各网格员每天上报", None),
        ("每栋楼设一名楼栋长", Over.BUILDINGS),
        ("逐栋排查电动车飞线充电", Over.BUILDINGS),
        ("各小区每季度召开一次议事会", Over.ESTATES),
        ("检查各院落的排水", Over.ESTATES),
        ("每月检查九小场所", Over.LISTED),
        ("与辖区各单位签订责任书", Over.LISTED),
        ("每月召开一次例会", None),
        ("推进网格化管理", None),
    ],
)
def test_words_say_for_each_of_what(text: str, over: Over | None) -> None:
    assert suggested(text) == over


def test_the_last_grid_makes_it_done_on_the_latest_day(world: World, one: Occurrence, grids: list[Grid]) -> None:
    done_in(world, one, grids[0])
    done_in(world, one, grids[0])  # a second time in the same grid counts once
    done_in(world, one, grids[1], on=date(2027, 3, 8))
    assert (said(one), now(one).status) == ("2 / 3", "open")
    entry = done_in(world, one, grids[2], on=date(2027, 3, 9))
    assert (said(one), now(one).status, now(one).done_on) == ("3 / 3", "done", date(2027, 3, 10))
    withdraw_entry(acting_user=world.grid1, pk=entry.pk, revision=None, reason="填错了")
    assert (said(one), now(one).status) == ("2 / 3", "open")
    restore_entry(acting_user=world.grid1, pk=entry.pk, revision=None)
    assert now(one).status == "done"
    unlink(acting_user=world.boss, pk=Entry.objects.get(pk=entry.pk).duties.get().pk)
    assert (said(one), now(one).status) == ("2 / 3", "open")


def test_an_entry_of_no_place_counts_for_none(world: World, one: Occurrence) -> None:
    entry = inspection(world, world.grid1)
    (made,) = link(acting_user=world.grid1, pk=entry.pk, occurrences=[one.pk])
    assert (made.place_id, said(one), now(one).status) == (None, "0 / 3", "open")


def test_it_is_not_ticked_off_before_unless_the_secretary_says_why(world: World, one: Occurrence) -> None:
    with pytest.raises(UserError, match="还有 3 处"):
        work.do(acting_user=world.grid1, pk=one.pk, revision=None, done_on=date(2027, 3, 10), note="都看过")
    with pytest.raises(UserError, match="还有 3 处"):
        work.do(acting_user=world.boss, pk=one.pk, revision=None, done_on=date(2027, 3, 10))
    work.do(acting_user=world.boss, pk=one.pk, revision=None, done_on=date(2027, 3, 10), note="本周停工，不用检查")
    assert (now(one).status, said(one)) == ("done", "0 / 3")


def test_places_come_and_go_within_the_period(world: World, one: Occurrence, grids: list[Grid]) -> None:
    done_in(world, one, grids[0])
    make.grid("g9", at=world.home)
    Grid.objects.filter(code="g9").update(opened_on=date(2027, 3, 9))
    assert said(one) == "1 / 4"
    Grid.objects.filter(pk__in=[grids[1].pk, grids[0].pk]).update(closed_on=date(2027, 3, 10))
    assert said(one) == "0 / 2"


def test_a_time_that_is_done_keeps_what_it_was_about(world: World, one: Occurrence, grids: list[Grid]) -> None:
    for grid in grids:
        done_in(world, one, grid)
    assert now(one).status == "done"
    make.grid("later", at=world.home)
    Grid.objects.filter(code="later").update(opened_on=date(2027, 3, 11))
    assert said(one) == "3 / 3"


def test_buildings_of_one_grid(world: World, grids: list[Grid]) -> None:
    inside, outside = ground.building("1", at=world.home, grid=grids[0]), ground.building("2", at=world.home)
    made = duty(world, "每月逐栋检查", "inspection")
    set_fan_out(acting_user=world.boss, duty=made.duty_id, revision=0, over="buildings", grid=grids[0].pk)
    other = inspection(world, world.boss, building_id=outside.pk)
    link(acting_user=world.boss, pk=other.pk, occurrences=[made.pk])
    assert said(made) == "0 / 1"
    entry = inspection(world, world.boss, subject_kind="place", subject_id=str(inside.pk))
    link(acting_user=world.boss, pk=entry.pk, occurrences=[made.pk])
    assert (said(made), now(made).status) == ("1 / 1", "done")


def test_a_list_of_places_and_organisations(world: World, grids: list[Grid]) -> None:
    shop = Organisation.objects.create(
        subdistrict=world.home.subdistrict, community=world.home, kind="shop", name="面馆"
    )
    building = ground.building("1", at=world.home)
    made = duty(world, "每周检查一次有隐患的院落", "inspection", schedules=[WEEKLY])
    with pytest.raises(UserError, match="请先选"):
        list_places(acting_user=world.boss, duty=made.duty_id, places=[("organisation", shop.pk)])
    set_fan_out(acting_user=world.boss, duty=made.duty_id, revision=0, over="listed")
    with pytest.raises(UserError, match="还没有指定地点"):
        work.do(acting_user=world.boss, pk=made.pk, revision=None, done_on=date(2027, 3, 10))
    wanted = [("organisation", shop.pk), ("estate", building.estate_id)]
    assert list_places(acting_user=world.boss, duty=made.duty_id, places=[*wanted, wanted[0]]) == 2
    with pytest.raises(UserError, match="没有找到"):
        list_places(acting_user=world.boss, duty=made.duty_id, places=[("grid", uuid4())])
    entry = inspection(world, world.boss, building_id=building.pk)
    link(acting_user=world.boss, pk=entry.pk, occurrences=[made.pk])
    assert said(made) == "1 / 2"
    Organisation.objects.filter(pk=shop.pk).update(closed_on=date(2027, 3, 1))
    assert said(made) == "1 / 1"
    assert drop_places(acting_user=world.boss, duty=made.duty_id, places=wanted[:1]) == 1


def test_who_may_set_it_and_two_at_once(world: World, one: Occurrence) -> None:
    with pytest.raises(PermissionDenied):
        set_fan_out(acting_user=world.grid1, duty=one.duty_id, revision=1, over="")
    with pytest.raises(StaleRevision):
        set_fan_out(acting_user=world.boss, duty=one.duty_id, revision=0, over="buildings")
    assert set_fan_out(acting_user=world.boss, duty=one.duty_id, revision=1, over="") is None
    assert count_of(now(one)) is None and not FanOut.objects.exists()


def test_setting_it_counts_entries_that_are_there(world: World, grids: list[Grid]) -> None:
    made = duty(world, EACH, "inspection", schedules=[WEEKLY])
    Occurrence.objects.filter(pk=made.pk).update(status="done", recorded_at="2027-03-10T01:00Z")
    entry = inspection(world, world.boss, grid_id=grids[0].pk)
    link(acting_user=world.boss, pk=entry.pk, occurrences=[made.pk])
    Occurrence.objects.filter(pk=made.pk).update(status="open", recorded_at=None)
    set_fan_out(acting_user=world.boss, duty=made.duty_id, revision=0, over="grids")
    assert said(made) == "1 / 3"


def test_pages_lead_from_the_duty_to_each_place_and_back(world: World, one: Occurrence, grids: list[Grid]) -> None:
    assert "0 / 3" in read(world.grid1, "/c/wutong/desk/")
    assert "0 / 3" in read(world.grid1, f"/c/wutong/occurrences/{one.pk}/")
    listed = f"/c/wutong/occurrences/{one.pk}/places/"
    form = f"/c/wutong/inspection/new/?serves={one.pk}&place={grids[1].pk}"
    assert form.replace("&", "&amp;") in read(world.grid1, listed)
    page = read(world.grid1, form)
    assert f'name="place" value="{grids[1].pk}"' in page and f'value="{grids[1].name}"' in page
    filed = at(world.grid1).post("/c/wutong/inspection/new/", sent(serves=str(one.pk), place=str(grids[1].pk)))
    assert filed.status_code == 302 and filed["Location"] == listed
    entry = Entry.objects.get(ledger="inspection")
    assert entry.grid_id == grids[1].pk and said(one) == "1 / 3"
    page = read(world.boss, f"{listed}?show=done")
    assert f"/c/wutong/inspection/{entry.pk}/" in page and grids[0].name not in page.split("<main")[1]
    assert "1 / 3" in read(world.boss, "/c/wutong/progress/")
    assert "1 / 3" in read(world.boss, "/c/wutong/progress/ahead/")
    for wrong in (uuid4(), "x"):
        assert at(world.grid1).get(f"/c/wutong/inspection/new/?serves={one.pk}&place={wrong}").status_code == 404
    assert at(world.stranger).get(listed).status_code == 404


def test_the_secretary_sets_it_on_pages(world: World, grids: list[Grid]) -> None:
    made = duty(world, "每周检查一次有隐患的院落", "inspection", schedules=[WEEKLY])
    building = ground.building("1", at=world.home)
    found = inspection(world, world.boss, building_id=building.pk)
    Entry.objects.filter(pk=found.pk).update(ledger="hazard")
    of_duty = f"/c/wutong/duties/{made.duty_id}/"
    assert "指定的地点和单位" in read(world.boss, of_duty)
    assert "逐个落实" not in read(world.grid1, of_duty)
    address = f"{of_duty}places/"
    assert at(world.grid1).get(address).status_code == 403 and at(world.stranger).get(address).status_code == 404
    assert at(world.boss).post(address, {"act": "set", "revision": 0, "over": "listed"}).status_code == 302
    page = read(world.boss, address)
    assert "现在有没销号隐患的地方" in page and f'value="estate:{building.estate_id}" checked' in page
    assert at(world.boss).post(address, {"act": "add", "place": f"estate:{building.estate_id}"}).status_code == 302
    assert building.estate.name in read(world.boss, address)
    assert grids[0].name in read(world.boss, f"{address}?q={grids[0].name}")
    for wrong in ({"act": "add"}, {"act": "add", "place": "x:y"}, {"act": "set", "revision": "x"}):
        assert at(world.boss).post(address, wrong).status_code == 422
    clash = at(world.boss).post(address, {"act": "set", "revision": 9, "over": "grids"})
    assert clash.status_code == 409
    assert at(world.boss).post(address, {"act": "drop", "place": f"estate:{building.estate_id}"}).status_code == 302


@pytest.mark.parametrize("many", [1, 5])
def test_lists_ask_no_more_for_more(
    world: World, grids: list[Grid], many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ones: list[Occurrence] = []
    for number in range(many):
        made = duty(world, f"每周检查每个网格第{number}次", "inspection", schedules=[WEEKLY])
        set_fan_out(acting_user=world.boss, duty=made.duty_id, revision=0, over="grids")
        ones.append(made)
        for grid in grids[:2] * many:
            done_in_all(world, [made.pk], grid)
    client = at(world.boss)
    client.get("/c/wutong/desk/?whose=all")
    for address, most in (
        ("/c/wutong/desk/?whose=all", 26),
        ("/c/wutong/progress/", 24),
        ("/c/wutong/progress/ahead/", 24),
        (f"/c/wutong/occurrences/{ones[0].pk}/places/?show=all", 24),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def done_in_all(world: World, ones: list[UUID], grid: Grid) -> None:
    entry = inspection(world, world.boss, grid_id=grid.pk)
    link(acting_user=world.boss, pk=entry.pk, occurrences=ones)


def test_a_duty_with_several_ledgers_leads_to_its_page(world: World) -> None:
    made = duty(world, "每月检查消防通道", "inspection", owners=["网格员"])
    assert f"/c/wutong/inspection/new/?serves={made.pk}" in read(world.grid1, "/c/wutong/desk/")
    assert made.duty.item is not None
    ItemLedger.objects.create(item=made.duty.item, ledger="visit")
    assert f"/c/wutong/occurrences/{made.pk}/#enter" in read(world.grid1, "/c/wutong/desk/")
    assert Building.objects.count() == 0


def test_what_was_made_in_the_small_hours_is_of_that_day(world: World) -> None:
    with frozen(datetime(2027, 3, 11, 1, tzinfo=CHINA)):
        house = ground.building(at=world.home)
    assert READ["building"](world.home)[house.pk].made_on == date(2027, 3, 11)
