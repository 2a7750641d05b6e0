"""A person's calendar at a secret address: who makes it, who reads it, and what is in it."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from icalendar import Calendar

from nianlun.duties.actions import feed as acts
from nianlun.duties.actions import work
from nianlun.duties.actions.leaves import make_leave
from nianlun.duties.feed import uid
from nianlun.kernel.logs import Redact
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Post, User
from tests.duties import make as clock
from tests.duties.make import DAILY, MONTHLY, WEEKLY, Wanted, World
from tests.places import make

pytestmark = pytest.mark.django_db
PAGE = "/c/wutong/feed/"


def address(user: User) -> str:
    user.refresh_from_db()
    return f"/feed/{user.feed_secret}.ics"


def read(user: User, **headers: str) -> Any:
    """The feed as a phone gets it: without a sign-in."""
    return Client().get(address(user), headers=headers)


def events(user: User) -> dict[str, dict[str, str]]:
    """The user's events by UID."""
    calendar = Calendar.from_ical(read(user).content)
    found = [{name: str(getattr(value, "dt", value)) for name, value in one.items()} for one in calendar.walk("VEVENT")]
    return {one["UID"]: one for one in found}


def summaries(user: User) -> set[str]:
    return {one["SUMMARY"] for one in events(user).values()}


@pytest.fixture
def subscribed(world: World) -> World:
    world.adopt(
        Wanted("检查消防通道", owners=["民政专干"]),
        Wanted("走访老人", owners=["网格员"], schedules=[WEEKLY]),
        Wanted("理论学习", owners=["boss"]),
    )
    for person in (world.welfare, world.grid1, world.grid2, world.boss):
        acts.make_address(acting_user=person)
    return world


# --- the address


def test_the_address_is_made_shown_renewed_and_withdrawn(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    assert "生成订阅地址" in client.get(PAGE).content.decode()
    client.post(f"{PAGE}make/")
    first = address(world.grid1)
    shown = client.get(PAGE)
    assert f"http://testserver{first}" in shown.content.decode() and "no-store" in shown["Cache-Control"]
    assert Client().get(first).status_code == 200
    client.post(f"{PAGE}make/")
    assert Client().get(first).status_code == 404
    second = address(world.grid1)
    assert Client().get(second).status_code == 200
    client.post(f"{PAGE}withdraw/")
    assert Client().get(second).status_code == 404
    rows = AuditRow.objects.filter(record_id=world.grid1.pk).order_by("at")
    assert [row.action for row in rows] == ["feed.made", "feed.renewed", "feed.withdrawn"]
    kept = str(list(AuditRow.objects.values()))
    assert not any(secret.removeprefix("/feed/")[:20] in kept for secret in (first, second))


def test_withdrawing_what_was_never_made_does_nothing(world: World, client: Client) -> None:
    client.force_login(world.grid1)
    assert client.post(f"{PAGE}withdraw/").status_code == 302
    assert not AuditRow.objects.filter(kind="user").exists()


def test_secrets_are_long_and_each_its_own(world: World) -> None:
    made = {acts.make_address(acting_user=world.grid1) for _ in range(50)}
    assert len(made) == 50 and min(map(len, made)) >= 43  # 32 bytes and more
    assert len({one[: acts.FINDING] for one in made}) == 50


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "A", lambda s: s[: acts.FINDING], lambda s: s[::-1]]
)
def test_nearly_the_secret_is_not_the_secret(subscribed: World, change: Any) -> None:
    subscribed.grid1.refresh_from_db()
    secret = subscribed.grid1.feed_secret or ""
    assert Client().get(f"/feed/{change(secret)}.ics").status_code == 404
    assert acts.user_of_secret(secret) == subscribed.grid1


@pytest.mark.parametrize("given", ["x", "_" * 56, "%25" * 20, "-"])
def test_an_unknown_secret_is_not_found(subscribed: World, given: str) -> None:
    assert Client().get(f"/feed/{given}.ics").status_code == 404


def test_a_closed_account_has_no_calendar(subscribed: World) -> None:
    User.objects.filter(pk=subscribed.grid1.pk).update(is_active=False)
    assert read(subscribed.grid1).status_code == 404


def test_only_who_works_in_a_community_has_one(world: World, client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(world.stranger)
    assert {client.get(PAGE).status_code, client.post(f"{PAGE}make/").status_code} == {404}
    client.force_login(make.officer(of=world.home.subdistrict))
    assert {client.get(PAGE).status_code, client.post(f"{PAGE}make/").status_code} == {403}
    client.force_login(world.grid1)
    assert client.get(f"{PAGE}make/").status_code == 405
    assert client.post(f"{PAGE}make/").status_code == 302
    assert Client().post(address(world.grid1)).status_code == 405


def test_the_secret_is_redacted_wherever_an_address_is_logged(subscribed: World) -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "Not Found: %s", (address(subscribed.grid1),), None)
    assert Redact(r"(?<=/feed/)[\w-]{20,}").filter(record)
    assert record.getMessage() == "Not Found: /feed/….ics"


# --- what is in it


def test_it_holds_ones_own_work_and_nobody_elses(subscribed: World) -> None:
    assert summaries(subscribed.welfare) == {"检查消防通道"}
    assert summaries(subscribed.grid1) == summaries(subscribed.grid2) == {"走访老人"}
    assert summaries(subscribed.boss) == {"理论学习"}


def test_it_reaches_from_sixty_days_back_to_a_year_ahead(world: World) -> None:
    world.adopt(Wanted("每日巡查", owners=["民政专干"], schedules=[DAILY]))
    world.adopt(Wanted("明年巡查", owners=["民政专干"], schedules=[DAILY]), year=2028)
    acts.make_address(acting_user=world.welfare)
    days = sorted(date.fromisoformat(one["DTSTART"]) for one in events(world.welfare).values())
    assert days[-1] == date(2028, 3, 10)
    assert days[0] >= date(2027, 1, 9)
    with clock.at(2027, 6, 1):
        days = sorted(date.fromisoformat(one["DTSTART"]) for one in events(world.welfare).values())
    assert days[0] == date(2027, 4, 2)


def test_an_event_keeps_its_identity_when_it_is_postponed_and_done(subscribed: World) -> None:
    one = subscribed.first("检查消防通道")
    name = uid(str(one.duty_id), one.key)
    assert events(subscribed.welfare)[name]["DTSTART"] == str(one.due_on)
    work.postpone(acting_user=subscribed.boss, pk=one.pk, revision=1, to=date(2027, 4, 9), reason="大修")
    later = events(subscribed.welfare)[name]
    assert later["DTSTART"] == "2027-04-09" and "已延期" in later["DESCRIPTION"]
    assert later["URL"] == f"http://testserver/c/wutong/occurrences/{one.pk}/"
    work.do(acting_user=subscribed.welfare, pk=one.pk, revision=2, done_on=date(2027, 3, 10))
    assert events(subscribed.welfare)[name]["SUMMARY"] == "✓ 检查消防通道"


def test_who_took_it_has_it_and_the_others_no_longer(subscribed: World) -> None:
    one = subscribed.first("走访老人")
    work.take(acting_user=subscribed.grid1, pk=one.pk, revision=1)
    name = uid(str(one.duty_id), one.key)
    assert name in events(subscribed.grid1) and name not in events(subscribed.grid2)


def test_during_leave_it_is_in_the_stand_ins_calendar_alone(subscribed: World) -> None:
    before = events(subscribed.welfare)
    make_leave(
        acting_user=subscribed.boss, community=subscribed.home, user=subscribed.welfare, stand_in=subscribed.grid2,
        starts_on=date(2027, 4, 20), ends_on=date(2027, 5, 10),
    )  # fmt: skip
    april = next(name for name, one in before.items() if one["DTSTART"] == "2027-04-30")
    assert set(before) - set(events(subscribed.welfare)) == {april}
    stands_in = events(subscribed.grid2)
    assert stands_in[april]["SUMMARY"] == "代welfare 检查消防通道"
    assert set(stands_in) & set(before) == {april}


def test_ones_share_of_common_work_is_done_when_it_is_done(world: World) -> None:
    from_plan = world.adopt(Wanted("签订承诺书", owners=["网格员"], schedules=[MONTHLY]))
    assert from_plan is not None
    for person in (world.grid1, world.grid2):
        acts.make_address(acting_user=person)
    duty = world.duty("签订承诺书")
    duty.assignments.update(mode="all")
    one = world.first("签订承诺书")
    work.do(acting_user=world.grid1, pk=one.pk, revision=one.revision, done_on=date(2027, 3, 10))
    name = uid(str(duty.pk), one.key)
    assert events(world.grid1)[name]["SUMMARY"].startswith("✓")
    assert not events(world.grid2)[name]["SUMMARY"].startswith("✓")


def test_what_ended_before_the_plan_stood_is_nobodys(world: World) -> None:
    world.adopt(Wanted("检查消防通道", owners=["民政专干"]))
    acts.make_address(acting_user=world.welfare)
    assert min(one["DTSTART"] for one in events(world.welfare).values()) == "2027-03-31"


def test_two_communities_in_one_calendar(subscribed: World) -> None:
    other = make.community("heying", of=subscribed.home.subdistrict)
    Post.objects.create(
        user=subscribed.welfare, kind="worker", subdistrict=other.subdistrict, community=other, title="统计员"
    )
    clock.adopt(other, make.secretary("boss2", at=other), [Wanted("更新台账", owners=["统计员"])])
    assert summaries(subscribed.welfare) == {"wutong社区 检查消防通道", "heying社区 更新台账"}


def test_the_number_of_queries_does_not_grow_with_the_work(world: World, django_assert_max_num_queries: Any) -> None:
    acts.make_address(acting_user=world.welfare)
    world.adopt(*(Wanted(f"任务{n}", owners=["民政专干"], schedules=[WEEKLY]) for n in range(30)))
    with django_assert_max_num_queries(16):
        assert len(events(world.welfare)) > 30 * 40


# --- how a phone asks again


def test_a_phone_that_has_it_is_told_so(subscribed: World) -> None:
    first: HttpResponse = read(subscribed.welfare)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    again = read(subscribed.welfare, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert read(subscribed.welfare, **{"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert read(subscribed.welfare).content == first.content


def test_a_change_is_seen_and_another_persons_is_none(subscribed: World) -> None:
    tag = read(subscribed.welfare)["ETag"]
    other = subscribed.first("走访老人")
    work.take(acting_user=subscribed.grid1, pk=other.pk, revision=1)
    assert read(subscribed.welfare, **{"if-none-match": tag}).status_code == 304
    mine = subscribed.first("检查消防通道")
    work.postpone(acting_user=subscribed.boss, pk=mine.pk, revision=1, to=date(2027, 4, 9), reason="大修")
    assert read(subscribed.welfare, **{"if-none-match": tag}).status_code == 200


def test_a_new_day_is_a_new_calendar(subscribed: World) -> None:
    before = read(subscribed.welfare)["Last-Modified"]
    with clock.at(2027, 3, 11):
        assert read(subscribed.welfare, **{"if-modified-since": before}).status_code == 200
