"""A secret field is shown to whoever may, for a purpose that stays in the log, and to nobody else."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client

from nianlun.kernel.audit_chain import seal_log
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditLink, AuditRow
from nianlun.kernel.sealing.errors import KeyLost
from nianlun.kernel.sealing.seal import seal
from nianlun.places.actions.reveal import reveal
from nianlun.places.models import Community, Grid, GridDuty, Organisation, Post, PostKind, Resident, User
from tests.places import make

pytestmark = pytest.mark.django_db
PHONE, PURPOSE = "13812345678", "联系本人核对低保材料"


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def resident(home: Community) -> Resident:
    return Resident.objects.create(
        subdistrict=home.subdistrict,
        community=home,
        name="张三丰",
        phone_sealed=seal(PHONE),
    )


def address(record: Resident | Organisation, field: str = "phone") -> str:
    return f"/reveal/{record._meta.model_name}/{record.pk}/{field}/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ask(user: User, record: Resident | Organisation, field: str = "phone", purpose: str = PURPOSE) -> tuple[int, str]:
    answer = client_of(user).post(address(record, field), {"purpose": purpose})
    return answer.status_code, answer.content.decode()


def test_the_value_is_given_once_and_the_purpose_stays(
    home: Community, resident: Resident, django_capture_on_commit_callbacks: object
) -> None:
    worker = make.worker(at=home)
    value = reveal(acting_user=worker, record=resident, field="phone", purpose=f"  {PURPOSE} ")
    assert value == PHONE
    row = AuditRow.objects.get(action="secret.revealed")
    assert (row.actor_id, row.kind, row.record_id) == (worker.pk, "resident", resident.pk)
    assert row.subdistrict_id == home.subdistrict_id
    assert row.detail == {"field": "phone", "purpose": PURPOSE, "community": home.code}


@pytest.mark.django_db(transaction=True)
def test_what_was_revealed_is_in_the_chain_at_once(home: Community, resident: Resident) -> None:
    seal_log()
    reveal(acting_user=make.worker(at=home), record=resident, field="phone", purpose=PURPOSE)
    assert AuditLink.objects.filter(row__action="secret.revealed").count() == 1


def test_the_answer_is_a_part_of_a_page_that_nothing_keeps(home: Community, resident: Resident) -> None:
    client = client_of(make.worker(at=home))
    answer = client.post(address(resident), {"purpose": PURPOSE})
    said = answer.content.decode()
    assert answer.status_code == 200 and PHONE in said and "<html" not in said
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'data-seconds="60"' in said and 'data-mask="138****5678"' in said
    assert PHONE not in str(dict(client.session))
    assert client.get(address(resident)).status_code == 405


def test_no_log_line_holds_the_value(home: Community, resident: Resident, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert ask(make.worker(at=home), resident)[0] == 200
    assert PHONE not in caplog.text
    assert PHONE not in str(list(AuditRow.objects.values()))


@pytest.mark.parametrize(
    ("purpose", "said"),
    [
        ("", "至少 5 个字"),
        ("   看看   ", "至少 5 个字"),
        ("看" * 201, "最多 200 个字，现在有 201 个字"),
        ("核对 13912345678 是否本人", "不要写证件号码或电话"),
        ("核对33010219900101123X是否本人", "不要写证件号码或电话"),
    ],
)
def test_a_purpose_that_does_not_do_comes_back_in_the_form(
    home: Community, resident: Resident, purpose: str, said: str
) -> None:
    answer = client_of(make.worker(at=home)).post(address(resident), {"purpose": purpose})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and PHONE not in page
    assert answer.headers["HX-Retarget"] == f"#secret-{resident.pk}-phone-form"
    assert purpose.strip() in page
    assert not AuditRow.objects.filter(action="secret.revealed").exists()


@pytest.mark.parametrize(("purpose"), ["看" * 5, "看" * 200])
def test_the_shortest_and_the_longest_purpose_do(home: Community, resident: Resident, purpose: str) -> None:
    assert ask(make.worker(at=home), resident, purpose=purpose)[0] == 200


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (PostKind.SECRETARY, 200),
        (PostKind.WORKER, 200),
        (PostKind.GRID_WORKER, 404),  # no grid of theirs
        (PostKind.SUBDISTRICT, 403),
        (PostKind.ADMINISTRATOR, 403),
        (PostKind.SYSTEM_ADMIN, 403),
        (PostKind.SECURITY_ADMIN, 403),
        (PostKind.AUDITOR, 404),  # sees no community at all
        (PostKind.AUDIT_ADMIN, 404),
    ],
)
def test_who_may(home: Community, resident: Resident, kind: PostKind, expected: int) -> None:
    local = kind in {PostKind.SECRETARY, PostKind.WORKER, PostKind.GRID_WORKER}
    user = make.worker(at=home, kind=kind) if local else make.officer(of=home.subdistrict, kind=kind)
    assert ask(user, resident)[0] == expected
    assert AuditRow.objects.filter(action="secret.revealed").exists() is (expected == 200)


def test_to_a_stranger_the_record_does_not_exist(resident: Resident) -> None:
    for other in (make.community("next"), make.community("far", of=make.subdistrict("other"))):
        stranger = make.worker(f"stranger-{other.code}", at=other)
        assert ask(stranger, resident)[0] == 404
        with pytest.raises(Http404):
            reveal(acting_user=stranger, record=resident, field="phone", purpose=PURPOSE)


def test_a_grid_worker_reveals_in_their_own_grid_only(home: Community, resident: Resident) -> None:
    own, other = (
        Grid.objects.create(subdistrict=home.subdistrict, community=home, code=code, name=code) for code in ("g1", "g2")
    )
    walker = make.worker("walker", at=home, kind=PostKind.GRID_WORKER)
    GridDuty.objects.create(grid=own, post=Post.objects.get(user=walker), starts_on=today())
    for grid, expected in ((own, 200), (other, 404)):
        Resident.objects.filter(pk=resident.pk).update(grid=grid)
        assert ask(walker, resident)[0] == expected


def test_a_closed_account_and_nobody_are_sent_to_the_sign_in(home: Community, resident: Resident) -> None:
    answer = Client().post(address(resident), {"purpose": PURPOSE})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/login/")
    worker = make.worker(at=home)
    client = client_of(worker)
    User.objects.filter(pk=worker.pk).update(is_active=False)
    assert client.post(address(resident), {"purpose": PURPOSE}).status_code == 302


def test_organisations_have_secret_fields_too(home: Community) -> None:
    firm = Organisation.objects.create(
        subdistrict=home.subdistrict, community=home, kind="shop", name="好邻超市",
        credit_code_sealed=seal("91330106MA27X0001R"),
    )  # fmt: skip
    status, said = ask(make.worker(at=home), firm, "credit_code")
    assert status == 200 and "91330106MA27X0001R" in said
    assert ask(make.worker("second", at=home), firm, "phone")[0] == 422


@pytest.mark.parametrize("path", ["resident/{pk}/name", "resident/{pk}/totp", "user/{user}/totp", "nothing/{pk}/phone"])
def test_nothing_else_can_be_revealed(home: Community, resident: Resident, path: str) -> None:
    worker = make.worker(at=home)
    made = path.format(pk=resident.pk, user=worker.pk)
    assert client_of(worker).post(f"/reveal/{made}/", {"purpose": PURPOSE}).status_code == 404


def test_a_value_whose_key_is_lost_says_so_and_is_not_noted(home: Community, resident: Resident) -> None:
    Resident.objects.filter(pk=resident.pk).update(phone_sealed="gone:AAAA")
    resident.refresh_from_db()
    worker = make.worker(at=home)
    with pytest.raises(KeyLost):
        reveal(acting_user=worker, record=resident, field="phone", purpose=PURPOSE)
    status, said = ask(worker, resident)
    assert status == 422 and "编号 gone" in said
    assert not AuditRow.objects.filter(action="secret.revealed").exists()


def test_the_action_itself_asks_for_right_and_purpose(home: Community, resident: Resident) -> None:
    with pytest.raises(PermissionDenied):
        reveal(acting_user=make.officer(of=home.subdistrict), record=resident, field="phone", purpose=PURPOSE)
    with pytest.raises(UserError):
        reveal(acting_user=make.worker(at=home), record=resident, field="phone", purpose="看")
