"""What every shipped ledger gives without code of its own: one battery over form, pages, sheet, API and rights."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest
from django.test import Client

from nianlun.kernel.clock import today
from nianlun.ledgers.declarations.check_examples import DAY, plain
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers
from nianlun.ledgers.forms.asked import filing_fields
from nianlun.ledgers.handed_up import comes_up
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rules.values import check_values
from nianlun.places.models import PostKind
from nianlun.ui.registers.register import Need, registered
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db
LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
each = pytest.mark.parametrize("ledger", [pytest.param(ledger, id=code) for code, ledger in LEDGERS.items()])
ONLY_ON_PAGES = {"table", "checklist", "computed", "photos", "files", "signature", "location"}


def posted(ledger: Ledger, example: dict[str, Any]) -> dict[str, Any]:
    """An example as a browser sends it: what the form of a new entry asks."""
    form: dict[str, Any] = {"client_key": str(uuid4()), "occurred_on": today().isoformat()}
    for spec in filing_fields(ledger):
        value = plain(example.get(spec.code))
        if value is None or spec.kind == "computed":
            continue
        if spec.kind == "table":
            form |= {
                f"{spec.code}.{row}.{code}": said(cell) for row, one in enumerate(value) for code, cell in one.items()
            }
        elif spec.kind == "checklist":
            form |= _points(spec, value)
        else:
            form[spec.code] = said(value)
    return form


def said(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, list) else str(value)


def _points(spec: FieldSpec, taken: dict[str, Any]) -> dict[str, str]:
    """Every point is answered; examples name only those that matter."""
    checklist = str(taken.get("checklist") or spec.checklist)
    points = dict.fromkeys((point.code for point in shipped_checklists()[checklist].checklist.points), "absent")
    form = {spec.code: checklist, **{f"{spec.code}.{code}": result for code, result in points.items()}}
    for code, answer in taken["points"].items():
        form[f"{spec.code}.{code}"] = answer["result"] if isinstance(answer, dict) else answer
        form[f"{spec.code}.{code}.remark"] = answer.get("remark", "") if isinstance(answer, dict) else ""
    return form


def filed(client: Client, ledger: Ledger, example: dict[str, Any]) -> Entry:
    answer = client.post(f"/c/wutong/{ledger.ledger}/new/", posted(ledger, example))
    wrong = answer.content.decode().partition("data-first")[2][:600] if answer.status_code == 422 else ""
    assert answer.status_code == 302, wrong
    return Entry.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def bound(world: Yard, ledger: Ledger) -> tuple[Any, Any]:
    register, request = registered(ledger.ledger), HttpRequest()
    request.user = world.one
    return register, register.viewer(request, world.home.code, Need.EDIT)


@each
def test_each_example_is_filed_by_the_form_and_has_its_pages(ledger: Ledger) -> None:
    world = yard()
    client, base = client_of(world.one), f"/c/wutong/{ledger.ledger}/"
    for tail in ("", "new/", "new/?like=last", "blank/", "about/"):
        assert client.get(base + tail).status_code == 200, tail
    for example in ledger.examples:
        entry = filed(client, ledger, example)
        assert entry.status == ledger.flow.start and entry.doers == [world.one.pk]
        for tail in ("", "edit/", "print/", "history/"):
            page = client.get(f"{base}{entry.pk}/{tail}")
            assert page.status_code == 200 and entry.title[:12] in page.content.decode(), tail
        assert entry.title in client.get(base).content.decode()
        for step in ledger.flow.steps:
            if entry.status in step.source:
                assert client.get(f"{base}{entry.pk}/step/{step.code}/").status_code in {200, 403}, step.code
    refused = client.post(f"{base}new/", {"client_key": str(uuid4()), "occurred_on": today().isoformat()})
    required = [spec for spec in ledger.fields if spec.required and spec.default is None]
    assert refused.status_code == 422 and f"请填写{required[0].title}" in refused.content.decode()


@each
def test_what_a_sheet_gives_back_unchanged_changes_nothing(ledger: Ledger) -> None:
    world = yard()
    entries = [filed(client_of(world.one), ledger, example) for example in ledger.examples]
    register, viewer = bound(world, ledger)
    leave = {*register.fixed, *(field.code for field in register.fields if field.read_only)}
    back = [{code: words for code, words in register.read(one, viewer).items() if code not in leave} for one in entries]
    drafts = register.check(back, viewer, entries)
    assert [draft.checked.errors for draft in drafts] == [{} for _ in entries]
    for draft, entry in zip(drafts, entries, strict=True):
        draft.revision = entry.revision
    assert [saved.revision for saved in register.save(drafts, viewer, source="sheet:1")] == [1 for _ in entries]


@each
def test_the_api_takes_what_it_gives(ledger: Ledger) -> None:
    world = yard()
    client, api = client_of(world.one), f"/api/v1/c/wutong/{ledger.ledger}/"
    on_pages = {spec.code for spec in ledger.fields if spec.kind in ONLY_ON_PAGES}
    on_pages |= {ledger.booked.begins} if ledger.booked else set()  # else the second would want the room of the first
    examples = ({code: value for code, value in one.items() if code not in on_pages} for one in ledger.examples)
    example = next(one for one in examples if not check_values(ledger, plain(one), today=DAY).errors)
    entry = filed(client, ledger, example)
    one = client.get(f"{api}{entry.pk}/")
    assert one.status_code == 200 and one.json()["values"][ledger.title_of] == entry.data[ledger.title_of]
    values = {code: said(plain(value)) for code, value in example.items()}
    values |= {code: "、".join(value) for code, value in values.items() if isinstance(value, list)}
    body = json.dumps({"values": {"occurred_on": today().isoformat(), **values}})
    made = client.post(api, body, content_type="application/json")
    assert made.status_code == 201, made.content.decode()
    assert Entry.objects.filter(ledger=ledger.ledger, title=entry.title).count() == 2
    wrong = client.post(api, json.dumps({"values": {"occurred_on": "明天"}}), content_type="application/json")
    assert wrong.status_code == 422 and "occurred_on" in wrong.content.decode()


@each
def test_each_sees_what_is_theirs(ledger: Ledger) -> None:
    world = yard()
    entry = filed(client_of(world.one), ledger, ledger.examples[0])
    page = f"/c/wutong/{ledger.ledger}/{entry.pk}/"
    officer, walker = (
        make.officer(of=world.home.subdistrict),
        make.worker("w", at=world.home, kind=PostKind.GRID_WORKER),
    )
    open_to_officers = PostKind.SUBDISTRICT in ledger.sees and not ledger.sensitive
    to_officers = 200 if open_to_officers else 404 if comes_up(ledger) else 403
    expected = {
        world.boss: 200, world.one: 200, world.two: 404 if ledger.sensitive else 200,
        walker: 404 if ledger.sensitive else 200, officer: to_officers, world.stranger: 404,
    }  # fmt: skip
    entry.refresh_from_db()
    if entry.escalated_on:
        expected[officer] = 200
    for user, status in expected.items():
        assert client_of(user).get(page).status_code == status, user
        assert client_of(user).get(f"/api/v1{page}").status_code == status, user
    assert client_of(walker).get(f"/c/wutong/{ledger.ledger}/new/").status_code == (
        200 if PostKind.GRID_WORKER in ledger.files_by else 403
    )
    assert client_of(world.stranger).get(f"/c/wutong/{ledger.ledger}/new/").status_code == 404
    assert Client().get(page).status_code == 302
