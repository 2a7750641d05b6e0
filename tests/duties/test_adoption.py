"""An adopted version becomes duties; a later one changes and ends them, and work already done stays done."""

from __future__ import annotations

from datetime import date

from nianlun.duties.actions import work
from nianlun.duties.actions.adopt import NOT_LISTED
from nianlun.duties.models import Duty, Occurrence
from nianlun.kernel.models import AuditRow
from nianlun.plans.models import Item
from tests.duties import make
from tests.duties.make import MONTHLY, WEEKLY, Wanted, World


def item_of(world: World, text: str) -> Item:
    item = world.duty(text).item
    assert item is not None
    return item


def test_each_item_that_was_not_dropped_becomes_a_duty(world: World) -> None:
    world.adopt(Wanted("检查消防通道", owners=["网格员"]), Wanted("办展板", dropped="重复"))
    duty = Duty.objects.get()
    assert (duty.title, duty.line, duty.owner_words, duty.year) == ("检查消防通道", "safety", ["网格员"], 2027)
    assert duty.adopted_on == date(2027, 3, 10)
    assert AuditRow.objects.filter(action="duties.adopted", actor_id=world.boss.pk).count() == 1


def test_windows_that_ended_before_adoption_are_not_late(world: World) -> None:
    world.adopt(Wanted("检查消防通道"))
    status = dict(Occurrence.objects.values_list("key", "status"))
    assert status["2027-01/1"] == "before" and status["2027-02/1"] == "before"
    assert status["2027-03/1"] == "open"
    assert not Occurrence.objects.filter(status="open", act_on__lt=date(2027, 3, 10)).exists()


def test_an_item_without_a_schedule_is_due_at_the_plans_end_and_says_so(world: World) -> None:
    with make.at(2027, 9, 1):
        world.adopt(Wanted("建议事协商室", schedules=()))
    one = Occurrence.objects.get()
    assert (one.due_on, one.marks) == (date(2027, 12, 31), ["unscheduled"])


def test_a_later_version_changes_ends_and_adds_and_keeps_done_work(world: World) -> None:
    version = world.adopt(Wanted("检查消防通道"), Wanted("走访老人", line="elderly"))
    kept, gone = item_of(world, "检查消防通道"), world.duty("走访老人")
    done = world.first("走访老人")
    work.do(acting_user=world.boss, pk=done.pk, revision=1, done_on=date(2027, 3, 9))
    with make.at(2027, 4, 6):
        world.adopt(Wanted("每周检查消防通道", schedules=[WEEKLY], item=kept), Wanted("办夜校"), plan=version.plan)
    changed = world.duty("每周检查消防通道")
    assert (changed.item, changed.adopted_on) == (kept, date(2027, 3, 10))
    keys = set(changed.occurrences.values_list("key", flat=True))
    assert "2027-W15/1" in keys and "2027-05/1" not in keys
    gone.refresh_from_db()
    assert (gone.ended_on, gone.ended_reason) == (date(2027, 4, 6), NOT_LISTED)
    # What was done stays done, what was late stays visible, what was to come is gone.
    assert dict(gone.occurrences.filter(act_on__gte=date(2027, 3, 1)).values_list("key", "status")) == {
        "2027-03/1": "done"
    }
    assert Duty.objects.filter(title="办夜校").exists()


def test_a_duty_that_comes_back_lives_again(world: World) -> None:
    version = world.adopt(Wanted("检查消防通道"), Wanted("办夜校"))
    item = item_of(world, "检查消防通道")
    world.adopt(Wanted("办夜校", item=item_of(world, "办夜校")), plan=version.plan)
    assert not Occurrence.objects.filter(duty__title="检查消防通道", status="open").exists()
    world.adopt(Wanted("检查消防通道", item=item), Wanted("办夜校", item=item_of(world, "办夜校")), plan=version.plan)
    assert world.duty("检查消防通道").ended_on is None
    assert world.first("检查消防通道").key == "2027-03/1"


def test_adopting_the_same_again_changes_nothing(world: World) -> None:
    version = world.adopt(Wanted("检查消防通道", schedules=[MONTHLY]))
    before = list(Occurrence.objects.order_by("pk").values())
    world.adopt(Wanted("检查消防通道", item=item_of(world, "检查消防通道")), plan=version.plan)
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert world.duty("检查消防通道").revision == 1
