"""Sessions end when nobody works, after a long day, and whenever the account, its password or its last post ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from nianlun.kernel import clock
from nianlun.places.actions.posts import close_ended_accounts
from nianlun.places.actions.sessions import BEGAN, SEEN
from nianlun.places.models import Community, PostKind, User, UserSession
from nianlun.places.rules.devices import device_said
from tests.places import make

pytestmark = pytest.mark.django_db
PAGE = "/c/wutong/people/"


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary(at=home)


def signed_in(username: str = "secretary", agent: str = "") -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/login/", {"username": username, "password": make.PASSWORD})
    assert answer.status_code == 302 and answer["Location"] == "/"
    return client


def wind_back(client: Client, **keys: timedelta) -> None:
    """Make the client's session older than it is."""
    session = client.session
    for key, by in keys.items():
        session[key] -= int(by.total_seconds())
    session.save()


def test_a_sign_in_changes_the_key_and_is_written_down(boss: User) -> None:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0"})
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key or ""
    client.post("/login/", {"username": "secretary", "password": make.PASSWORD})
    row = UserSession.objects.get()
    assert row.session_key == client.session.session_key != planted.session_key
    assert (row.user, row.device, row.address, row.ended_at) == (boss, "Edge · Windows", "127.0.0.1", None)


@pytest.mark.parametrize(
    ("chosen", "began", "seen", "why"),
    [
        ("asvs", 0, 29, ""),
        ("asvs", 0, 30, "idle"),
        ("dengbao", 0, 14, ""),
        ("dengbao", 0, 15, "idle"),
        ("asvs", 12 * 60 - 1, 0, ""),
        ("asvs", 12 * 60, 0, "limit"),
    ],
)
def test_a_session_ends_idle_or_at_its_limit(
    boss: User, settings: Settings, chosen: str, began: int, seen: int, why: str
) -> None:
    settings.NIANLUN_PASSWORD_POLICY = chosen
    client = signed_in()
    wind_back(client, **{BEGAN: timedelta(minutes=began), SEEN: timedelta(minutes=seen)})
    answer = client.get(PAGE)
    assert answer.status_code == (302 if why else 200)
    assert UserSession.objects.get().ended_why == why
    if why:
        assert answer["Location"] == f"/login/?next={PAGE}&why={why}"
        said = client.get(answer["Location"]).content.decode()
        assert "请重新登录，登录后回到刚才的页面" in said and "没有保存" not in said
        assert client.get(PAGE)["Location"] == f"/login/?next={PAGE}"


def test_work_keeps_a_session_alive_and_is_noted_once_a_minute(boss: User) -> None:
    client = signed_in()
    client.get("/password/")
    row = UserSession.objects.get()
    for _ in range(2):
        wind_back(client, **{SEEN: timedelta(minutes=29)})
        assert client.get("/password/").status_code == 200
    assert row.seen_at < UserSession.objects.get().seen_at
    with CaptureQueriesContext(connection) as asked:
        client.get("/password/")
    assert not [query["sql"] for query in asked if not query["sql"].startswith("SELECT")]


def test_a_form_sent_too_late_leads_back_to_its_page_and_says_that_it_is_lost(boss: User) -> None:
    client = signed_in()
    wind_back(client, **{SEEN: timedelta(hours=1)})
    answer = client.post(
        "/c/wutong/bodies/new/", {"name": "巡逻队"}, headers={"Referer": "http://testserver/c/wutong/people/?a=1"}
    )
    assert answer["Location"] == "/login/?next=/c/wutong/people/%3Fa%3D1&why=idle&lost=1"
    assert "没有保存" in client.get(answer["Location"]).content.decode()
    given = {"username": "secretary", "password": make.PASSWORD, "next": "/c/wutong/people/?a=1"}
    assert client.post("/login/", given)["Location"] == "/c/wutong/people/?a=1"


def test_a_part_of_a_page_asked_for_too_late_leads_the_whole_page_away(boss: User) -> None:
    client = signed_in()
    wind_back(client, **{SEEN: timedelta(hours=1)})
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/c/wutong/desk/"}
    answer = client.get(PAGE, headers=asked)
    assert answer.status_code == 401 and answer["HX-Redirect"] == "/login/?next=/c/wutong/desk/&why=idle"
    elsewhere = client.get(PAGE, headers={"HX-Request": "true", "HX-Current-URL": "http://evil.example/x"})
    assert elsewhere["HX-Redirect"] == f"/login/?next={PAGE}"


def test_one_sees_ones_own_sessions_and_ends_them(boss: User, home: Community) -> None:
    make.worker(at=home)
    here, phone, theirs = signed_in(), signed_in(agent="Android Chrome/1"), signed_in("worker")
    shown = here.get("/sessions/").content.decode()
    assert shown.count("退出<span") == 2 and "Chrome · Android" in shown and "（本机）" in shown
    other = UserSession.objects.get(device="Chrome · Android")
    assert theirs.post(f"/sessions/{other.pk}/end/").status_code == 404
    assert here.post(f"/sessions/{other.pk}/end/").status_code == 302
    assert phone.get(PAGE).status_code == 302 and here.get(PAGE).status_code == 200
    assert "本人在别处结束" in here.get("/sessions/").content.decode()
    third = signed_in()
    here.post("/sessions/others/end/")
    assert third.get(PAGE).status_code == 302 and here.get(PAGE).status_code == 200
    assert theirs.get("/password/").status_code == 200
    mine = UserSession.objects.get(user=boss, ended_at=None)
    assert here.post(f"/sessions/{mine.pk}/end/")["Location"] == "/login/"


def reset(boss: Client, post: object) -> None:
    boss.post(f"/c/wutong/people/{post}/reset/")


def close(boss: Client, post: object) -> None:
    boss.post(f"/c/wutong/people/{post}/end/")


@pytest.mark.parametrize(("act", "why"), [(reset, "reset"), (close, "closed")])
def test_all_end_when_an_account_is_reset_or_closed(
    boss: User, home: Community, act: Callable[[Client, object], None], why: str
) -> None:
    holder = make.worker(at=home)
    User.objects.filter(pk=holder.pk).update(feed_secret="x" * 56)
    one, two = signed_in("worker"), signed_in("worker")
    act(signed_in(), holder.posts.get().pk)
    assert one.get("/password/").status_code == two.get("/password/").status_code == 302
    assert set(UserSession.objects.filter(user=holder).values_list("ended_why", flat=True)) == {why}
    holder.refresh_from_db()
    assert holder.feed_secret is None


def test_a_changed_password_ends_the_others_and_renews_the_key_of_this_one(boss: User) -> None:
    here, other = signed_in(), signed_in()
    before = here.session.session_key
    own = "seven lanterns by the lake"
    here.post("/password/", {"old": make.PASSWORD, "new": own, "again": own})
    assert here.get(PAGE).status_code == 200 and other.get(PAGE).status_code == 302
    held = UserSession.objects.get(ended_at=None)
    assert held.session_key == here.session.session_key != before
    here.post("/logout/")
    held.refresh_from_db()
    assert held.ended_why == "out"


def test_who_watches_over_sign_ins_ends_anyones_in_their_subdistrict_alone(boss: User, home: Community) -> None:
    make.officer("guard", of=home.subdistrict, kind=PostKind.SECURITY_ADMIN)
    make.officer("stranger", of=make.subdistrict("other"), kind=PostKind.SECURITY_ADMIN)
    theirs, guard, stranger = signed_in(), signed_in("guard"), signed_in("stranger")
    page = "/subdistrict/qinghe/security/"
    assert "secretary" in guard.get(page).content.decode()
    assert stranger.post(f"{page}{boss.pk}/sessions/").status_code == 404
    assert stranger.post(f"/subdistrict/other/security/{boss.pk}/sessions/").status_code == 404
    assert theirs.post(f"{page}{boss.pk}/sessions/").status_code == 403
    assert guard.post(f"{page}{boss.pk}/sessions/").status_code == 302
    assert theirs.get(PAGE).status_code == 302


def test_the_page_of_sign_ins_asks_no_more_with_more_people(
    home: Community, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make.officer("guard", of=home.subdistrict, kind=PostKind.SECURITY_ADMIN)
    guard = signed_in("guard")
    page = "/subdistrict/qinghe/security/"
    guard.get(page)
    with CaptureQueriesContext(connection) as few:
        guard.get(page)
    for number in range(5):
        make.worker(f"w{number}", at=home)
    with django_assert_num_queries(len(few)):
        guard.get(page)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("", "未知设备"),
        ("curl/8", "未知设备"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
    ],
)
def test_devices_are_called_as_people_know_them(agent: str, said: str) -> None:
    assert device_said(agent) == said


def test_many_people_stand_on_pages_and_are_found_by_name(home: Community) -> None:
    make.officer("guard", of=home.subdistrict, kind=PostKind.SECURITY_ADMIN)
    for number in range(60):
        make.worker(f"w{number:02}", at=home)
    guard, page = signed_in("guard"), "/subdistrict/qinghe/security/"
    first = guard.get(page)
    second = guard.get(page, {"after": first.context["next"]})
    shown = [person.username for answer in (first, second) for person in answer.context["people"]]
    assert len(shown) == len(set(shown)) == 61 and second.context["next"] is None
    assert [person.username for person in guard.get(page, {"name": "w07"}).context["people"]] == ["w07"]
    assert "没有找到" in guard.get(page, {"name": "nobody"}).content.decode()
    assert guard.get(page, {"after": "nonsense"}).status_code == 200


def test_an_account_closes_the_night_after_its_last_term(home: Community, boss: User) -> None:
    holder = make.worker(at=home)
    holder.posts.update(ends_on=clock.today())
    client = signed_in("worker")
    assert close_ended_accounts() == 0
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert close_ended_accounts() == 1
        assert close_ended_accounts() == 0
    assert client.get("/password/").status_code == 302
    assert UserSession.objects.get(user=holder).ended_why == "closed"
    boss.refresh_from_db()
    assert boss.is_active
