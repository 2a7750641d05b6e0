"""Doing a duty on pages: its form begins with what is known, filing completes it, and both ways back are there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.duties.models import Assignment, Occurrence
from nianlun.kernel.clock import today
from nianlun.ledgers.actions.serve import link
from nianlun.ledgers.models import DutyEntry, Entry, ItemLedger
from nianlun.places.models import User
from tests.duties.make import WEEKLY, World
from tests.ledgers.serving.make import INSPECTION, duty, inspection


def at(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(user: User, address: str) -> str:
    answer = at(user).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def sent(**values: object) -> dict[str, object]:
    return {"client_key": str(uuid4()), "occurred_on": today().isoformat(), **INSPECTION, **values}


def test_a_duty_offers_the_forms_of_its_ledgers(world: World) -> None:
    one = duty(world, "每月检查燃气安全", "inspection", owners=["网格员"])
    assert one.duty.item is not None
    ItemLedger.objects.create(item=one.duty.item, ledger="visit", refused=True)
    page = read(world.grid1, f"/c/wutong/occurrences/{one.pk}/")
    assert f'/c/wutong/inspection/new/?serves={one.pk}">' in page and "登记检查台账" in page
    assert "登记走访台账" not in page and "登记到别的台账" in page
    assert "登记台账" not in read(world.welfare, f"/c/wutong/occurrences/{one.pk}/").split("<main")[1]


def test_the_form_begins_with_what_is_known_and_filing_completes(world: World) -> None:
    one = duty(world, "每月检查燃气安全", "inspection", line="elderly")
    address = f"/c/wutong/inspection/new/?serves={one.pk}"
    page = read(world.boss, address)
    assert "每月检查燃气安全" in page and f'value="{one.pk}" checked' in page
    assert 'value="gas" selected' in page  # the preset of the duty's words
    assert 'value="elderly" checked' in page and 'value="safety" checked' in page
    filed = at(world.boss).post(address, sent(serves=str(one.pk), lines=["safety", "elderly"]))
    assert filed.status_code == 302
    entry = Entry.objects.get(ledger="inspection")
    assert Occurrence.objects.get(pk=one.pk).status == "done"
    page = read(world.boss, f"/c/wutong/inspection/{entry.pk}/")
    assert "完成的任务" in page and "计划原文（第1版）" in page and f"/c/wutong/occurrences/{one.pk}/" in page
    sentence = one.duty.item.texts.get()  # type: ignore[union-attr]
    assert f"#i-{sentence.pk}" in page
    back = read(world.boss, f"/c/wutong/occurrences/{one.pk}/")
    assert f"/c/wutong/inspection/{entry.pk}/" in back and "老街小吃店" in back and "已检查" in back


def test_a_form_sent_twice_completes_once(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection")
    form = sent(serves=str(one.pk))
    for _ in range(2):
        assert at(world.boss).post("/c/wutong/inspection/new/", form).status_code == 302
    assert DutyEntry.objects.count() == Entry.objects.count() == 1


def test_what_stands_against_the_duty_keeps_the_form(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection", owners=["民政专干"])
    refused = at(world.grid1).post("/c/wutong/inspection/new/", sent(serves=str(one.pk)))
    assert refused.status_code == 422 and not Entry.objects.exists()
    page = refused.content.decode()
    assert "不能代办" in page and "老街小吃店" in page and f'value="{one.pk}" checked' in page


def test_others_that_wait_are_offered(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection", owners=["网格员"])
    bound = duty(world, "每周看一次灭火器", "inspection", schedules=[WEEKLY], line="elderly", owners=["网格员"])
    lined = duty(world, "每月开安全例会", owners=["网格员"])
    other = duty(world, "每月慰问老人", line="elderly", owners=["网格员"])
    theirs = duty(world, "每月检查加油站", "inspection", owners=["民政专干"])
    page = read(world.grid1, f"/c/wutong/inspection/new/?serves={one.pk}").split("完成的任务")[1]
    assert all(str(known.pk) not in page for known in (other, theirs))
    assert page.index(str(one.pk)) < page.index("这次也完成了") < page.index(str(bound.pk)) < page.index(str(lined.pk))
    assert "同条线的其他待办" in page
    filed = at(world.boss).post("/c/wutong/inspection/new/", sent(serves=[str(one.pk), str(bound.pk), str(theirs.pk)]))
    assert filed.status_code == 302
    assert Occurrence.objects.filter(status="done").count() == 3


def test_a_duty_that_went_meanwhile_keeps_the_form(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection")
    Occurrence.objects.filter(pk=one.pk).update(status="void")
    for serves in (str(one.pk), str(uuid4())):
        refused = at(world.boss).post("/c/wutong/inspection/new/", sent(serves=serves))
        assert refused.status_code == 422 and "有任务刚刚调整过" in refused.content.decode()
    assert not Entry.objects.exists()


def test_a_duty_of_elsewhere_is_not_there(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection")
    assert at(world.stranger).get(f"/c/wutong/inspection/new/?serves={one.pk}").status_code == 404
    assert at(world.stranger).get(f"/c/faraway/inspection/new/?serves={one.pk}").status_code == 404
    for wrong in (str(uuid4()), "x"):
        assert at(world.boss).get(f"/c/wutong/inspection/new/?serves={wrong}").status_code == 404


def test_a_body_that_has_the_duty_is_whom_its_meeting_is_about(world: World) -> None:
    one = duty(world, "每月召开巡逻队例会", "meeting")
    Assignment.objects.create(duty=one.duty, body=world.team)
    page = read(world.boss, f"/c/wutong/meeting/new/?serves={one.pk}")
    assert f'value="body:{world.team.pk}"' in page and 'value="每月召开巡逻队例会"' in page


def test_an_entry_is_linked_afterwards_and_unlinked(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection", owners=["网格员"])
    entry = inspection(world, world.grid1)
    at_entry = f"/c/wutong/inspection/{entry.pk}/"
    assert f"{at_entry}duties/" in read(world.grid1, at_entry)
    assert str(one.pk) in read(world.grid1, f"{at_entry}duties/")
    assert at(world.grid1).post(f"{at_entry}duties/").status_code == 422  # nothing ticked
    assert at(world.grid1).post(f"{at_entry}duties/", {"serves": str(one.pk)}).status_code == 302
    made = entry.duties.get()
    assert "没有可以关联的任务" in read(world.grid1, f"{at_entry}duties/")
    assert at(world.welfare).post(f"{at_entry}duties/{made.pk}/remove/").status_code == 403
    assert at(world.stranger).post(f"{at_entry}duties/{made.pk}/remove/").status_code == 404
    assert at(world.grid1).post(f"{at_entry}duties/{made.pk}/remove/").status_code == 302
    assert Occurrence.objects.get(pk=one.pk).status == "open"
    history = read(world.grid1, f"{at_entry}history/")
    assert "关联任务" in history and "取消关联任务" in history
    told = read(world.grid1, f"/c/wutong/occurrences/{one.pk}/")
    assert "关联一条检查台账" in told and "重新打开，恢复为待办" in told


def test_from_a_duty_one_finds_entries_that_are_there_already(world: World) -> None:
    one = duty(world, "每月检查消防通道", "inspection", owners=["网格员"])
    mine, theirs = inspection(world, world.grid1), inspection(world, world.grid2)
    address = f"/c/wutong/occurrences/{one.pk}/entries/"
    page = read(world.grid1, address)
    assert str(mine.pk) in page and str(theirs.pk) not in page
    assert str(theirs.pk) in read(world.boss, address)
    assert at(world.grid1).post(address, {"entry": str(theirs.pk)}).status_code == 422
    assert at(world.grid1).post(address, {"entry": str(mine.pk)}).status_code == 302
    assert Occurrence.objects.get(pk=one.pk).status == "done"
    assert at(world.stranger).get(address).status_code == 404


def test_entries_that_one_may_not_see_are_counted_alone(world: World) -> None:
    one = duty(world, "每月检查消防通道", line="elderly")
    entry = inspection(world, world.boss)
    link(acting_user=world.boss, pk=entry.pk, occurrences=[one.pk])
    Entry.objects.filter(pk=entry.pk).update(ledger="member_path", lines=["party"])  # a ledger of few
    assert "另有 1 条" in read(world.grid1, f"/c/wutong/occurrences/{one.pk}/")
    assert "老街小吃店" not in read(world.grid1, f"/c/wutong/occurrences/{one.pk}/")


def test_a_duty_that_asks_to_mend_says_how_much_is(world: World) -> None:
    one = duty(world, "每月检查消防通道，隐患整改率达到100%", "inspection")
    entry = inspection(world, world.boss)
    link(acting_user=world.boss, pk=entry.pk, occurrences=[one.pk])
    page = read(world.boss, f"/c/wutong/occurrences/{one.pk}/")
    assert "已发现 0 处，已销号 0 处" in page


@pytest.mark.parametrize("many", [1, 6])
def test_pages_ask_no_more_for_more(
    world: World, many: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ones = [duty(world, f"每月检查第{number}处", "inspection") for number in range(many)]
    entry, client = inspection(world, world.boss), at(world.boss)
    link(acting_user=world.boss, pk=entry.pk, occurrences=[one.pk for one in ones])
    for _ in range(many):
        link(acting_user=world.boss, pk=inspection(world, world.boss).pk, occurrences=[ones[0].pk])
        duty(world, f"每周看第{_}处", "inspection", schedules=[WEEKLY])
    client.get("/c/wutong/desk/")
    for address, most in (
        (f"/c/wutong/occurrences/{ones[0].pk}/", 30),
        (f"/c/wutong/inspection/{entry.pk}/", 40),
        ("/c/wutong/inspection/new/", 30),
        (f"/c/wutong/inspection/{entry.pk}/duties/", 30),
    ):
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200
