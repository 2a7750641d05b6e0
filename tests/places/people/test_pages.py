"""Pages of residents and households: who reaches them, what they do, how often they ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.clock import today
from nianlun.kernel.ids import uuid7
from nianlun.places.actions import people_tags
from nianlun.places.actions.people_step import last_step
from nianlun.places.models import (
    Community,
    Household,
    Merge,
    NotSame,
    Relationship,
    Residence,
    Resident,
    ResidentTag,
    User,
)
from tests.places import make as base
from tests.places.people import make
from tests.places.people.make import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Community:
    return make.ground()


@pytest.fixture
def client_of(client: Client, here: Community) -> Client:
    client.force_login(make.viewer(here).user)
    return client


def url(one: Resident | Household, act: str = "") -> str:
    kind = "residents" if isinstance(one, Resident) else "households"
    return f"/c/{one.community.code}/{kind}/{one.pk}/{act}"


def send(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, {"client_key": str(uuid7()), **given})


GETS = ["", "move/", "out/", "died/", "tags/new/", "related/new/", "edit/", "history/"]


@pytest.mark.parametrize("act", GETS)
def test_pages_open_for_whose_they_are(client: Client, here: Community, act: str) -> None:
    one = make.resident(here)
    for user, status in (
        (make.viewer(here).user, 200),
        (make.grid_worker(here, 1), 200),
        (make.grid_worker(here, 2, username="other"), 404),
        (make.viewer(make.ground("lanhua")).user, 404),
        (base.officer("clerk", of=here.subdistrict), 403),
        (base.officer("stranger", of=base.subdistrict("far")), 404),
    ):
        client.force_login(user)
        assert client.get(url(one, act)).status_code == status, user.username


@pytest.mark.parametrize("act", ["", "born/", "split/", "join/", "head/"])
def test_a_households_pages(client: Client, here: Community, act: str) -> None:
    make.residents(here, written(relation="户主"), written("李四", relation="配偶"))
    household = Household.objects.get()
    for user, status in (
        (make.viewer(here).user, 200),
        (make.grid_worker(here, 2), 404),
        (make.viewer(make.ground("lanhua")).user, 404),
        (base.officer("clerk", of=here.subdistrict), 403),
    ):
        client.force_login(user)
        assert client.get(url(household, act)).status_code == status, user.username


def test_a_life_on_its_page(client_of: Client, here: Community) -> None:
    one = make.resident(here, relation="户主", since="2025-01-01")
    answer = send(client_of, url(one, "out/"), on=f"{today() + timedelta(days=1)}", revision=1)
    assert answer.status_code == 422 and "不能晚于今天" in answer.content.decode()
    assert send(client_of, url(one, "out/"), on=f"{today()}", where="杭州", revision=7).status_code == 409
    assert send(client_of, url(one, "out/"), on=f"{today()}", where="杭州", revision=1).status_code == 302
    page = client_of.get(url(one)).content.decode()
    assert "已迁出" in page and "撤销这一步" in page and "迁往杭州" in page
    step = last_step(one)
    assert step is not None
    assert client_of.post(url(one, "undo/"), {"step": str(step.pk)}).status_code == 302
    assert client_of.post(url(one, "undo/"), {"step": str(step.pk)}).status_code == 422
    moved = send(client_of, url(one, "move/"), building="wutong-b2", room="201", relation="户主", on=f"{today()}")
    assert moved.status_code == 302
    one.refresh_from_db()
    assert one.room == make.room(here, 2, "201") and "搬家" in client_of.get(url(one)).content.decode()
    bad = send(client_of, url(one, "move/"), building="wutong-b2", room="909", relation="户主", on=f"{today()}")
    assert bad.status_code == 422 and "没有" in bad.content.decode()
    assert send(client_of, url(one, "died/"), on=f"{today()}").status_code == 302
    assert "去世" in client_of.get(url(one)).content.decode()


def test_sent_twice_is_done_once(client_of: Client, here: Community) -> None:
    one = make.resident(here, since="2025-01-01")
    form = {"client_key": str(uuid7()), "on": f"{today()}", "where": "", "revision": "1"}
    first, second = (client_of.post(url(one, "out/"), form) for _ in range(2))
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])


def test_a_households_life(client_of: Client, here: Community) -> None:
    head, wife = make.residents(here, written(relation="户主"), written("李四", relation="配偶"))
    household = Household.objects.get()
    born = send(client_of, url(household, "born/"), name="张小", sex="male", born_on=f"{today()}", relation="子")
    child = Resident.objects.get(name="张小")
    assert born.status_code == 302 and child.household == household
    split = send(client_of, url(household, "split/"), **{f"relation-{wife.pk}": "户主"}, on=f"{today()}")
    assert split.status_code == 302
    new = Household.objects.exclude(pk=household.pk).get()
    joined = send(
        client_of, url(new, "join/"), into=str(household.pk), **{f"relation-{wife.pk}": "配偶"}, on=f"{today()}"
    )
    assert joined.status_code == 302 and Resident.objects.filter(household=household).count() == 3
    changed = send(client_of, url(household, "head/"), head=str(wife.pk), **{f"relation-{head.pk}": "配偶"})
    assert changed.status_code == 302
    page = client_of.get(url(household)).content.decode()
    assert "变更户主" in page and "李四" in page
    assert send(client_of, url(household, "split/"), on=f"{today()}").status_code == 422


def test_tags_with_consent(client_of: Client, here: Community) -> None:
    one = make.resident(here, born_on="1940-01-01")
    assert "高龄老人" in client_of.get(url(one)).content.decode()
    assert send(client_of, url(one, "tags/new/"), code="chronic").status_code == 422
    year = today() + timedelta(days=365)
    given = {"code": "chronic", "purpose": "签约随访服务", "consent_on": f"{today()}", "consent_how": "书面"}
    assert send(client_of, url(one, "tags/new/"), **given, ends_on=f"{year}").status_code == 302
    tag = ResidentTag.objects.get()
    assert "签约随访服务" in client_of.get(url(one)).content.decode()
    renewed = send(
        client_of, url(one, f"tags/{tag.pk}/renew/"), consent_on=f"{today()}", consent_how="口头", ends_on=f"{year}"
    )
    assert renewed.status_code == 302
    listed = client_of.get(f"/c/{here.code}/residents/?tag=chronic").content.decode()
    assert one.name in listed
    assert client_of.post(url(one, f"tags/{tag.pk}/end/")).status_code == 302
    assert not ResidentTag.objects.exists()


def test_a_tag_is_seen_by_its_line(client: Client, here: Community) -> None:
    one = make.resident(here)
    year = today() + timedelta(days=365)
    people_tags.tag(
        acting_user=make.viewer(here).user, resident=one, code="chronic", purpose="签约随访服务",
        consent_on=today(), consent_how="书面", ends_on=year,
    )  # fmt: skip
    held = ResidentTag.objects.get()
    for name, lines, seen in (("nurse", ["health"], True), ("clerk", ["welfare"], False)):
        user = base.worker(name, at=here)
        user.posts.update(lines=lines)
        client.force_login(user)
        assert ("慢性病随访" in client.get(url(one)).content.decode()) == seen
        assert (one.name in client.get(f"/c/{here.code}/residents/?tag=chronic").content.decode()) == seen
        assert client.get(url(one, f"tags/{held.pk}/renew/")).status_code == (200 if seen else 404)
    ResidentTag.objects.update(ends_on=today())
    client.force_login(User.objects.get(username="nurse"))
    assert one.name not in client.get(f"/c/{here.code}/residents/?tag=chronic").content.decode()


def test_relationships_stand_on_both_pages(client_of: Client, here: Community) -> None:
    one, other = make.residents(here, written(), written("李四", "102"))
    asked = send(client_of, url(one, "related/new/"), kind="guardian", name="李")
    assert asked.status_code == 200 and str(other.pk) in asked.content.decode()
    assert send(client_of, url(one, "related/new/"), kind="guardian", name="没有").status_code == 422
    done = send(client_of, url(one, "related/new/"), kind="guardian", name="李", other=str(other.pk))
    assert done.status_code == 302
    assert "监护人：" in client_of.get(url(one)).content.decode()
    assert "被监护人：" in client_of.get(url(other)).content.decode()
    made = Relationship.objects.get()
    assert client_of.post(url(other, f"related/{made.pk}/end/")).status_code == 302
    assert not Relationship.objects.exists()


def test_duplicates_are_judged(client_of: Client, here: Community) -> None:
    rows = [written(born_on="1980-05-17", phone="13800138000"), written("张三", "102", born_on="1980-05-17")]
    one, other = make.residents(here, *rows)
    third, fourth = make.residents(
        here, written("李四", "201", phone="13900139000"), written("李四", "202", 2, phone="13900139000")
    )
    listed = client_of.get(f"/c/{here.code}/duplicates/").content.decode()
    assert "同名、同出生日期、同楼栋" in listed and "同名、同手机" in listed
    pair = f"/c/{here.code}/duplicates/{one.pk}/{other.pk}/"
    page = client_of.get(pair).content.decode()
    assert "13800138000" not in page and "138****" not in page and "已登记" in page
    merged = send(
        client_of, f"{pair}merge/", revision=one.revision, other_revision=other.revision, **{"take-home": "other"}
    )
    assert merged.status_code == 302
    one.refresh_from_db()
    assert one.room == make.room(here, 1, "102")
    assert client_of.get(url(other)).headers["Location"] == url(one)
    assert "撤销合并" in client_of.get(url(one)).content.decode()
    assert client_of.post(f"/c/{here.code}/merges/{Merge.objects.get().pk}/undo/").status_code == 302
    judged = f"/c/{here.code}/duplicates/{third.pk}/{fourth.pk}/not-same/"
    assert client_of.post(judged).status_code == 302 and NotSame.objects.count() == 1
    listed = client_of.get(f"/c/{here.code}/duplicates/").content.decode()
    assert "李四" not in listed and "张三" in listed
    assert send(client_of, f"{pair}merge/", revision=9, other_revision=9).status_code == 409


def test_who_may_not_merge(client: Client, here: Community) -> None:
    one, other = make.residents(here, written(), written("张三", "102"))
    pair = f"/c/{here.code}/duplicates/{one.pk}/{other.pk}/"
    for user, status in (
        (make.grid_worker(here, 1), 403),
        (make.viewer(make.ground("lanhua")).user, 404),
        (base.officer("clerk", of=here.subdistrict), 403),
    ):
        client.force_login(user)
        for address in (f"/c/{here.code}/duplicates/", pair):
            assert client.get(address).status_code == status
        assert client.post(f"{pair}merge/").status_code == status


def test_taking_over(client_of: Client, here: Community) -> None:
    number = make.id_number()
    there = make.ground("lanhua")
    one = make.resident(there, id_number=number, relation="户主")
    address = f"/c/{here.code}/residents/take-over/"
    given = {"name": "张三", "building": "wutong-b1", "room": "101", "relation": "户主", "on": f"{today()}"}
    wrong = send(client_of, address, **given, id_number=make.id_number())
    assert wrong.status_code == 422 and "lanhua" not in wrong.content.decode()
    assert (
        send(client_of, address, **given, id_number=number).headers["Location"] == f"/c/{here.code}/residents/{one.pk}/"
    )


def test_counts_hide_few_of_a_sensitive_kind(client: Client, here: Community) -> None:
    people = make.residents(here, *[written(f"张{number}", born_on="1940-01-01") for number in range(6)])
    for one in people:
        ResidentTag.objects.create(resident=one, code="veteran")
    for one in people[:2]:
        ResidentTag.objects.create(resident=one, code="disabled")
    officer = base.officer("clerk", of=here.subdistrict)
    officer.posts.update(lines=["welfare", "elderly"])
    client.force_login(officer)
    make.ground("lanhua")
    page = client.get("/subdistrict/qinghe/tags/").content.decode()
    assert "&lt;5" in page and "残疾人" in page and "慢性病" not in page
    rows = {row.tag.code: row for row in client.get("/subdistrict/qinghe/tags/").context["rows"]}
    assert (rows["veteran"].counts, rows["veteran"].total) == (["0", "6"], "6")
    assert (rows["disabled"].counts, rows["disabled"].total) == (["<5", "<5"], "")
    assert rows["very_aged"].total == "6"
    assert client.get(f"/c/{here.code}/tags/").status_code == 200
    client.force_login(base.officer("stranger", of=base.subdistrict("far")))
    assert client.get("/subdistrict/qinghe/tags/").status_code == 404
    client.force_login(make.grid_worker(here, 1))
    assert client.get(f"/c/{here.code}/tags/").status_code == 403


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_pages_ask_as_often_for_many_as_for_few(client_of: Client, here: Community) -> None:
    one = make.resident(here, relation="户主", phone="13800138000")
    household = Household.objects.get()
    addresses = [
        f"/c/{here.code}/residents/", f"/c/{here.code}/households/", f"/c/{here.code}/duplicates/", url(one),
        url(household), f"/c/{here.code}/tags/",
    ]  # fmt: skip
    for address in addresses:
        client_of.get(address)
    few = [queries(client_of, address) for address in addresses]
    others = make.residents(
        here,
        *[written(f"张{number // 2}", "101", born_on="1980-01-01", phone=f"138{number:08}") for number in range(20)],
    )
    for number, other in enumerate(others):
        Relationship.objects.create(resident=one, other=other, kind="carer")
        ResidentTag.objects.create(resident=other, code="veteran")
        Residence.objects.create(
            resident=one, household=household, room=other.room, building=other.building,
            starts_on=today() - timedelta(days=9 * number + 9), ends_on=today() - timedelta(days=9 * number + 5),
        )  # fmt: skip
    for code in ("veteran", "volunteer"):
        ResidentTag.objects.create(resident=one, code=code)
    assert [max(0, queries(client_of, address) - before) for address, before in zip(addresses, few, strict=True)] == [
        0, 0, 1, 0, 0, 0
    ]  # fmt: skip
