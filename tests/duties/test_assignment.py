"""Words of ownership, handing out by hand, groups, vacant posts, and leave."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from nianlun.duties.actions import hand_out as handing
from nianlun.duties.actions import leaves, work
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.actions.undo import undo
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.desk import Desk
from nianlun.duties.models import Duty, Leave, Mode, OwnerWord
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.actions.members import Who, add_member
from nianlun.places.actions.posts import end_post
from nianlun.places.models import Body, Post, User
from tests.duties import make
from tests.duties.make import Wanted, World
from tests.places import make as places


def hands(world: World) -> Hands:
    return Hands.of_community(Roster(world.home))


def people(world: World, text: str) -> set[UUID]:
    return set(hands(world).people(world.duty(text).pk))


def chosen(*duties: Duty) -> list[tuple[UUID, int]]:
    return [(duty.pk, duty.revision) for duty in duties]


def test_words_that_equal_a_post_a_body_or_a_person_are_mapped_by_themselves(world: World) -> None:
    world.adopt(
        Wanted("甲", owners=["网格员"]),
        Wanted("乙", owners=["巡逻队"]),
        Wanted("丙", owners=["welfare"]),
        Wanted("丁", owners=["社区民警"]),
        Wanted("戊", owners=["社区书记"]),
    )
    assert people(world, "甲") == {world.grid1.pk, world.grid2.pk}
    assert people(world, "乙") == {world.grid1.pk, world.welfare.pk}
    assert people(world, "丙") == {world.welfare.pk}
    assert people(world, "丁") == set()
    assert people(world, "戊") == {world.boss.pk}
    assert set(OwnerWord.objects.filter(automatic=True).values_list("word", flat=True)) == {
        "网格员", "巡逻队", "welfare", "社区书记",
    }  # fmt: skip


def test_a_word_is_mapped_once_and_remembered_for_later_plans(world: World) -> None:
    world.adopt(Wanted("丁", owners=["社区民警"]), Wanted("戊", owners=["社区民警", "网格员"]))
    handing.map_word(acting_user=world.boss, community=world.home, word="社区民警", to=Whom(user_id=world.welfare.pk))
    assert people(world, "丁") == {world.welfare.pk}
    assert people(world, "戊") == {world.welfare.pk, world.grid1.pk, world.grid2.pk}
    world.adopt(Wanted("明年的事", owners=["社区民警"]), year=2028)
    assert people(world, "明年的事") == {world.welfare.pk}


def test_a_mapping_changed_by_another_is_not_overwritten_and_can_be_taken_back(world: World) -> None:
    world.adopt(Wanted("丁", owners=["网格员"]))
    auto, mine = Whom(post_title="网格员"), Whom(user_id=world.welfare.pk)
    with pytest.raises(StaleRevision) as clash:
        handing.map_word(acting_user=world.boss, community=world.home, word="网格员", to=mine)
    assert (clash.value.mine, clash.value.theirs) == ("welfare", "网格员")
    row = handing.map_word(acting_user=world.boss, community=world.home, word="网格员", to=mine, seen=auto)
    assert people(world, "丁") == {world.welfare.pk}
    undo(acting_user=world.boss, community=world.home, rows=[row.pk])
    assert people(world, "丁") == {world.grid1.pk, world.grid2.pk}
    assert OwnerWord.objects.get(word="网格员").automatic
    row = handing.map_word(acting_user=world.boss, community=world.home, word="网格员", to=None, seen=auto)
    assert people(world, "丁") == set()
    handing.map_word(acting_user=world.boss, community=world.home, word="网格员", to=mine)
    with pytest.raises(StaleRevision):
        undo(acting_user=world.boss, community=world.home, rows=[row.pk])


def test_a_new_post_or_body_takes_up_the_word_that_waited_for_it(world: World) -> None:
    world.adopt(Wanted("丁", owners=["社区民警"]), Wanted("戊", owners=["宣讲队"]))
    police = places.worker("police", at=world.home, title="社区民警")
    team = Body.objects.create(community=world.home, name="宣讲队")
    add_member(acting_user=world.boss, body=team, who=Who(user_id=world.grid1.pk), post="", on=today())
    assert people(world, "丁") == {police.pk}
    assert people(world, "戊") == {world.grid1.pk}


def test_a_vacant_post_leaves_its_duties_with_nobody(world: World) -> None:
    world.adopt(Wanted("走访", owners=["民政专干"]))
    end_post(acting_user=world.boss, post=Post.objects.get(user=world.welfare))
    assert people(world, "走访") == set()
    assert hands(world).said(world.duty("走访").pk) == "民政专干（无人在岗）"


def test_what_somebody_had_in_hand_when_they_left_is_their_groups_again(world: World) -> None:
    world.adopt(Wanted("巡查", owners=["网格员"], schedules=[{"kind": "deadline", "month": 3, "day": 12}]))
    work.take(acting_user=world.grid1, pk=world.first("巡查").pk, revision=1)
    assert desk_of(world, world.grid2) == []
    end_post(acting_user=world.boss, post=Post.objects.get(user=world.grid1))
    assert desk_of(world, world.grid2) == [("巡查", "")]
    work.do(acting_user=world.grid2, pk=world.first("巡查").pk, revision=2, done_on=date(2027, 3, 10))


def test_by_hand_wins_over_words_until_it_is_given_back(world: World) -> None:
    world.adopt(Wanted("甲", owners=["网格员"]))
    to = Whom(user_id=world.welfare.pk)
    handing.hand_out(acting_user=world.boss, community=world.home, chosen=chosen(world.duty("甲")), to=to)
    handing.map_word(
        acting_user=world.boss, community=world.home, word="网格员",
        to=Whom(post_title="网格员", mode=Mode.ALL), seen=Whom(post_title="网格员"),
    )  # fmt: skip
    assert people(world, "甲") == {world.welfare.pk}
    handing.back_to_words(acting_user=world.boss, community=world.home, chosen=chosen(world.duty("甲")))
    assert people(world, "甲") == {world.grid1.pk, world.grid2.pk}
    assert hands(world).everybody(world.duty("甲").pk) == hands(world).people(world.duty("甲").pk)


def test_many_are_handed_out_at_once_and_taken_back_at_once(world: World) -> None:
    world.adopt(Wanted("甲", owners=["网格员"]), Wanted("乙"), Wanted("丙", owners=["巡逻队"]))
    duties = [world.duty(text) for text in "甲乙丙"]
    rows = handing.hand_out(
        acting_user=world.boss, community=world.home, chosen=chosen(*duties), to=Whom(body_id=world.team.pk)
    )
    assert all(people(world, text) == {world.grid1.pk, world.welfare.pk} for text in "甲乙丙")
    assert undo(acting_user=world.boss, community=world.home, rows=[row.pk for row in rows]) == 3
    assert people(world, "甲") == {world.grid1.pk, world.grid2.pk}
    assert people(world, "乙") == set()


def test_a_stale_page_hands_out_nothing(world: World) -> None:
    world.adopt(Wanted("甲"), Wanted("乙"))
    seen = chosen(world.duty("甲"), world.duty("乙"))
    to = Whom(user_id=world.grid1.pk)
    handing.hand_out(acting_user=world.boss, community=world.home, chosen=seen[:1], to=Whom(user_id=world.grid2.pk))
    with pytest.raises(StaleRevision) as clash:
        handing.hand_out(acting_user=world.boss, community=world.home, chosen=seen, to=to)
    assert (clash.value.mine, clash.value.theirs) == ("grid1", "grid2")
    assert (people(world, "甲"), people(world, "乙")) == ({world.grid2.pk}, set())


def test_nothing_is_handed_out_of_the_community(world: World) -> None:
    world.adopt(Wanted("甲"))
    foreign = Body.objects.create(community=world.far, name="外队")
    for to in (Whom(user_id=world.stranger.pk), Whom(body_id=foreign.pk)):
        with pytest.raises(UserError, match="不在本社区"):
            handing.hand_out(acting_user=world.boss, community=world.home, chosen=chosen(world.duty("甲")), to=to)
    make.adopt(world.far, world.stranger, [Wanted("外面的事")])
    theirs = Duty.objects.get(community=world.far)
    with pytest.raises(UserError):
        handing.hand_out(
            acting_user=world.boss, community=world.home, chosen=chosen(theirs), to=Whom(user_id=world.grid1.pk)
        )


# --- leave


def leave(world: World, user: User, stand_in: User, since: int, until: int, *, by: User | None = None) -> Leave:
    return leaves.make_leave(
        acting_user=by or world.boss, community=world.home, user=user, stand_in=stand_in,
        starts_on=date(2027, 3, since), ends_on=date(2027, 3, until),
    )  # fmt: skip


def desk_of(world: World, user: User, day: date = date(2027, 3, 10)) -> list[tuple[str, str]]:
    """(title, on behalf of whom) of what is on somebody's desk, what others do for them left out."""
    with make.at(day.year, day.month, day.day):
        desk = Desk(world.home, user, day)
        return [
            (row.one.duty.title, row.behalf)
            for section in desk.sections
            if section.code != "away"
            for row in section.rows
        ]


def test_during_leave_the_stand_in_has_the_work_and_afterwards_it_is_back(world: World) -> None:
    deadline = {"kind": "deadline", "month": 3, "day": 12}
    world.adopt(Wanted("走访", owners=["民政专干"], schedules=[deadline]))
    leave(world, world.welfare, world.grid2, 10, 16)
    assert desk_of(world, world.grid2) == [("走访", "代welfare")]
    assert desk_of(world, world.welfare) == []
    # On the 16th it is late and still the stand-in's; on the 17th the leave is over by itself.
    assert desk_of(world, world.grid2, date(2027, 3, 16)) == [("走访", "代welfare")]
    assert desk_of(world, world.grid2, date(2027, 3, 17)) == []
    assert desk_of(world, world.welfare, date(2027, 3, 17)) == [("走访", "")]


def test_the_stand_in_does_the_absent_ones_share(world: World) -> None:
    world.adopt(Wanted("参加培训", owners=["网格员"], schedules=[{"kind": "deadline", "month": 3, "day": 12}]))
    handing.map_word(
        acting_user=world.boss, community=world.home, word="网格员",
        to=Whom(post_title="网格员", mode=Mode.ALL), seen=Whom(post_title="网格员"),
    )  # fmt: skip
    leave(world, world.grid1, world.welfare, 10, 16)
    one = world.first("参加培训")
    work.do(acting_user=world.welfare, pk=one.pk, revision=1, done_on=date(2027, 3, 10))
    share = one.shares.get()
    assert (share.user, share.recorded_by) == (world.grid1, world.welfare)


def test_a_cancelled_leave_gives_the_work_back_at_once_and_can_be_restored(world: World) -> None:
    world.adopt(Wanted("走访", owners=["民政专干"], schedules=[{"kind": "deadline", "month": 3, "day": 12}]))
    made = leave(world, world.welfare, world.grid2, 10, 16)
    leaves.cancel_leave(acting_user=world.welfare, leave=made, revision=1)
    assert desk_of(world, world.grid2) == [] and desk_of(world, world.welfare) == [("走访", "")]
    with pytest.raises(StaleRevision):
        leaves.cancel_leave(acting_user=world.boss, leave=made, revision=1)
    leaves.restore_leave(acting_user=world.boss, leave=made, revision=2)
    assert desk_of(world, world.grid2) == [("走访", "代welfare")]


def test_leaves_neither_overlap_nor_chain(world: World) -> None:
    leave(world, world.welfare, world.grid2, 10, 16)
    for user, stand_in, since, until, why in (
        (world.welfare, world.grid1, 16, 20, "日期不能重叠"),
        (world.grid1, world.welfare, 12, 12, "自己也请假"),
        (world.grid2, world.grid1, 15, 18, "正替welfare代班"),
        (world.grid1, world.grid1, 12, 12, "请假人自己"),
        (world.grid1, world.stranger, 12, 12, "本社区"),
        (world.grid1, world.grid2, 12, 11, "早于"),
        (world.grid1, world.grid2, 1, 9, "已经过去"),
    ):
        with pytest.raises(UserError, match=why):
            leave(world, user, stand_in, since, until)
    leave(world, world.welfare, world.grid1, 17, 18)
    assert Leave.objects.count() == 2


def test_a_worker_enters_only_their_own_leave(world: World) -> None:
    leave(world, world.grid1, world.grid2, 10, 11, by=world.grid1)
    with pytest.raises(PermissionDenied):
        leave(world, world.welfare, world.grid2, 20, 21, by=world.grid1)
