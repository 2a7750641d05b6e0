"""Taking, handing over, postponing and doing one occurrence: who may, what it leaves, and two people at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from nianlun.duties import standing
from nianlun.duties.actions import hand_out as handing
from nianlun.duties.actions import work
from nianlun.duties.actions.files import remove_file
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.actions.undo import undo
from nianlun.duties.models import Attachment, Mode, Occurrence
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import User
from tests.duties import make
from tests.duties.make import Wanted, World
from tests.places import make as places

TODAY = date(2027, 3, 10)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def patrol(world: World) -> Occurrence:
    """The team's patrol of March: any one of grid1 and welfare may do it."""
    world.adopt(Wanted("夜间巡逻", line="security", owners=["巡逻队"]))
    return world.first("夜间巡逻")


@pytest.fixture
def lecture(world: World) -> Occurrence:
    """Something that both grid workers must each do."""
    world.adopt(Wanted("参加安全培训", owners=["网格员"]))
    handing.map_word(
        acting_user=world.boss, community=world.home, word="网格员",
        to=Whom(post_title="网格员", mode=Mode.ALL), seen=Whom(post_title="网格员"),
    )  # fmt: skip
    return world.first("参加安全培训")


def test_who_takes_a_groups_work_has_it_alone(world: World, patrol: Occurrence) -> None:
    work.take(acting_user=world.grid1, pk=patrol.pk, revision=1)
    with pytest.raises(StaleRevision) as clash:
        work.take(acting_user=world.welfare, pk=patrol.pk, revision=1)
    assert "grid1" in str(clash.value.theirs)
    with pytest.raises(UserError, match="grid1"):
        work.do(acting_user=world.welfare, pk=patrol.pk, revision=2, done_on=TODAY)


def test_only_the_group_may_take_it(world: World, patrol: Occurrence) -> None:
    with pytest.raises(UserError, match="没有分给"):
        work.take(acting_user=world.grid2, pk=patrol.pk, revision=1)


@pytest.mark.parametrize("act", ["take", "do", "hand_over", "postpone"])
def test_the_wrong_post_may_do_nothing(world: World, patrol: Occurrence, act: str) -> None:
    officer = places.officer(of=world.home.subdistrict)
    acts: dict[str, Callable[[User], object]] = {
        "take": lambda user: work.take(acting_user=user, pk=patrol.pk, revision=1),
        "do": lambda user: work.do(acting_user=user, pk=patrol.pk, revision=1, done_on=TODAY),
        "hand_over": lambda user: work.hand_over(acting_user=user, pk=patrol.pk, revision=1, to=world.grid2),
        "postpone": lambda user: work.postpone(
            acting_user=user, pk=patrol.pk, revision=1, to=date(2027, 4, 2), reason="有事"
        ),
    }
    for user in (officer, world.stranger):
        with pytest.raises(PermissionDenied):
            acts[act](user)
    patrol.refresh_from_db()
    assert (patrol.revision, patrol.status) == (1, "open")


def test_handing_over_says_from_whom_and_the_duty_stays_where_it_was(world: World, patrol: Occurrence) -> None:
    work.hand_over(acting_user=world.grid1, pk=patrol.pk, revision=1, to=world.grid2, reason="值班")
    patrol.refresh_from_db()
    assert (patrol.taken_by, patrol.handed_by) == (world.grid2, world.grid1)
    assert patrol.duty.assignments.get().body == world.team


def test_nobody_outside_the_community_is_handed_anything(world: World, patrol: Occurrence) -> None:
    with pytest.raises(UserError, match="不在本社区"):
        work.hand_over(acting_user=world.grid1, pk=patrol.pk, revision=1, to=world.stranger)


def test_postponing_needs_a_reason_and_a_later_day(world: World, patrol: Occurrence) -> None:
    for to, reason in ((date(2027, 4, 2), " "), (date(2027, 3, 31), "雨"), (date(2027, 3, 1), "雨")):
        with pytest.raises(UserError):
            work.postpone(acting_user=world.grid1, pk=patrol.pk, revision=1, to=to, reason=reason)
    with pytest.raises(UserError, match="年份"):
        work.postpone(acting_user=world.grid1, pk=patrol.pk, revision=1, to=date(2072, 4, 2), reason="连日大雨")
    work.postpone(acting_user=world.grid1, pk=patrol.pk, revision=1, to=date(2027, 4, 2), reason="连日大雨")
    patrol.refresh_from_db()
    assert (patrol.act_on, patrol.due_on) == (date(2027, 4, 2), date(2027, 3, 31))
    assert standing.due_said(patrol, TODAY) == "延至4月2日（周五），原3月31日"


@pytest.mark.parametrize(
    ("done_on", "entered", "in_time", "late_entry"),
    [
        (date(2027, 3, 30), date(2027, 3, 31), True, False),
        (date(2027, 3, 31), date(2027, 4, 6), True, True),
        (date(2027, 4, 1), date(2027, 4, 6), False, False),
    ],
)
def test_work_counts_by_the_day_it_was_done_and_late_entry_shows(
    world: World, patrol: Occurrence, done_on: date, entered: date, in_time: bool, late_entry: bool
) -> None:
    with make.at(entered.year, entered.month, entered.day):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=done_on, note="两个小区")
    patrol.refresh_from_db()
    assert (standing.in_time(patrol), standing.entered_late(patrol)) == (in_time, late_entry)
    assert (patrol.done_by, patrol.recorded_by, patrol.note) == (world.grid1, world.grid1, "两个小区")


def test_what_is_entered_in_the_small_hours_is_entered_on_the_new_day(world: World, patrol: Occurrence) -> None:
    with make.at(2027, 4, 1, hour=1):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=date(2027, 3, 31))
    patrol.refresh_from_db()
    assert standing.entered_late(patrol)


def test_nothing_is_done_in_the_future_nor_twice(world: World, patrol: Occurrence) -> None:
    with pytest.raises(UserError, match="不能晚于今天"):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=date(2027, 3, 11))
    work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY)
    with pytest.raises(UserError, match="已完成"):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=2, done_on=TODAY)


def test_what_was_before_adoption_may_still_be_recorded(world: World, patrol: Occurrence) -> None:
    before = Occurrence.objects.get(duty=patrol.duty, key="2027-02/1")
    assert before.status == "before" and standing.late_days(before, TODAY) == 0
    work.do(acting_user=world.grid1, pk=before.pk, revision=1, done_on=date(2027, 2, 20))
    before.refresh_from_db()
    assert before.status == "done"


def test_everybodys_work_is_done_when_every_share_is(world: World, lecture: Occurrence) -> None:
    work.do(acting_user=world.grid1, pk=lecture.pk, revision=1, done_on=date(2027, 3, 8))
    lecture.refresh_from_db()
    assert (lecture.status, lecture.shares.count()) == ("open", 1)
    with pytest.raises(UserError, match="一份已经完成"):
        work.do(acting_user=world.grid1, pk=lecture.pk, revision=2, done_on=TODAY)
    work.do(acting_user=world.grid2, pk=lecture.pk, revision=2, done_on=date(2027, 3, 9))
    lecture.refresh_from_db()
    assert (lecture.status, lecture.done_on) == ("done", date(2027, 3, 9))


def test_the_secretary_records_for_whom_they_name(world: World, lecture: Occurrence, patrol: Occurrence) -> None:
    work.do(acting_user=world.boss, pk=lecture.pk, revision=1, done_on=TODAY, by=world.grid2.pk)
    assert lecture.shares.get().user == world.grid2
    work.do(acting_user=world.boss, pk=patrol.pk, revision=1, done_on=TODAY, by=world.welfare.pk)
    patrol.refresh_from_db()
    assert (patrol.done_by, patrol.recorded_by) == (world.welfare, world.boss)
    with pytest.raises(UserError, match="书记"):
        work.do(acting_user=world.grid1, pk=world.first("夜间巡逻").pk, revision=1, done_on=TODAY, by=world.welfare.pk)


def test_files_are_kept_by_content_and_refused_by_content(world: World, patrol: Occurrence) -> None:
    refused = {
        "改名的程序.png": b"MZ\x90\0" + b"\0" * 20,
        "脚本.exe": b"MZ",
        "空.png": b"",
        "网页.html": b"<script>",
    }
    for name, content in refused.items():
        with pytest.raises(UserError):
            work.do(
                acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY,
                files=[SimpleUploadedFile(name, content)],
            )  # fmt: skip
    big = SimpleUploadedFile("大.png", PNG)
    big.size = 21 * 1024 * 1024
    with pytest.raises(UserError, match="20 MB"):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY, files=[big])
    assert not Attachment.objects.exists()
    good = [SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("../../记录.txt", "已清理".encode())]
    work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY, files=good)
    kept = patrol.attachments.all()
    assert {file.name for file in kept} == {"现场.png", "记录.txt"}
    assert not any(part in str(file.file.name) for file in kept for part in ("..", "记录"))


def test_several_at_once_are_told_row_by_row(world: World, patrol: Occurrence, lecture: Occurrence) -> None:
    work.do(acting_user=world.grid1, pk=lecture.pk, revision=1, done_on=TODAY)
    outcomes = work.do_several(
        acting_user=world.grid1,
        community=world.home,
        chosen=[(lecture.pk, 2), (patrol.pk, 1)],
        done_on=TODAY,
        note="一并登记",
    )
    assert [one.row is not None for one in outcomes] == [False, True]
    assert "一份已经完成" in outcomes[0].why
    patrol.refresh_from_db()
    assert (patrol.status, patrol.note) == ("done", "一并登记")


@pytest.mark.parametrize("act", ["take", "do", "hand_over", "postpone"])
def test_each_act_can_be_taken_back(world: World, patrol: Occurrence, act: str) -> None:
    before = Occurrence.objects.filter(pk=patrol.pk).values().get()
    row = {
        "take": lambda: work.take(acting_user=world.grid1, pk=patrol.pk, revision=1),
        "do": lambda: work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY, note="好"),
        "hand_over": lambda: work.hand_over(acting_user=world.grid1, pk=patrol.pk, revision=1, to=world.grid2),
        "postpone": lambda: work.postpone(
            acting_user=world.grid1, pk=patrol.pk, revision=1, to=date(2027, 4, 2), reason="雨"
        ),
    }[act]()
    with pytest.raises(PermissionDenied):
        undo(acting_user=world.welfare, community=world.home, rows=[row.pk])
    assert undo(acting_user=world.grid1, community=world.home, rows=[row.pk]) == 1
    after = Occurrence.objects.filter(pk=patrol.pk).values().get()
    assert after == {**before, "revision": 3}
    assert AuditRow.objects.filter(action="occurrence.undone", record_id=patrol.pk).exists()
    with pytest.raises(StaleRevision):
        undo(acting_user=world.grid1, community=world.home, rows=[row.pk])


def test_the_last_share_taken_back_opens_the_whole_again(world: World, lecture: Occurrence) -> None:
    work.do(acting_user=world.grid1, pk=lecture.pk, revision=1, done_on=TODAY)
    row = work.do(acting_user=world.grid2, pk=lecture.pk, revision=2, done_on=TODAY)
    undo(acting_user=world.boss, community=world.home, rows=[row.pk])
    lecture.refresh_from_db()
    assert (lecture.status, lecture.done_on) == ("open", None)
    assert [share.user for share in lecture.shares.all()] == [world.grid1]


def test_shares_do_not_clash_and_each_comes_out_by_itself(world: World, lecture: Occurrence) -> None:
    first = work.do(acting_user=world.grid1, pk=lecture.pk, revision=1, done_on=TODAY)
    work.do(acting_user=world.grid2, pk=lecture.pk, revision=1, done_on=TODAY)  # from a page shown before
    lecture.refresh_from_db()
    assert lecture.status == "done"
    undo(acting_user=world.grid1, community=world.home, rows=[first.pk])
    lecture.refresh_from_db()
    assert (lecture.status, [share.user for share in lecture.shares.all()]) == ("open", [world.grid2])
    with pytest.raises(StaleRevision):
        undo(acting_user=world.grid1, community=world.home, rows=[first.pk])


def test_a_file_goes_by_who_added_it_or_the_secretary(world: World, patrol: Occurrence) -> None:
    files = [SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("误传.png", PNG)]
    work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=TODAY, files=files)
    wrong, other = patrol.attachments.get(name="误传.png"), patrol.attachments.get(name="现场.png")
    with pytest.raises(PermissionDenied):
        remove_file(acting_user=world.welfare, attachment=wrong)
    remove_file(acting_user=world.grid1, attachment=wrong)
    remove_file(acting_user=world.boss, attachment=other)
    assert not patrol.attachments.exists()
    names = AuditRow.objects.filter(action="occurrence.file_removed").values_list("detail__name", flat=True)
    assert set(names) == {"误传.png", "现场.png"}


def test_an_act_is_not_taken_back_over_a_later_one(world: World, patrol: Occurrence) -> None:
    row = work.hand_over(acting_user=world.grid1, pk=patrol.pk, revision=1, to=world.grid2)
    work.do(acting_user=world.grid2, pk=patrol.pk, revision=2, done_on=TODAY)
    with pytest.raises(StaleRevision):
        undo(acting_user=world.grid1, community=world.home, rows=[row.pk])


@pytest.mark.django_db(transaction=True)
def test_two_people_who_do_it_at_once_do_it_once() -> None:
    with make.at(2027, 3, 10):
        world = make.world()
        world.adopt(Wanted("夜间巡逻", owners=["巡逻队"]))
        one = world.first("夜间巡逻")
        together, outcomes = Barrier(2), []

        def do(user: User) -> None:
            together.wait()
            try:
                work.do(acting_user=user, pk=one.pk, revision=1, done_on=TODAY)
                outcomes.append("done")
            except StaleRevision:
                outcomes.append("stale")
            finally:
                connection.close()

        threads = [Thread(target=do, args=(user,)) for user in (world.grid1, world.welfare)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(outcomes) == ["done", "stale"]
    assert AuditRow.objects.filter(action="occurrence.done", record_id=one.pk).count() == 1


def test_a_year_mistyped_is_no_day_of_work(world: World, patrol: Occurrence) -> None:
    with pytest.raises(UserError, match="年份"):
        work.do(acting_user=world.grid1, pk=patrol.pk, revision=1, done_on=date(2007, 3, 9))
    patrol.refresh_from_db()
    assert patrol.status == "open"


def test_undoing_what_nobody_did_is_said(world: World) -> None:
    with pytest.raises(UserError, match="没有可以撤销"):
        undo(acting_user=world.boss, community=world.home, rows=[world.boss.pk])
