"""What linking an entry to a duty does, and how it is taken back: the duty is done, and open again."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from nianlun.duties.actions import undo, work
from nianlun.duties.materialise import remove_untouched
from nianlun.duties.models import Assignment, Mode, Occurrence, OccurrenceStatus
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.entries import restore_entry, withdraw_entry
from nianlun.ledgers.actions.serve import link, unlink
from nianlun.ledgers.models import DutyEntry, Entry
from nianlun.places.models import User
from tests.duties.make import World
from tests.ledgers.serving.make import duty, inspection


def now(one: Occurrence) -> Occurrence:
    return Occurrence.objects.get(pk=one.pk)


def linked(user: User, entry: Entry, *ones: Occurrence) -> list[DutyEntry]:
    return link(acting_user=user, pk=entry.pk, occurrences=[one.pk for one in ones])


def withdrawn(user: User, entry: Entry) -> None:
    withdraw_entry(acting_user=user, pk=entry.pk, revision=None, reason="填错了")


def test_an_entry_completes_its_duty_on_its_own_day(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection", owners=["网格员"])
    entry = inspection(world, world.grid1, on=date(2027, 3, 8))
    linked(world.grid1, entry, one)
    found = now(one)
    assert (found.status, found.done_on, found.done_by) == ("done", date(2027, 3, 8), world.grid1)
    told = AuditRow.objects.filter(record_id=one.pk, action="occurrence.entry_linked").get()
    assert told.detail["ledger"] == "检查台账"
    assert AuditRow.objects.filter(record_id=entry.pk, action="entry.linked").count() == 1


def test_one_entry_completes_duties_of_several_lines(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection")
    two = duty(world, "每月查看独居老人用气", line="elderly")
    entry = inspection(world, world.boss)
    linked(world.boss, entry, one, two)
    assert now(one).status == now(two).status == "done"
    assert entry.duties.count() == 2


def test_linking_twice_changes_nothing(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    entry = inspection(world, world.boss)
    first, again = linked(world.boss, entry, one), linked(world.boss, entry, one)
    assert first == again and now(one).revision == one.revision + 1


def test_a_withdrawn_entry_opens_what_it_alone_completed(world: World) -> None:
    one, two = duty(world, "每月检查消防通道"), duty(world, "每月检查电线", line="elderly")
    alone, other = inspection(world, world.boss), inspection(world, world.boss)
    linked(world.boss, alone, one, two)
    linked(world.boss, other, two)
    withdrawn(world.boss, alone)
    assert (now(one).status, now(one).done_on, now(two).status) == ("open", None, "done")
    withdrawn(world.boss, other)  # the second held it up alone since
    assert now(two).status == "open"
    restore_entry(acting_user=world.boss, pk=alone.pk, revision=None)
    assert now(one).status == now(two).status == "done"


def test_a_link_is_taken_back_and_made_again(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    entry = inspection(world, world.boss)
    (made,) = linked(world.boss, entry, one)
    unlink(acting_user=world.boss, pk=made.pk)
    assert now(one).status == "open" and not entry.duties.exists()
    assert AuditRow.objects.filter(record_id=one.pk, action="occurrence.reopened").count() == 1
    with pytest.raises(DutyEntry.DoesNotExist):
        unlink(acting_user=world.boss, pk=made.pk)
    linked(world.boss, entry, one)
    assert now(one).status == "done"


def test_what_was_done_by_hand_stays_done_when_the_entry_goes(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    work.do(acting_user=world.boss, pk=one.pk, revision=None, done_on=date(2027, 3, 9))
    entry = inspection(world, world.boss)
    (made,) = linked(world.boss, entry, one)
    assert made.act is None
    withdrawn(world.boss, entry)
    assert (now(one).status, now(one).done_on) == ("done", date(2027, 3, 9))


def test_a_duty_opened_again_by_hand_is_not_touched_by_the_entry_that_goes(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    entry = inspection(world, world.boss)
    (made,) = linked(world.boss, entry, one)
    assert made.act is not None
    undo.undo(acting_user=world.boss, community=world.home, rows=[made.act])
    assert now(one).status == "open"
    withdrawn(world.boss, entry)
    assert now(one).status == "open"
    assert not AuditRow.objects.filter(record_id=one.pk, action="occurrence.reopened").exists()


def test_what_ended_before_the_plan_stood_is_so_again(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    Occurrence.objects.filter(pk=one.pk).update(
        status="before", window_start=date(2027, 1, 1), window_end=date(2027, 1, 31)
    )
    entry = inspection(world, world.boss)
    linked(world.boss, entry, one)
    assert now(one).status == "done"
    withdrawn(world.boss, entry)
    assert now(one).status == OccurrenceStatus.BEFORE


def test_where_everybody_must_each_entry_is_a_share(world: World) -> None:
    one = duty(world, "每月走访一次", owners=["网格员"])
    Assignment.objects.filter(duty=one.duty).update(mode=Mode.ALL)
    mine, theirs, second = (inspection(world, by) for by in (world.grid1, world.grid2, world.grid1))
    linked(world.grid1, mine, one)
    linked(world.grid1, second, one)  # has done theirs: linked, and nothing more
    assert (now(one).status, one.shares.count()) == ("open", 1)
    linked(world.boss, theirs, one)  # the secretary links another's: it is that person's share
    assert now(one).status == "done"
    assert set(one.shares.values_list("user", flat=True)) == {world.grid1.pk, world.grid2.pk}
    withdrawn(world.grid1, mine)  # the other entry of the same person stands in
    assert now(one).status == "done"
    withdrawn(world.grid1, second)
    assert now(one).status == "open"
    assert list(one.shares.values_list("user", flat=True)) == [world.grid2.pk]


def test_the_secretary_links_as_the_work_of_who_filed_it(world: World) -> None:
    one = duty(world, "每月检查消防通道", owners=["网格员"])
    linked(world.boss, inspection(world, world.grid2), one)
    assert now(one).done_by == world.grid2


def test_who_may_link(world: World) -> None:
    one = duty(world, "每月走访一次", owners=["民政专干"])
    entry = inspection(world, world.grid1)
    with pytest.raises(PermissionDenied):
        linked(world.welfare, entry, one)  # another's entry
    with pytest.raises(UserError, match="不能代办"):
        linked(world.grid1, entry, one)  # another's duty
    assert now(one).status == "open" and not DutyEntry.objects.exists()
    (made,) = linked(world.boss, entry, one)
    with pytest.raises(PermissionDenied):
        unlink(acting_user=world.welfare, pk=made.pk)


def test_what_cannot_be_linked(world: World) -> None:
    one = duty(world, "每月走访一次")
    entry = inspection(world, world.boss)
    Occurrence.objects.filter(pk=one.pk).update(status="void")
    with pytest.raises(UserError, match="已取消"):
        linked(world.boss, entry, one)
    Occurrence.objects.filter(pk=one.pk).update(status="open", community=world.far)
    with pytest.raises(UserError, match="已经调整"):
        linked(world.boss, entry, one)
    withdrawn(world.boss, entry)
    with pytest.raises(UserError, match="已撤回"):
        linked(world.boss, entry, one)


def test_a_restored_entry_does_not_take_what_is_anothers_now(world: World) -> None:
    one = duty(world, "每月检查消防通道", owners=["网格员"])
    entry = inspection(world, world.grid1)
    linked(world.grid1, entry, one)
    withdrawn(world.grid1, entry)
    work.hand_over(acting_user=world.boss, pk=one.pk, revision=None, to=world.grid2)
    restore_entry(acting_user=world.grid1, pk=entry.pk, revision=None)
    assert now(one).status == "open" and Entry.objects.get(pk=entry.pk).withdrawn_at is None


def test_the_calendar_keeps_what_entries_hang_on(world: World) -> None:
    one = duty(world, "每月检查消防通道")
    entry = inspection(world, world.boss)
    linked(world.boss, entry, one)
    withdrawn(world.boss, entry)
    assert remove_untouched([one.pk]) == 0 and Occurrence.objects.filter(pk=one.pk).exists()
