"""Stored occurrences follow the calendar without touching what people did, and a second run changes nothing."""

from __future__ import annotations

from datetime import date
from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from nianlun.duties import jobs
from nianlun.duties import materialise as module
from nianlun.duties.actions import work
from nianlun.duties.jobs import materialise_all
from nianlun.duties.materialise import AHEAD, BACK, materialise
from nianlun.duties.models import Duty, Holiday, HolidayYear, Occurrence
from tests.duties import make
from tests.duties.make import DAILY, MONTHLY, WEEKLY, Wanted, World
from tests.places import make as places

TODAY = date(2027, 3, 10)


def days_off(*days: date) -> None:
    """A table of this year that has these days off and no other."""
    HolidayYear.objects.create(year=2027, edited=True)
    Holiday.objects.bulk_create(Holiday(day=day, name="试行假", off=True) for day in days)


def test_it_stores_sixty_days_back_and_half_a_year_ahead(world: World) -> None:
    world.adopt(Wanted("每日巡查", schedules=[DAILY]))
    days = list(Occurrence.objects.order_by("due_on").values_list("due_on", flat=True))
    assert days[0] >= TODAY - BACK and days[-1] <= TODAY + AHEAD
    assert days[-1] == date(2027, 9, 6)  # a Monday, 180 days ahead


def test_a_second_run_changes_nothing_and_asks_few_questions(world: World) -> None:
    world.adopt(*(Wanted(f"任务{n}", schedules=[WEEKLY]) for n in range(8)))
    before = list(Occurrence.objects.order_by("pk").values())
    with CaptureQueriesContext(connection) as few:
        assert not materialise(world.home)
    assert list(Occurrence.objects.order_by("pk").values()) == before
    assert len(few) < 12


def test_time_goes_on_and_later_ones_are_added(world: World) -> None:
    world.adopt(Wanted("检查消防通道"))
    assert not Occurrence.objects.filter(key="2027-10/1").exists()
    with make.at(2027, 5, 10):
        assert materialise_all().made == 2
    assert Occurrence.objects.filter(key="2027-10/1").count() == 1


def test_a_change_of_holidays_moves_what_is_open_and_nothing_else(world: World) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人"))
    done, kept = world.first("检查消防通道"), world.first("走访老人")
    work.do(acting_user=world.boss, pk=done.pk, revision=1, done_on=TODAY)
    days_off(date(2027, 3, 30), date(2027, 3, 31))
    changes = materialise(world.home)
    assert (changes.made, changes.removed) == (0, 0)
    done.refresh_from_db()
    kept.refresh_from_db()
    assert (done.due_on, done.status) == (date(2027, 3, 31), "done")
    assert (kept.due_on, kept.act_on, kept.marks) == (date(2027, 3, 29), date(2027, 3, 29), ["moved"])


def test_a_postponed_one_keeps_its_day_and_a_handed_over_one_its_holder(world: World) -> None:
    world.adopt(Wanted("检查消防通道"), Wanted("走访老人"))
    later, handed = world.first("检查消防通道"), world.first("走访老人")
    work.postpone(acting_user=world.boss, pk=later.pk, revision=1, to=date(2027, 4, 9), reason="大修")
    work.hand_over(acting_user=world.boss, pk=handed.pk, revision=1, to=world.grid2)
    days_off(date(2027, 3, 31))
    materialise(world.home)
    later.refresh_from_db()
    handed.refresh_from_db()
    assert (later.due_on, later.act_on) == (date(2027, 3, 30), date(2027, 4, 9))
    assert (handed.due_on, handed.taken_by) == (date(2027, 3, 30), world.grid2)


def test_when_a_schedule_changes_the_untouched_go_and_the_touched_stay(world: World) -> None:
    world.adopt(Wanted("检查消防通道", schedules=[MONTHLY]))
    touched = world.first("检查消防通道")
    work.take(acting_user=world.boss, pk=touched.pk, revision=1)
    Duty.objects.update(schedules=[WEEKLY])
    materialise(world.home)
    keys = set(Occurrence.objects.values_list("key", flat=True))
    assert "2027-03/1" in keys and "2027-04/1" not in keys and "2027-W12/1" in keys
    assert Occurrence.objects.count() == len(keys)


def test_work_that_is_recorded_while_the_job_runs_is_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.adopt(Wanted("检查消防通道"))
    one = world.first("检查消防通道")
    days_off(date(2027, 3, 31))
    save = module._save_moved

    def somebody_is_faster(rows: list[Occurrence]) -> int:
        work.do(acting_user=world.boss, pk=one.pk, revision=1, done_on=TODAY)
        return save(rows)

    monkeypatch.setattr(module, "_save_moved", somebody_is_faster)
    materialise(world.home)
    one.refresh_from_db()
    assert (one.status, one.due_on) == ("done", date(2027, 3, 31))


def test_one_community_that_fails_does_not_hold_up_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.adopt(Wanted("检查消防通道"))
    make.adopt(world.far, world.stranger, [Wanted("走访老人")])
    Occurrence.objects.all().delete()

    def fails_far(community: object) -> object:
        if community == world.far:
            raise ValueError("broken")
        return materialise(world.home)

    monkeypatch.setattr(jobs, "materialise", fails_far)
    with pytest.raises(RuntimeError, match="faraway"):
        materialise_all()
    assert Occurrence.objects.filter(community=world.home).exists()


@pytest.mark.slow
def test_eight_communities_take_seconds(world: World) -> None:
    for n in range(8):
        home = places.community(f"c{n:02}")
        boss = places.secretary(f"boss{n}", at=home)
        forms = [DAILY] + [WEEKLY] * 9 + [MONTHLY] * 140
        make.adopt(home, boss, [Wanted(f"任务{k}", schedules=[form]) for k, form in enumerate(forms)])
    Occurrence.objects.all().delete()
    began = process_time()
    changes = materialise_all()
    took = process_time() - began
    assert changes.made > 8 * 150 * 6
    assert took < 20, f"{took:.1f} s of computing for {changes.made} occurrences"


def test_the_job_runs_every_night() -> None:
    tasks = {periodic.task.name for periodic in app.periodic_registry.periodic_tasks.values()}
    assert "nianlun.duties.jobs.materialise_occurrences" in tasks
