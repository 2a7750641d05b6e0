"""Rounds of verification: who gets which door, what is found there, and what is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from nianlun.kernel.clock import CHINA, frozen, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.actions.posts import end_post
from nianlun.places.actions.rounds import begin_round, close_round, hand_over, reopen_round
from nianlun.places.actions.verifying import take_back, visit
from nianlun.places.confirmed import by_building
from nianlun.places.doors import Tally, my_stops, next_door, progress_of
from nianlun.places.models import Building, Community, Confirmation, Outcome, Post, Resident, Room, RoundRoom, User
from tests.places import make as places
from tests.places.people import make as people
from tests.places.rounds import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Iterator[Community]:
    yield make.home()


@pytest.fixture
def boss(home: Community) -> User:
    return people.viewer(home).user


def found(door: RoundRoom, user: User, outcome: Outcome = Outcome.SAME, note: str = "") -> RoundRoom:
    door.refresh_from_db()
    return visit(acting_user=user, door=door, outcome=outcome, note=note, revision=door.revision)


def test_every_door_goes_to_whoever_walks_its_grid(home: Community) -> None:
    one, two = make.walkers(home)
    begun = make.begin(home)
    assert (begun.doors, begun.unassigned, begun.left_out) == (12, 0, 0)
    assert {(door.room.building.name, door.worker) for door in begun.round.rooms.select_related("room__building")} == {
        ("1号楼", one), ("2号楼", two),
    }  # fmt: skip
    assert AuditRow.objects.get(action="round.begun").detail["count"] == 12


def test_a_grid_without_a_walker_leaves_its_doors_to_be_handed_out(home: Community, boss: User) -> None:
    walker = people.grid_worker(home, 1)
    begun = make.begin(home)
    assert begun.unassigned == 6
    round = begun.round
    with pytest.raises(UserError, match="不能核实"):
        hand_over(acting_user=boss, round=round, to=walker, buildings=[make.door(round, building=2).room.building_id])
    worker = places.worker("worker", at=home)
    assert hand_over(acting_user=boss, round=round, to=worker, doors=[make.door(round, building=2).pk]) == 1
    assert (
        hand_over(acting_user=boss, round=round, to=worker, buildings=[make.door(round, building=2).room.building_id])
        == 5
    )
    assert progress_of(round).unassigned == 0
    with pytest.raises(UserError, match="先勾选"):
        hand_over(acting_user=boss, round=round, to=worker)


def test_two_walkers_of_a_grid_share_its_buildings(home: Community) -> None:
    one = people.grid_worker(home, 1, 2, username="one")
    two = people.grid_worker(home, 1, 2, username="two")
    round = make.begin(home).round
    counts = [RoundRoom.objects.filter(round=round, worker=user).count() for user in (one, two)]
    assert counts == [6, 6]


def test_a_walker_who_left_gets_no_doors(home: Community, boss: User) -> None:
    one, _ = make.walkers(home)
    end_post(acting_user=boss, post=Post.objects.get(user=one))
    with frozen(datetime.combine(today() + timedelta(days=1), datetime.min.time(), CHINA)):
        assert make.begin(home).unassigned == 6


def test_a_door_is_in_one_open_round_at_a_time(home: Community, boss: User) -> None:
    make.walkers(home)
    first = make.begin(home, 1).round
    second = make.begin(home, name="第二轮")
    assert (second.doors, second.left_out) == (6, 6)
    with pytest.raises(UserError, match="另一轮"):
        make.begin(home)
    close_round(acting_user=boss, round=first)
    third = make.begin(home, name="第三轮")
    assert third.doors == 6
    with pytest.raises(UserError, match="后来的一轮"):
        reopen_round(acting_user=boss, round=first)
    close_round(acting_user=boss, round=third.round)
    assert reopen_round(acting_user=boss, round=first).closed_on is None
    with pytest.raises(UserError, match="不用重新开始"):
        reopen_round(acting_user=boss, round=first)


@pytest.mark.parametrize(("starts", "ends", "said"), [(0, -1, "早于"), (-9, -3, "已经过去"), (0, 400, "最长一年")])
def test_days_that_no_round_has_are_refused(home: Community, boss: User, starts: int, ends: int, said: str) -> None:
    day, one = today(), timedelta(days=1)
    with pytest.raises(UserError, match=said):
        begin_round(
            acting_user=boss, community=home, name="核实", starts_on=day + starts * one, ends_on=day + ends * one,
            buildings=Building.objects.all(),
        )  # fmt: skip


def test_what_confirms_is_noted_of_the_door_and_of_who_lives_there(home: Community) -> None:
    walker, _ = make.walkers(home)
    people.resident(home, "王芳")
    round = make.begin(home).round
    door = found(make.door(round), walker, Outcome.CHANGED, "换了手机")
    day = today()
    assert (door.done_on, door.done_by, door.outcome) == (day, walker, "changed")
    for record in (Room.objects.get(pk=door.room_id), Resident.objects.get()):
        assert (record.verified_on, record.verified_by) == (day, walker)
    made = Confirmation.objects.get()
    assert (made.room, made.round, made.outcome, made.note, made.by) == (
        door.room,
        round,
        "changed",
        "换了手机",
        walker,
    )
    assert "换了手机" not in str(AuditRow.objects.get(action="room.visited").detail)


@pytest.mark.parametrize("outcome", [Outcome.ABSENT, Outcome.DECLINED])
def test_a_door_where_nobody_answered_stays_open(home: Community, outcome: Outcome) -> None:
    walker, _ = make.walkers(home)
    round = make.begin(home).round
    door = found(make.door(round), walker, outcome)
    assert door.done_on is None and door.outcome == outcome
    assert not Confirmation.objects.exists() and Room.objects.filter(verified_on=None).count() == 12
    assert found(door, walker).done_on == today()


def test_a_door_with_people_is_not_empty(home: Community) -> None:
    walker, _ = make.walkers(home)
    people.resident(home, "王芳")
    round = make.begin(home).round
    with pytest.raises(UserError, match="登记迁出"):
        found(make.door(round), walker, Outcome.EMPTY)
    assert found(make.door(round, "102"), walker, Outcome.EMPTY).done_on == today()


@pytest.mark.parametrize("note", ["电话13800138000", "11010519491231002X", "长" * 201])
def test_notes_hold_no_numbers_of_people(home: Community, note: str) -> None:
    walker, _ = make.walkers(home)
    with pytest.raises(UserError, match="说明"):
        found(make.door(make.begin(home).round), walker, Outcome.SAME, note)


def test_the_same_said_twice_is_said_once_and_something_else_is_a_clash(home: Community, boss: User) -> None:
    walker, _ = make.walkers(home)
    door = make.door(make.begin(home).round)
    for _ in range(2):
        visit(acting_user=walker, door=door, outcome="same", note="", revision=1)
    assert Confirmation.objects.count() == 1 and AuditRow.objects.filter(action="room.visited").count() == 1
    with pytest.raises(StaleRevision) as clash:
        visit(acting_user=boss, door=door, outcome="absent", note="没人", revision=1)
    assert clash.value.theirs == "无变化\nwalker1" and clash.value.mine == f"敲门无人\n没人\n{boss.name}"
    with pytest.raises(StaleRevision):
        visit(acting_user=walker, door=door, outcome="changed", note="", revision=2)


def test_ones_own_last_word_is_taken_back_and_all_is_as_before(home: Community, boss: User) -> None:
    walker, other = make.walkers(home)
    neighbour = people.resident(home, "王芳")
    before = date(2020, 5, 1)
    Resident.objects.update(verified_on=before, verified_by=boss)
    Room.objects.filter(number="101").update(verified_on=before, verified_by=boss)
    door = make.door(make.begin(home).round)
    found(door, walker, Outcome.ABSENT, "晚上再来")
    found(door, walker)
    with pytest.raises(UserError, match="没有您"):
        take_back(acting_user=boss, door=door)
    with pytest.raises(Http404):
        take_back(acting_user=other, door=door)
    back = take_back(acting_user=walker, door=door)
    assert (back.outcome, back.note, back.done_on, back.done_by) == ("absent", "晚上再来", None, walker)
    neighbour.refresh_from_db()
    room = Room.objects.get(pk=door.room_id)
    assert {(one.verified_on, one.verified_by) for one in (neighbour, room)} == {(before, boss)}
    assert not Confirmation.objects.exists()
    with pytest.raises(UserError, match="没有您"):
        take_back(acting_user=walker, door=door)


def test_a_closed_round_asks_nobody_and_takes_nothing(home: Community, boss: User) -> None:
    walker, _ = make.walkers(home)
    round = make.begin(home).round
    found(make.door(round), walker)
    close_round(acting_user=boss, round=round)
    assert my_stops(people.viewer(home, walker)) == []
    with pytest.raises(UserError, match="已于"):
        found(make.door(round, "102"), walker)
    with pytest.raises(UserError, match="已于"):
        take_back(acting_user=walker, door=make.door(round))
    reopen_round(acting_user=boss, round=round)
    (stop,) = my_stops(people.viewer(home, walker))
    assert stop.tally == Tally(1, 6)


def test_a_walker_does_their_own_doors_only_and_who_runs_rounds_any(home: Community, boss: User) -> None:
    one, two = make.walkers(home)
    helper = people.grid_worker(home, 1, username="helper")
    round = make.begin(home, 1).round
    RoundRoom.objects.update(worker=one)
    door = make.door(round)
    with pytest.raises(Http404):
        found(door, two)
    with pytest.raises(PermissionDenied):
        found(door, helper)
    far = places.secretary("far", at=places.community("far", of=places.subdistrict("other")))
    with pytest.raises(Http404):
        found(door, far)
    assert found(door, boss).done_by == boss


def test_the_way_leads_from_door_to_door(home: Community) -> None:
    walker = people.grid_worker(home, 1, 2)
    round = make.begin(home).round
    door, way = make.door(round), []
    while True:
        way.append(f"{door.room.building.name}{door.room.number}")
        found(door, walker, Outcome.ABSENT if len(way) == 2 else Outcome.SAME)
        if (following := next_door(door)) is None or len(way) > 14:
            break
        door = RoundRoom.objects.select_related("room__building").get(pk=following)
    rooms = ["101", "102", "201", "202", "301", "302"]
    assert way == [f"1号楼{one}" for one in rooms] + [f"2号楼{one}" for one in rooms] + ["1号楼102"]


def test_progress_counts_doors_in_the_order_of_the_ground(home: Community) -> None:
    one, two = make.walkers(home)
    round = make.begin(home).round
    for number in ("101", "102"):
        found(make.door(round, number, 2), two)
    found(make.door(round), one, Outcome.ABSENT)
    progress = progress_of(round)
    assert str(progress.tally) == "2/12 户"
    assert [(house.building.name, house.tally, house.workers) for house in progress.houses] == [
        ("1号楼", Tally(0, 6), ["walker1"]), ("2号楼", Tally(2, 6), ["walker2"]),
    ]  # fmt: skip
    assert [(hand.user, hand.tally, hand.grids) for hand in progress.hands] == [
        (one, Tally(0, 6), ("第1网格",)), (two, Tally(2, 6), ("第2网格",)),
    ]  # fmt: skip


def test_when_doors_were_last_confirmed_by_building(home: Community) -> None:
    with frozen(datetime(2027, 8, 15, tzinfo=CHINA)):
        rooms = list(Room.objects.filter(building__name="1号楼").order_by("number"))
        for room, day in zip(
            rooms, (date(2027, 8, 1), date(2027, 7, 1), date(2027, 2, 1), date(2025, 1, 1)), strict=False
        ):
            Room.objects.filter(pk=room.pk).update(verified_on=day)
        viewer = people.viewer(home)
        one, two = by_building(viewer, "building")
        assert (one.doors, one.quarter, one.year, one.never, one.oldest) == (6, 2, 3, 2, date(2025, 1, 1))
        assert (one.quarter_share, one.year_share, two.never_share) == (33, 50, 100)
        for order in ("never", "-quarter", "-oldest", "building", "nonsense", "grid", "-doors"):
            assert [row.building.name for row in by_building(viewer, order)] == ["1号楼", "2号楼"], order
        for order in ("-never", "quarter", "oldest", "-building", "-grid"):
            assert [row.building.name for row in by_building(viewer, order)] == ["2号楼", "1号楼"], order
