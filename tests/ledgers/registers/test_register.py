"""A ledger as a register: its list, one entry, rows of a sheet, the API."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.http import HttpRequest
from django.test import Client

from nianlun.kernel.clock import today
from nianlun.ledgers.models import Entry
from nianlun.places.models import Organisation
from nianlun.ui.registers.register import Need, registered
from tests.ledgers.make import Yard, hazard, yard

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Yard:
    return yard()


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def bound(world: Yard, user: object) -> tuple[object, object]:
    register = registered("hazard")
    request = HttpRequest()
    request.user = user  # type: ignore[assignment]
    return register, register.viewer(request, world.home.code, Need.EDIT)


def test_the_list_shows_entries_with_their_state(world: Yard) -> None:
    hazard(world.one, world.home)
    page = client_of(world.two).get("/c/wutong/hazard/").content.decode()
    assert "楼道堆放杂物" in page and "待通知" in page and "消防" in page


def test_a_secret_is_masked_in_list_page_and_api(world: Yard) -> None:
    entry = hazard(world.one, world.home, party_phone="13800138000")
    client = client_of(world.two)
    for address in (f"/c/wutong/hazard/{entry.pk}/", f"/api/v1/c/wutong/hazard/{entry.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        said = answer.content.decode()
        assert "138****8000" in said and "13800138000" not in said


def test_to_a_stranger_there_is_no_ledger(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    stranger = client_of(world.stranger)
    for address in ("/c/wutong/hazard/", f"/c/wutong/hazard/{entry.pk}/", "/api/v1/c/wutong/hazard/"):
        assert stranger.get(address).status_code == 404, address
    assert client_of(world.one).get("/c/wutong/ghosts/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=~open", 2),
        ("status=~overdue", 1),
        ("status=closed", 0),
        ("category=gas", 1),
        ("q=软管", 1),
        ("when=week", 2),
    ],
)
def test_filters_and_words(world: Yard, query: str, found: int) -> None:
    hazard(world.one, world.home)
    late = hazard(world.one, world.home, found="软管老化", category="gas")
    Entry.objects.filter(pk=late.pk).update(due_on=today() - timedelta(days=1))
    page = client_of(world.two).get(f"/c/wutong/hazard/?{query}").content.decode()
    assert page.count("<tr>") - 1 == found if found else "没有符合条件的" in page


def test_rows_of_a_sheet_become_entries(world: Yard) -> None:
    firm = Organisation.objects.create(
        community=world.home, subdistrict=world.home.subdistrict, kind="shop", name="老街小吃店"
    )
    register, viewer = bound(world, world.one)
    row = {
        "occurred_on": today().isoformat(), "subject": "老街小吃店", "found": "软管老化", "category": "燃气",
        "severity": "一般", "party": "老街小吃店", "party_phone": "13800138000",
    }  # fmt: skip
    wrong = {**row, "subject": "没有这家", "category": "天上"}
    late = {**row, "occurred_on": (today() - timedelta(days=9)).isoformat()}
    drafts = register.check([row, wrong, late], viewer)  # type: ignore[attr-defined]
    assert [sorted(draft.checked.errors) for draft in drafts] == [[], ["category", "subject"], ["late_reason"]]
    (entry,) = register.save(drafts[:1], viewer, source="sheet:1")  # type: ignore[attr-defined]
    assert (entry.subject_id, entry.subject_name, entry.data["party"]) == (firm.pk, "老街小吃店", str(firm.pk))
    assert register.read(entry, viewer)["category"] == "燃气"  # type: ignore[attr-defined]


def test_what_a_sheet_gives_back_unchanged_changes_nothing(world: Yard) -> None:
    entry = hazard(world.one, world.home, party_phone="13800138000")
    register, viewer = bound(world, world.one)
    read = register.read(entry, viewer)  # type: ignore[attr-defined]
    fixed = set(register.fixed)  # type: ignore[attr-defined]
    read_only = {field.code for field in register.fields if field.read_only}  # type: ignore[attr-defined]
    back = {code: said for code, said in read.items() if code not in fixed | read_only}
    (draft,) = register.check([back], viewer, [entry])  # type: ignore[attr-defined]
    assert draft.checked.errors == {}
    draft.revision = entry.revision
    (saved,) = register.save([draft], viewer, source="sheet:1")  # type: ignore[attr-defined]
    assert saved.revision == 1


def test_the_api_files_and_refuses(world: Yard) -> None:
    client = client_of(world.one)
    body = {"occurred_on": today().isoformat(), "found": "井盖破损", "category": "other", "severity": "minor"}
    made = client.post("/api/v1/c/wutong/hazard/", json.dumps({"values": body}), content_type="application/json")
    assert made.status_code == 201, made.content
    assert Entry.objects.get().title == "井盖破损"
    refused = client.post(
        "/api/v1/c/wutong/hazard/", json.dumps({"values": {**body, "found": ""}}), content_type="application/json"
    )
    assert refused.status_code == 422 and "found" in refused.content.decode()


def test_the_number_of_queries_does_not_grow_with_entries(world: Yard, django_assert_max_num_queries: object) -> None:
    client = client_of(world.two)
    for _ in range(3):
        hazard(world.one, world.home)
    client.get("/c/wutong/hazard/")
    with django_assert_max_num_queries(20) as few:  # type: ignore[operator]
        client.get("/c/wutong/hazard/")
    for _ in range(20):
        hazard(world.one, world.home)
    with django_assert_max_num_queries(len(few)):  # type: ignore[operator]
        client.get("/c/wutong/hazard/")
