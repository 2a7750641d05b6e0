"""The second factor: proved before it counts, each code once, demanded by kind of post, reset by who may."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from nianlun.kernel import clock
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.models import Community, PostKind, User
from tests.places import make

pytestmark = pytest.mark.django_db
PAGE = "/c/wutong/people/"


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary(at=home)


def first_step(username: str = "secretary", after: str = "") -> tuple[Client, str]:
    client = Client()
    given = {"username": username, "password": make.PASSWORD, "next": after}
    return client, client.post("/login/", given)["Location"]


def code(user: User, steps: int = 0) -> str:
    """What the user's phone shows, some steps of 30 seconds from now."""
    user.refresh_from_db()
    return pyotp.TOTP(unseal(user.totp_sealed)).at(clock.now() + timedelta(seconds=30 * steps))


def set_up(user: User, client: Client) -> list[str]:
    """Switch the factor on; the recovery codes."""
    assert client.post("/second-factor/begin/", {"password": make.PASSWORD}).status_code == 302
    shown = client.post("/second-factor/finish/", {"code": code(user, -1)}).content.decode()
    return re.findall(r"<li>([a-z2-9-]{14})</li>", shown)


def test_it_counts_only_after_the_phone_proved_that_it_has_the_secret(boss: User) -> None:
    client, _ = first_step()
    assert client.post("/second-factor/begin/", {"password": "wrong"}).status_code == 422
    client.post("/second-factor/begin/", {"password": make.PASSWORD})
    page = client.get("/second-factor/").content.decode()
    boss.refresh_from_db()
    secret = unseal(boss.totp_sealed)
    assert "<svg" in page and " ".join(re.findall("....", secret)) in page and secret not in boss.totp_sealed
    assert first_step()[1] == "/"
    assert client.post("/second-factor/finish/", {"code": "000000"}).status_code == 422
    done = client.post("/second-factor/finish/", {"code": code(boss)})
    assert done.status_code == 200 and len(set(re.findall(r"<li>([a-z2-9-]{14})</li>", done.content.decode()))) == 10
    assert secret not in client.get("/second-factor/").content.decode()
    assert secret not in str(list(AuditRow.objects.values()))
    assert first_step()[1] == "/login/code/"


def test_the_sign_in_has_two_steps_and_keeps_the_way_back(boss: User) -> None:
    set_up(boss, first_step()[0])
    client, led = first_step(after=PAGE)
    assert led == "/login/code/" and client.get(PAGE).status_code == 302
    assert client.post(led, {"code": "000000"}).status_code == 422
    assert client.post(led, {"code": code(boss)})["Location"] == PAGE
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_off_by_one_step(boss: User, steps: int, opens: bool) -> None:
    with clock.frozen(clock.now()):
        set_up(boss, first_step()[0])
        client, led = first_step()
        assert (client.post(led, {"code": code(boss, steps)}).status_code == 302) is opens


def test_a_code_serves_once(boss: User) -> None:
    with clock.frozen(clock.now()):
        set_up(boss, first_step()[0])
        now = code(boss)
        client, led = first_step()
        assert client.post(led, {"code": now}).status_code == 302
        client, led = first_step()
        assert client.post(led, {"code": now}).status_code == 422


def test_a_recovery_code_serves_once_however_it_is_typed(boss: User) -> None:
    codes = set_up(boss, first_step()[0])
    client, led = first_step()
    assert client.post(led, {"code": codes[3].upper().replace("-", " ")}).status_code == 302
    assert "还剩 9 个" in client.get("/second-factor/").content.decode()
    client, led = first_step()
    assert client.post(led, {"code": codes[3]}).status_code == 422
    assert AuditRow.objects.filter(action="factor.recovery_used", actor_id=boss.pk).count() == 1


def test_wrong_codes_lock_like_wrong_passwords(boss: User) -> None:
    set_up(boss, first_step()[0])
    client, led = first_step()
    for _ in range(5):
        client.post(led, {"code": "000000"})
    assert "已锁定" in client.post(led, {"code": code(boss)}).content.decode()
    answer = Client().post("/login/", {"username": "secretary", "password": make.PASSWORD})
    assert answer.status_code == 422 and "已锁定" in answer.content.decode()


def test_a_right_password_between_wrong_codes_forgets_no_failure(boss: User) -> None:
    set_up(boss, first_step()[0])
    for _ in range(5):
        client, led = first_step()
        client.post(led, {"code": "000000"})
    boss.refresh_from_db()
    assert boss.locked_until is not None


def test_half_a_sign_in_lapses(boss: User) -> None:
    set_up(boss, first_step()[0])
    assert Client().get("/login/code/")["Location"] == "/login/"
    client, led = first_step()
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        assert client.post(led, {"code": code(boss)})["Location"] == "/login/"
    client, led = first_step()
    boss.set_password("seven lanterns by the lake")
    boss.save()
    assert client.post(led, {"code": code(boss)})["Location"] == "/login/"


def test_what_a_subdistrict_demands_comes_before_anything_else(boss: User, home: Community) -> None:
    make.worker(at=home)
    make.officer("guard", of=home.subdistrict, kind=PostKind.SECURITY_ADMIN)
    guard, theirs, other = first_step("guard")[0], first_step()[0], first_step("worker")[0]
    page = "/subdistrict/qinghe/security/"
    assert theirs.post(page, {"kinds": []}).status_code == 403
    assert guard.post(page, {"kinds": ["nonsense"]}).status_code == 422
    assert guard.post(page, {"kinds": ["secretary"]}).status_code == 302
    assert theirs.get(PAGE)["Location"] == "/second-factor/" == theirs.get("/")["Location"]
    assert other.get("/c/wutong/desk/").status_code == 200
    set_up(boss, theirs)
    assert theirs.get(PAGE).status_code == 200
    off = theirs.post("/second-factor/off/", {"password": make.PASSWORD})
    assert off.status_code == 422 and "不能关闭" in off.content.decode()
    assert AuditRow.objects.get(action="factor.demanded").detail == {"kinds": ["secretary"]}


def test_one_switches_ones_own_on_and_off(boss: User) -> None:
    client = first_step()[0]
    set_up(boss, client)
    assert client.post("/second-factor/begin/", {"password": make.PASSWORD}).status_code == 422
    assert client.post("/second-factor/off/", {"password": "wrong"}).status_code == 422
    assert client.post("/second-factor/off/", {"password": make.PASSWORD}).status_code == 302
    assert first_step()[1] == "/"


def test_a_lost_phone_is_mended_by_who_watches_over_sign_ins(boss: User, home: Community) -> None:
    chief = make.officer("chief", of=home.subdistrict, kind=PostKind.ADMINISTRATOR)
    theirs = first_step()[0]
    set_up(boss, theirs)
    reset = f"/subdistrict/qinghe/security/{boss.pk}/factor/"
    assert theirs.post(reset).status_code == 403
    assert first_step("chief")[0].post(reset).status_code == 302
    assert theirs.get(PAGE).status_code == 302 and first_step()[1] == "/"
    told = AuditRow.objects.get(action="factor.reset")
    assert (told.actor_id, told.record_id, told.subdistrict_id) == (chief.pk, boss.pk, home.subdistrict_id)
