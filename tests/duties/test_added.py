"""Duties added by hand: who may, what they say, the paper that charged them, changed and called off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from nianlun.duties.actions import added, work
from nianlun.duties.actions.added import Charge
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.actions.undo import undo
from nianlun.duties.assignment import Roster
from nianlun.duties.forms import RHYTHMS, DutyForm, initial_of, schedule_of
from nianlun.duties.materialise import dated
from nianlun.duties.models import Duty, Origin
from nianlun.duties.tables import current_tables
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.plans.reading.schedule import Deadline, Every, On, OnDate, Point, Schedule, to_json
from tests.duties.make import World
from tests.places import make as places

FRIDAY = date(2027, 3, 19)


def charge(**changes: Any) -> Charge:
    given: dict[str, Any] = {
        "origin": Origin.AD_HOC, "title": "报送名册", "line": "welfare", "schedule": Deadline(Point(3, 19)),
        "starts_on": date(2027, 3, 10), "ends_on": FRIDAY,
    }  # fmt: skip
    return Charge(**{**given, **changes})


def test_it_is_outside_the_plan_and_due_when_it_says(world: World) -> None:
    duty = added.add_duty(
        acting_user=world.boss, community=world.home, charge=charge(), to=Whom(user_id=world.welfare.pk)
    )
    one = duty.occurrences.get()
    assert (one.window_start, one.due_on, one.status) == (date(2027, 3, 10), FRIDAY, "open")
    assert (duty.plan, duty.item, duty.origin) == (None, None, "ad_hoc")
    assert duty.assignments.get().user == world.welfare


def test_the_subdistrict_charges_and_only_it_may_change_that(world: World) -> None:
    officer = places.officer(of=world.home.subdistrict)
    duty = added.add_duty(acting_user=officer, community=world.home, charge=charge(origin=Origin.CHARGED))
    assert added.may_edit(officer, duty) and not added.may_edit(world.boss, duty)
    with pytest.raises(PermissionDenied):
        added.call_off(acting_user=world.boss, duty=duty, revision=1, reason="不想做")
    with pytest.raises(PermissionDenied):
        added.add_duty(acting_user=officer, community=world.far, charge=charge(origin=Origin.CHARGED))
    with pytest.raises(PermissionDenied):
        added.add_duty(acting_user=officer, community=world.home, charge=charge())


def test_a_worker_adds_for_themselves_only(world: World) -> None:
    own = Whom(user_id=world.grid1.pk)
    assert added.add_duty(acting_user=world.grid1, community=world.home, charge=charge(), to=own).pk
    for to, origin in ((None, Origin.AD_HOC), (Whom(user_id=world.grid2.pk), Origin.AD_HOC), (own, Origin.CHARGED)):
        with pytest.raises(PermissionDenied):
            added.add_duty(acting_user=world.grid1, community=world.home, charge=charge(origin=origin), to=to)


def test_a_duty_that_reaches_into_next_year_goes_on_there(world: World) -> None:
    given = charge(schedule=Every("month"), starts_on=date(2027, 11, 15), ends_on=date(2028, 2, 10))
    duty = added.add_duty(acting_user=world.boss, community=world.home, charge=given)
    from_calendar = [one.key for one in dated(duty, current_tables([2027, 2028]))]
    assert from_calendar == ["2027-11/1", "2027-12/1", "2028-01/1", "2028-02/1"]


def test_changing_it_moves_what_nobody_had_in_hand(world: World) -> None:
    duty = added.add_duty(acting_user=world.boss, community=world.home, charge=charge())
    later = charge(schedule=Deadline(Point(3, 26)), ends_on=date(2027, 3, 26), title="报送名册（更正）")
    added.edit_duty(acting_user=world.boss, duty=duty, revision=1, charge=later)
    assert [one.due_on for one in duty.occurrences.all()] == [date(2027, 3, 26)]
    with pytest.raises(StaleRevision) as clash:
        added.edit_duty(acting_user=world.boss, duty=duty, revision=1, charge=charge())
    assert clash.value.theirs == "报送名册（更正）"


def test_called_off_with_a_reason_and_taken_back(world: World) -> None:
    given = charge(schedule=Every("week"), ends_on=date(2027, 4, 30))
    duty = added.add_duty(acting_user=world.boss, community=world.home, charge=given)
    first, second = duty.occurrences.order_by("act_on")[:2]
    work.do(acting_user=world.boss, pk=first.pk, revision=1, done_on=date(2027, 3, 10))
    work.take(acting_user=world.boss, pk=second.pk, revision=1)
    with pytest.raises(UserError, match="原因"):
        added.call_off(acting_user=world.boss, duty=duty, revision=1, reason="  ")
    row = added.call_off(acting_user=world.boss, duty=duty, revision=1, reason="街道通知取消")
    assert dict(duty.occurrences.values_list("key", "status")) == {first.key: "done", second.key: "void"}
    undo(acting_user=world.boss, community=world.home, rows=[row.pk])
    duty.refresh_from_db()
    assert duty.ended_on is None
    assert duty.occurrences.filter(status="open").count() == 7
    second.refresh_from_db()
    assert (second.status, second.taken_by) == ("open", world.boss)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"ends_on": date(2027, 3, 9)}, "早于"),
        ({"starts_on": date(2027, 1, 4), "ends_on": date(2027, 2, 1)}, "已经过去"),
        ({"ends_on": date(2029, 1, 1)}, "第二年"),
        ({"origin": "plan"}, None),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, changes: dict[str, Any], why: str | None) -> None:
    with pytest.raises(UserError, match=why):
        added.add_duty(acting_user=world.boss, community=world.home, charge=charge(**changes))
    assert not Duty.objects.exists()


def test_the_paper_that_charged_it_is_kept(world: World) -> None:
    paper = SimpleUploadedFile("通知.pdf", b"%PDF-1.7\n")
    duty = added.add_duty(
        acting_user=world.boss, community=world.home, charge=charge(source_title="〔2027〕3号"), source=paper
    )
    assert (duty.source_title, duty.source_name) == ("〔2027〕3号", "通知.pdf")
    with pytest.raises(UserError, match="不符"):
        added.add_duty(
            acting_user=world.boss, community=world.home, charge=charge(), source=SimpleUploadedFile("假.pdf", b"MZ")
        )


@pytest.mark.parametrize(
    ("given", "schedule"),
    [
        ({"rhythm": "by"}, Deadline(Point(3, 19))),
        ({"rhythm": "on"}, OnDate(Point(3, 19))),
        ({"rhythm": "by", "ends_on": date(2028, 1, 7)}, Deadline(Point(1, 7, next_year=True))),
        ({"rhythm": "day"}, Every("day")),
        ({"rhythm": "all_days"}, Every("day")),
        ({"rhythm": "week", "weekday": "5"}, Every("week", on=On(weekday=5))),
        ({"rhythm": "week", "weekday": "5", "times": 2}, Every("week", times=2)),
        ({"rhythm": "half_month"}, Every("half_month")),
        ({"rhythm": "month", "month_day": 25, "weekday": "5"}, Every("month", on=On(day=25))),
        ({"rhythm": "quarter", "times": 2}, Every("quarter", times=2)),
    ],
)
def test_the_builder_says_what_was_chosen_and_back(given: dict[str, Any], schedule: Schedule) -> None:
    choices = {"starts_on": date(2027, 3, 10), "ends_on": FRIDAY, "times": 1, **given}
    assert schedule_of(choices) == schedule
    duty = Duty(schedules=[to_json(schedule)], every_day=given["rhythm"] == "all_days", starts_on=choices["starts_on"])
    assert initial_of(duty)["rhythm"] == given["rhythm"]


def test_every_rhythm_of_the_form_is_accepted(world: World) -> None:
    for rhythm, _ in RHYTHMS:
        data = {
            "origin": "ad_hoc", "title": "甲", "line": "welfare", "rhythm": rhythm,
            "starts_on": "2027-03-10", "ends_on": "2027-12-31",
        }  # fmt: skip
        form = DutyForm(data, roster=Roster(world.home))
        assert form.is_valid(), form.errors
        duty = added.add_duty(acting_user=world.boss, community=world.home, charge=form.charge())
        assert duty.occurrences.exists() or rhythm in ("by", "on")  # those are due beyond the half year stored


def test_a_year_mistyped_is_refused(world: World) -> None:
    far = charge(starts_on=date(2072, 3, 10), ends_on=date(2072, 3, 19))
    with pytest.raises(UserError, match="年份"):
        added.add_duty(acting_user=world.boss, community=world.home, charge=far)
