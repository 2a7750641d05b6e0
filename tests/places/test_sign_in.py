"""Signing in: lock-out after failures, a first password must be changed, strangers are sent to the door."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from nianlun.kernel import clock
from nianlun.places.models import Community, User
from tests.places import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.community()


def sign_in(client: Client, username: str, password: str = make.PASSWORD, **extra: str) -> tuple[int, str]:
    answer = client.post("/login/", {"username": username, "password": password, **extra})
    return answer.status_code, answer.content.decode() if answer.status_code == 422 else answer["Location"]


def test_a_stranger_is_sent_to_the_door_and_back(client: Client, home: Community) -> None:
    make.secretary(at=home)
    asked = client.get("/c/wutong/people/")
    assert asked.status_code == 302 and asked["Location"] == "/login/?next=/c/wutong/people/"
    assert sign_in(client, "secretary", next="/c/wutong/people/") == (302, "/c/wutong/people/")
    assert client.get("/c/wutong/people/").status_code == 200


def test_the_way_back_stays_on_this_host(client: Client, home: Community) -> None:
    make.secretary(at=home)
    assert sign_in(client, "secretary", next="https://elsewhere.example/") == (302, "/")


def test_wrong_name_and_wrong_password_read_the_same(client: Client, home: Community) -> None:
    make.secretary(at=home)
    wrong_password, wrong_name = sign_in(client, "secretary", "no"), sign_in(client, "nobody", "no")
    assert wrong_password[0] == wrong_name[0] == 422
    assert "登录名或密码不对" in wrong_password[1] and "登录名或密码不对" in wrong_name[1]


def test_five_failures_lock_even_the_right_password_for_a_while(client: Client, home: Community) -> None:
    make.secretary(at=home)
    for _ in range(5):
        sign_in(client, "secretary", "no")
    status, page = sign_in(client, "secretary")
    assert status == 422 and "账号已锁定" in page
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert sign_in(client, "secretary")[0] == 302
    assert User.objects.get(username="secretary").locked_until is None


def test_four_failures_do_not_lock(client: Client, home: Community) -> None:
    make.secretary(at=home)
    for _ in range(4):
        sign_in(client, "secretary", "no")
    assert sign_in(client, "secretary")[0] == 302


def test_a_first_password_must_be_changed_before_anything_else(client: Client, home: Community) -> None:
    holder = make.secretary(at=home)
    holder.must_change_password = True
    holder.save()
    client.force_login(holder)
    assert client.get("/c/wutong/people/")["Location"] == "/password/"
    own = "seven lanterns by the lake"
    weak = client.post("/password/", {"old": make.PASSWORD, "new": "1234567890", "again": "1234567890"})
    assert weak.status_code == 422
    changed = client.post("/password/", {"old": make.PASSWORD, "new": own, "again": own})
    assert changed.status_code == 302
    assert client.get("/c/wutong/people/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", "seven lanterns", "seven lanterns", "原密码不对"),
        (make.PASSWORD, "seven lanterns", "eight lanterns", "两次输入的新密码不一样"),
        (make.PASSWORD, make.PASSWORD, make.PASSWORD, "不能与原密码相同"),
        (make.PASSWORD, "short", "short", "太短"),
    ],
)
def test_a_bad_new_password_is_refused(
    client: Client, home: Community, old: str, new: str, again: str, told: str
) -> None:
    client.force_login(make.secretary(at=home))
    answer = client.post("/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422 and told in answer.content.decode()


def test_signing_out_ends_the_session(client: Client, home: Community) -> None:
    client.force_login(make.secretary(at=home))
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/c/wutong/people/").status_code == 302
