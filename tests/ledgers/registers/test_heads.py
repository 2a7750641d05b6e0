"""What every entry says, from a sheet: its day in the paper's own words, and whom it is about by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpRequest

from nianlun.kernel.clock import today
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.models import Entry
from nianlun.ledgers.registers.columns import head_of
from nianlun.ledgers.rights import visible
from nianlun.places.models import Organisation, Post
from nianlun.places.policy import Policy
from nianlun.ui.registers.register import Need, registered
from tests.ledgers.make import Yard, yard
from tests.places import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Yard:
    return yard()


def check(world: Yard, code: str, *rows: dict[str, str]) -> list[object]:
    register = registered(code)
    request = HttpRequest()
    request.user = world.boss
    viewer = register.viewer(request, world.home.code, Need.EDIT)
    return list(register.check(list(rows), viewer))


def test_a_ledgers_own_words_stand_in_its_head() -> None:
    head = {field.code: field for field in head_of(shipped_ledgers()["meeting"].ledger)}
    assert head["occurred_on"].title == "会议日期" and "发生日期" in head["occurred_on"].aliases
    benefit = {field.code: field for field in head_of(shipped_ledgers()["benefit"].ledger)}
    assert "姓名" not in benefit["subject"].aliases, "its own field goes by it"


def test_one_day_of_a_plan_ahead_is_entered_today(world: Yard) -> None:
    ahead = (today() + timedelta(days=9)).isoformat()
    row = {"name": "讲座", "form": "讲座", "held_on": ahead, "venue": "活动室"}
    passed = {**row, "held_on": (today() - timedelta(days=1)).isoformat()}
    wrong = {**row, "held_on": "某日"}
    first, second, third = check(world, "activity", row, passed, wrong)
    assert first.checked.errors == {} and first.head.occurred_on == today()  # type: ignore[attr-defined]
    assert second.head.occurred_on == today() - timedelta(days=1)  # type: ignore[attr-defined]
    assert {"held_on", "occurred_on"} <= set(third.checked.errors)  # type: ignore[attr-defined]


def test_a_name_leads_to_the_one_record_that_goes_by_it(world: Yard) -> None:
    place = {"community": world.home, "subdistrict": world.home.subdistrict, "kind": "shop"}
    firm = Organisation.objects.create(name="老街小吃店", **place)
    row = {"occurred_on": today().isoformat(), "target": "老街小吃店", "kind": "日常检查", "inspectors": "甲、乙"}
    row["conclusion"] = "合格"
    known, unknown = check(world, "inspection", row, {**row, "target": "没有登记的店"})
    assert known.head.subject_id == str(firm.pk)  # type: ignore[attr-defined]
    assert unknown.checked.errors == {} and unknown.head.subject_id == ""  # type: ignore[attr-defined]
    without = {code: said for code, said in row.items() if code != "target"}
    (called,) = check(world, "inspection", {**without, "subject": "老街小吃店"})
    assert called.checked.values["target"] == "老街小吃店"  # type: ignore[attr-defined]


def test_of_a_sensitive_ledger_a_section_of_the_subdistrict_sees_its_own_lines(world: Yard) -> None:
    ledger = shipped_ledgers()["member_path"].ledger
    section = make.user("section")
    post = Post.objects.create(user=section, kind="subdistrict", subdistrict=world.home.subdistrict, lines=["safety"])
    row = {"name": "甲", "applied_on": today().isoformat()}
    register = registered("member_path")
    request = HttpRequest()
    request.user = world.boss
    viewer = register.viewer(request, world.home.code, Need.EDIT)
    register.save(register.check([row], viewer), viewer, source="sheet:1")
    assert not visible(Policy(section), ledger, Entry.objects.all()).exists()
    post.lines = ["party"]
    post.save()
    assert visible(Policy(section), ledger, Entry.objects.all()).exists()
