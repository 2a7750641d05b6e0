"""The API of a register: the same rights, checks and masks as its pages, and errors that a program can read."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.models import Community, Estate, PostKind
from tests.places import make
from tests.ui.registers.conftest import plot
from tests.ui.registers.plots import Plots

pytestmark = pytest.mark.django_db
API = "/api/v1/c/wutong/plots/"
GOOD = {"name": "甲地", "code": "a", "kind": "old", "phone": "13812345678"}


def of(one: Estate) -> str:
    return f"{API}{one.pk}/"


def sent(client: Client, method: str, address: str, body: Any, key: object = None) -> HttpResponse:
    headers = {"Idempotency-Key": str(key)} if key else {}
    act = getattr(client, method)
    answer = act(address, json.dumps(body), content_type="application/json", headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def told(answer: Any) -> Any:
    return json.loads(answer.content)


def codes(answer: Any) -> list[tuple[str, str]]:
    errors = told(answer)["errors"]
    assert all(set(one) == {"code", "field", "message"} and one["message"] for one in errors)
    return [(one["code"], one["field"]) for one in errors]


@pytest.mark.parametrize("method, tail, body", [
    ("get", "", None), ("get", "one/", None), ("post", "", {"values": GOOD}), ("post", "find/", {}),
    ("patch", "one/", {"values": {"name": "乙"}, "revision": 1}),
])  # fmt: skip
def test_who_may(home: Community, method: str, tail: str, body: Any) -> None:
    one = plot(home, "甲", code="there")
    address = API + tail.replace("one", str(one.pk))
    writes = method == "patch" or (method == "post" and not tail)
    expected = {
        None: 401,
        make.secretary("stranger", at=make.community("far", of=make.subdistrict("other"))): 404,
        make.officer("system", of=home.subdistrict, kind=PostKind.SYSTEM_ADMIN): 403,
        make.worker("grid", at=home, kind=PostKind.GRID_WORKER): 403 if writes else 200,
        make.secretary("boss", at=home): 201 if writes and method == "post" else 200,
    }
    for person, status in expected.items():
        client = Client()
        if person:
            client.force_login(person)
        answer = client.get(address) if method == "get" else sent(client, method, address, body)
        assert answer.status_code == status, (person, answer.content)
        assert status < 400 or codes(answer)[0][0] in {"sign_in", "not_found", "forbidden"}


def test_writes_need_the_csrf_token(home: Community) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.secretary(at=home))
    assert codes(sent(client, "post", API, {"values": GOOD})) == [("csrf", "")]
    client.get("/c/wutong/plots/new/")
    token = client.cookies["csrftoken"].value
    answer = client.post(API, json.dumps({"values": GOOD}), "application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 201 and client.get(API).status_code == 200


def test_a_list_is_narrowed_sorted_and_paged(at_desk: Client, home: Community) -> None:
    for number in range(5):
        plot(home, f"地{number}", kind="old" if number % 2 else "estate")
    first = told(at_desk.get(f"{API}?limit=2&order=-name"))
    assert [one["values"]["name"] for one in first["rows"]] == ["地4", "地3"]
    assert first["total"] == {"count": 5, "more": False} and first["previous"] is None
    second = told(at_desk.get(API, {"limit": 2, "order": "-name", "cursor": first["next"]}))
    assert [one["values"]["name"] for one in second["rows"]] == ["地2", "地1"]
    back = told(at_desk.get(API, {"limit": 2, "order": "-name", "cursor": second["previous"]}))
    assert back["rows"] == first["rows"] and back["previous"] is None
    assert len(told(at_desk.get(f"{API}?kind=old"))["rows"]) == 2
    assert len(told(sent(at_desk, "post", f"{API}find/", {"q": "地1", "filters": {"kind": "old"}}))["rows"]) == 1


@pytest.mark.parametrize("query, code", [
    ("limit=201", "malformed"), ("limit=0", "malformed"), ("limit=x", "malformed"), ("cursor=x", "cursor"),
    ("kind=castle", "filter"), ("knid=old", "unknown_parameter"), ("order=size", "unknown_parameter"),
    ("s=x", "unknown_parameter"), ("q=13812345678", "use_find"),
])  # fmt: skip
def test_what_a_list_does_not_understand_it_refuses(at_desk: Client, home: Community, query: str, code: str) -> None:
    answer = at_desk.get(f"{API}?{query}")
    assert answer.status_code == 422 and codes(answer)[0][0] == code


def test_records_are_masked_and_hide_what_the_post_may_not_see(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", address=seal("13812345678"))
    assert told(at_desk.get(of(one))) == {
        "id": str(one.pk),
        "revision": 1,
        "values": {"name": "甲", "code": "甲", "kind": "商品房小区", "phone": "138****5678", "revised": "1"},
    }
    grid = Client()
    grid.force_login(make.worker("grid", at=home, kind=PostKind.GRID_WORKER))
    assert "phone" not in told(grid.get(of(one)))["values"]
    assert "phone" not in told(grid.get(API))["rows"][0]["values"]


def test_a_record_is_made_by_the_same_validator_as_the_form(at_desk: Client) -> None:
    answer = sent(at_desk, "post", API, {"values": GOOD})
    made = Estate.objects.get()
    assert answer.status_code == 201 and told(answer)["id"] == str(made.pk)
    assert unseal(made.address) == "13812345678" and b"13812345678" not in answer.content
    assert AuditRow.objects.get(action="plot.added").detail["source"] == "api"
    wrong = sent(at_desk, "post", API, {"values": {**GOOD, "name": None, "kind": "castle", "phone": "12*"}})
    assert wrong.status_code == 422
    assert sorted(codes(wrong)) == [("invalid", "kind"), ("invalid", "name"), ("invalid", "phone")]
    assert codes(sent(at_desk, "post", API, {"values": GOOD})) == [("refused", "")]  # its code is taken


@pytest.mark.parametrize("values, field", [
    ({"nothing": "1"}, "nothing"), ({"revised": "9"}, "revised"), ({"name": ["甲"]}, "name"), ({"name": {}}, "name"),
])  # fmt: skip
def test_values_that_no_field_takes(at_desk: Client, values: dict[str, Any], field: str) -> None:
    answer = sent(at_desk, "post", API, {"values": {**GOOD, **values}})
    assert answer.status_code == 422 and codes(answer) == [("invalid", field)] and not Estate.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "1", "{}", '{"values": 1}'])
def test_a_body_that_is_none(at_desk: Client, body: str) -> None:
    answer = at_desk.post(API, body, content_type="application/json")
    assert answer.status_code in {400, 422} and codes(answer)[0][0] == "malformed"


def test_a_character_that_no_record_can_hold(at_desk: Client) -> None:
    assert codes(sent(at_desk, "post", API, {"values": {**GOOD, "name": "\ud800"}})) == [("invalid", "name")]
    assert sent(at_desk, "post", f"{API}find/", {"q": "\ud800\0"}).status_code == 200
    assert codes(sent(at_desk, "post", f"{API}find/", {"filters": {"\ud800": "x"}}))[0][0] == "unknown_parameter"
    assert sent(at_desk, "post", API, {"values": {**GOOD, "name": "甲\0"}}).status_code == 201  # left out when tidied


def test_an_edit_leaves_the_rest_and_needs_the_revision(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", kind="old", address=seal("13812345678"))
    assert codes(sent(at_desk, "patch", of(one), {"values": {"name": "乙"}}))[0][0] == "malformed"
    answer = sent(at_desk, "patch", of(one), {"values": {"name": "乙", "phone": "138****5678"}, "revision": 1})
    assert answer.status_code == 200 and told(answer)["revision"] == 2
    one.refresh_from_db()
    assert (one.name, one.kind, unseal(one.address)) == ("乙", "old", "13812345678")
    assert codes(sent(at_desk, "patch", of(one), {"values": {"code": "b"}, "revision": 2})) == [("invalid", "code")]
    assert sent(at_desk, "patch", of(one), {"values": {"phone": None}, "revision": 2}).status_code == 200
    assert sent(at_desk, "patch", f"{API}{uuid4()}/", {"values": {}, "revision": 1}).status_code == 404


def test_a_stale_edit_is_told_both_sides(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", kind="old", address=seal("13812345678"))
    sent(at_desk, "patch", of(one), {"values": {"name": "他的"}, "revision": 1})
    answer = sent(at_desk, "patch", of(one), {"values": {"name": "我的", "phone": "13900001111"}, "revision": 1})
    assert answer.status_code == 409 and codes(answer) == [("stale", "")]
    both = told(answer)
    assert both["revision"] == 2 and both["mine"] == {"name": "我的", "phone": ""}
    assert both["theirs"]["name"] == "他的" and both["theirs"]["phone"] == "138****5678"


def test_a_warning_has_to_be_confirmed(at_desk: Client) -> None:
    body = {"values": {**GOOD, "name": "重名"}}
    asks = sent(at_desk, "post", API, body)
    assert asks.status_code == 422 and codes(asks) == [("confirm", "")]
    again = {**body, "confirmed": [told(asks)["errors"][0]["message"]]}
    assert sent(at_desk, "post", API, again).status_code == 201


def test_a_request_sent_twice_with_its_key_is_done_once(at_desk: Client) -> None:
    key = uuid7()
    answers = [sent(at_desk, "post", API, {"values": GOOD}, key) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201] and told(answers[0]) == told(answers[1])
    assert Estate.objects.count() == 1
    assert codes(sent(at_desk, "post", API, {"values": {**GOOD, "code": "b"}}, key)) == [("key_used", "")]
    assert codes(sent(at_desk, "post", API, {"values": GOOD}, "x")) == [("malformed", "")]
    edit = {"values": {"name": "乙"}, "revision": 1}
    key, address = uuid7(), of(Estate.objects.get())
    assert [sent(at_desk, "patch", address, edit, key).status_code for _ in range(2)] == [200, 200]


def test_what_may_not_be_edited_is_refused(at_desk: Client, home: Community) -> None:
    answer = sent(at_desk, "patch", of(plot(home, "锁定")), {"values": {"name": "开"}, "revision": 1})
    assert answer.status_code == 403 and codes(answer) == [("forbidden", "")]


def test_no_other_word_is_a_register(at_desk: Client) -> None:
    for address in ("/api/v1/c/wutong/people/", "/api/v1/c/nowhere/plots/"):
        answer = at_desk.get(address)
        assert answer.status_code == 404 and codes(answer) == [("not_found", "")]


def test_what_is_no_address_and_what_goes_wrong_is_told_in_json(
    at_desk: Client, home: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert codes(at_desk.get("/api/v1/nothing/")) == [("not_found", "")]
    assert codes(at_desk.delete(API)) == [("method", "")]
    plot(home, "甲")
    monkeypatch.setattr(Plots, "read", lambda *given: 1 / 0)
    at_desk.raise_request_exception = False
    failed = at_desk.get(API)
    assert failed.status_code == 500 and codes(failed) == [("failed", "")]


def test_whoever_must_change_the_password_first_is_told_so(home: Community) -> None:
    fresh = make.secretary(at=home)
    fresh.must_change_password = True
    fresh.save()
    client = Client()
    client.force_login(fresh)
    assert client.get(API).status_code == 401


def test_queries_do_not_grow_with_rows(at_desk: Client, home: Community) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            at_desk.get(API)
        return len(asked)

    plot(home, "0")
    queries()
    few = queries()
    for number in range(1, 40):
        plot(home, f"{number}")
    assert queries() == few


def test_the_description_tells_every_field(at_desk: Client, client: Client) -> None:
    described = told(at_desk.get("/api/v1/openapi.json"))
    assert described["openapi"].startswith("3.1")
    paths, schemas = described["paths"], described["components"]["schemas"]
    listed = paths["/api/v1/c/{community}/plots/"]
    assert {"kind", "q", "order", "cursor", "limit", "total"} == {one["name"] for one in listed["get"]["parameters"]}
    assert schemas["plots.new"]["properties"]["values"]["required"] == ["name", "code"]
    assert "revised" not in schemas["plots.new"]["properties"]["values"]["properties"]
    assert "code" not in schemas["plots.edit"]["properties"]["values"]["properties"]
    assert set(schemas["plots"]["properties"]["values"]["properties"]) == {"name", "code", "kind", "phone", "revised"}
    assert "409" in paths["/api/v1/c/{community}/plots/{id}/"]["patch"]["responses"]
    for named in _references(described):
        assert named.removeprefix("#/components/schemas/") in schemas


def test_the_description_is_for_people_who_signed_in(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").status_code == 401


def _references(found: Any) -> list[str]:
    if isinstance(found, dict):
        here = [found["$ref"]] if "$ref" in found else []
        return here + [one for value in found.values() for one in _references(value)]
    return [one for value in found for one in _references(value)] if isinstance(found, list) else []
