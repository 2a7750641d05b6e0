"""The two password policies, each as a table: what it takes, when it must be changed, how a lock reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from nianlun.kernel import clock
from nianlun.places.actions.accounts import first_password
from nianlun.places.models import UnknownName, User
from nianlun.places.passwords import password_policy
from tests.places import make

pytestmark = pytest.mark.django_db
GOOD = {"asvs": "seven lanterns by the lake", "dengbao": "Lan-tern7"}


@pytest.fixture(params=["asvs", "dengbao"])
def chosen(request: pytest.FixtureRequest, settings: Settings) -> str:
    settings.NIANLUN_PASSWORD_POLICY = request.param
    return str(request.param)


@pytest.fixture
def holder(client: Client) -> User:
    made = make.worker("liqiang", at=make.community())
    client.force_login(made)
    return made


def change(client: Client, new: str, old: str = make.PASSWORD) -> str:
    """What the page says to a new password; "" where it is taken."""
    answer = client.post("/password/", {"old": old, "new": new, "again": new})
    return "" if answer.status_code == 302 else answer.content.decode()


@pytest.mark.parametrize(
    ("policy", "new", "told"),
    [
        ("asvs", "seven lanterns by the lake", ""),
        ("asvs", "tulips-red", ""),
        ("asvs", "灯笼挂满湖边小路一二三", ""),
        ("asvs", "48213057961", ""),  # figures alone: ASVS knows no rules of composition
        ("asvs", "x1 " * 60, ""),
        ("asvs", "lanterns7", "密码太短，至少要 10 位"),
        ("asvs", "1234567890", "太常见"),
        ("asvs", "liqiang-liqiang"[:11], "相似"),
        ("dengbao", "Lan-tern7", ""),
        ("dengbao", "Lantern77", ""),
        ("dengbao", "灯笼lantern7", ""),
        ("dengbao", "Lan-t7x", "密码太短，至少要 8 位"),
        ("dengbao", "lantern77", "密码的花样太少"),
        ("dengbao", "seven lanterns by the lake", "密码的花样太少"),
        ("dengbao", "Passw0rd", "太常见"),
    ],
)
def test_what_each_policy_takes(
    client: Client, holder: User, settings: Settings, policy: str, new: str, told: str
) -> None:
    settings.NIANLUN_PASSWORD_POLICY = policy
    said = change(client, new)
    assert told in said if told else said == ""


def test_the_page_says_what_the_policy_asks(client: Client, holder: User, chosen: str) -> None:
    page = client.get("/password/").content.decode()
    assert ("至少 10 位" in page) is (chosen == "asvs")
    assert ("大写字母" in page and "90 天" in page and "最近 5 次" in page) is (chosen == "dengbao")


@pytest.mark.parametrize(("days", "led"), [(89, False), (90, True)])
def test_only_dengbao_lets_a_password_wear_out(client: Client, holder: User, chosen: str, days: int, led: bool) -> None:
    holder.password_set_at = clock.now() - timedelta(days=days)
    holder.save()
    answer = client.get("/sessions/")
    assert (answer.status_code == 302) is (led and chosen == "dengbao")
    if answer.status_code == 302:
        assert answer["Location"] == "/password/" and "用满 90 天" in client.get("/password/").content.decode()
        assert change(client, GOOD[chosen]) == ""
        assert client.get("/sessions/").status_code == 200


def test_only_dengbao_refuses_the_last_five(client: Client, holder: User, chosen: str) -> None:
    old = make.PASSWORD
    for number in range(5):
        new = f"Lantern-by-lake-{number}"
        assert change(client, new, old) == ""
        old = new
    holder.refresh_from_db()
    assert len(holder.former_passwords) == (4 if chosen == "dengbao" else 0)
    assert ("最近用过" in change(client, "Lantern-by-lake-1", old)) is (chosen == "dengbao")
    if chosen == "dengbao":
        assert change(client, "Lantern-by-lake-5", old) == ""  # 0 is by now the sixth
        assert change(client, "Lantern-by-lake-0", "Lantern-by-lake-5") == ""


def test_a_reset_forgets_no_password_that_was_used(client: Client, holder: User, settings: Settings) -> None:
    settings.NIANLUN_PASSWORD_POLICY = "dengbao"
    assert change(client, "Lan-tern7") == ""
    client.force_login(make.secretary(at=make.community()))
    client.post(f"/c/wutong/people/{holder.posts.get().pk}/reset/")
    holder.refresh_from_db()
    holder.set_password("Given-on-paper1")
    holder.save()
    client.force_login(holder)
    assert "最近用过" in change(client, "Lan-tern7", "Given-on-paper1")


@pytest.mark.parametrize("name", ["liqiang", "nobody"])
def test_a_lock_reads_the_same_whether_the_name_exists_or_not(
    client: Client, holder: User, chosen: str, name: str
) -> None:
    policy, visitor = password_policy(), Client()

    def said() -> str:
        return visitor.post("/login/", {"username": name, "password": "no"}).content.decode()

    told = f"连续输错 {policy.attempts} 次会锁定 {policy.lock_minutes} 分钟"
    with clock.frozen(clock.now()):
        assert all(told in said() for _ in range(policy.attempts))
        assert f"请 {policy.lock_minutes + 1} 分钟后再试" in said()
    with clock.frozen(clock.now() + policy.lock + timedelta(minutes=1)):
        assert told in said()


def test_names_that_nobody_has_are_not_kept(client: Client) -> None:
    typed = "my password in the wrong field"
    client.post("/login/", {"username": typed, "password": "no"})
    assert typed not in UnknownName.objects.get().digest
    with clock.frozen(clock.now() + timedelta(days=2)):
        client.post("/login/", {"username": "another", "password": "no"})
    assert UnknownName.objects.count() == 1


def test_guessing_ones_own_password_behind_the_sign_in_locks_too(client: Client, holder: User) -> None:
    for _ in range(5):
        assert "原密码不对" in change(client, GOOD["asvs"], "guess")
    assert "输错次数太多" in change(client, GOOD["asvs"])


def test_a_first_password_stands_in_either_policy() -> None:
    for _ in range(50):
        made = first_password()
        assert len(made) == 14 and any(map(str.isupper, made)) and any(map(str.islower, made)) and "-" in made


def test_a_policy_that_is_not_known_stops_the_start(settings: Settings) -> None:
    settings.NIANLUN_PASSWORD_POLICY = "none"
    with pytest.raises(ImproperlyConfigured):
        password_policy()
