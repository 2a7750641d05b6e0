"""Ledgers and checklists of one's own: published, followed by a next version, retired; and codes that are taken."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.actions.designing import (
    NotPublishable,
    change_draft,
    discard_draft,
    publish_draft,
    restore,
    retire,
)
from nianlun.ledgers.actions.duties import open_duty
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.catalogue import checklists_at, ledgers_at
from nianlun.ledgers.designer import codes
from nianlun.ledgers.designer.checking import check_draft
from nianlun.ledgers.designer.document import read_document, written
from nianlun.ledgers.designer.starting import copied
from nianlun.ledgers.models import Entry, LedgerVersion
from nianlun.ui.registers.register import all_registers
from tests.ledgers.designer import make
from tests.ledgers.designer.make import PARTNER
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of
from tests.places import make as places

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Yard:
    return yard()


def loan(world: Yard) -> LedgerVersion:
    owner = make.of(world.home)
    return make.published(world.boss, owner, make.ledger_draft(world.boss, owner))


def sent(**values: object) -> dict[str, object]:
    return {"client_key": str(uuid4()), "occurred_on": today().isoformat(), **values}


def test_an_own_ledger_has_its_pages_its_api_and_its_flow(world: Yard) -> None:
    loan(world)
    client = client_of(world.one)
    assert "借用台账" in client.get("/c/wutong/ledgers/").content.decode()
    answer = client.post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    entry = Entry.objects.get()
    assert answer.status_code == 302 and entry.status == "open"
    make_step(acting_user=world.one, pk=entry.pk, revision=entry.revision, code="finish", written={})
    assert client.get(f"/api/v1/c/wutong/x_jy/{entry.pk}/").json()["values"]["what"] == "轮椅"
    body = {"values": {"occurred_on": today().isoformat(), "what": "折叠桌"}}
    made = client.post("/api/v1/c/wutong/x_jy/", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    assert "折叠桌" in client.get("/c/wutong/x_jy/").content.decode()
    assert client.get("/c/wutong/x_jy/import/").status_code == 200
    assert "/api/v1/c/{community}/x_jy/" in client.get("/api/v1/openapi.json").json()["paths"]
    assert client.get("/c/wutong/x_jy/about/").status_code == 200


def test_nobody_else_has_it(world: Yard) -> None:
    loan(world)
    neighbour = places.community("heying")
    assert "x_jy" not in ledgers_at(neighbour)
    assert client_of(places.secretary("next", at=neighbour)).get("/c/heying/x_jy/").status_code == 404
    assert client_of(world.stranger).get("/c/far/x_jy/").status_code == 404


def test_what_the_subdistrict_makes_holds_in_all_its_communities(world: Yard) -> None:
    owner, officer = make.office(world.home), places.officer("jiedao", of=world.home.subdistrict)
    make.published(officer, owner, make.ledger_draft(officer, owner))
    assert "x_jy" in ledgers_at(world.home) and "x_jy" in ledgers_at(places.community("heying"))
    assert "x_jy" not in ledgers_at(places.community("far"))
    with pytest.raises(UserError, match="已经被"):
        make.ledger_draft(world.boss, make.of(world.home))


def test_a_form_that_was_open_is_filed_under_its_own_version(world: Yard) -> None:
    first, owner, client = loan(world), make.of(world.home), client_of(world.one)
    form = client.get("/c/wutong/x_jy/new/").content.decode()
    held = form.split('name="held" value="')[1].split('"')[0]
    data = read_document(first.words).data
    data["fields"].append({"code": "who", "title": "借用人", "kind": "text", "required": True})
    data["examples"], data["bad_examples"] = (
        [{"what": "轮椅", "who": "居民甲"}],
        [{"values": {"what": "a"}, "refused": "who"}],
    )
    second = make.next_version(world.boss, owner, first, written(data))
    answer = client.post("/c/wutong/x_jy/new/", sent(what="轮椅", held=held), follow=True)
    assert "按打开时的版本登记" in answer.content.decode()
    entry = Entry.objects.get()
    assert entry.ledger_version == first
    refused = client.post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    assert refused.status_code == 422 and "借用人" in refused.content.decode()
    client.post("/c/wutong/x_jy/new/", sent(what="折叠桌", who="居民乙"))
    assert Entry.objects.get(title="折叠桌").ledger_version == second
    rows = client.get("/api/v1/c/wutong/x_jy/").json()["rows"]
    assert [row["values"]["who"] for row in rows] == ["居民乙", ""]


@pytest.mark.parametrize("held", ["nonsense", "0190a0a0-0000-7000-8000-000000000000::", "::", ":::::"])
def test_a_form_of_versions_that_are_none_is_refused(world: Yard, held: str) -> None:
    loan(world)
    answer = client_of(world.one).post("/c/wutong/x_jy/new/", sent(what="轮椅", held=held))
    assert answer.status_code == 422 and not Entry.objects.exists()


def test_nobody_files_under_a_draft_or_another_ledgers_version(world: Yard) -> None:
    first, owner = loan(world), make.of(world.home)
    draft = make.ledger_draft(world.boss, owner, "x_other", "另一本")
    other = ledgers_at(world.home)["hazard"].version_id
    client = client_of(world.one)
    for pk in (draft.pk, other):
        assert client.post("/c/wutong/x_jy/new/", sent(what="轮椅", held=f"{pk}::")).status_code == 422
    assert client.post("/c/wutong/x_jy/new/", sent(what="轮椅", held=f"{first.pk}::")).status_code == 302


def test_entries_finish_on_the_flow_that_they_began(world: Yard) -> None:
    first, owner, client = loan(world), make.of(world.home), client_of(world.one)
    client.post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    data = read_document(first.words).data
    data["flow"]["states"]["seen"] = {"title": "待验看", "tone": "waiting"}
    data["flow"]["steps"] = [
        {"code": "show", "title": "送来验看", "source": ["open"], "target": "seen", "who": ["secretary", "worker"]},
        {"code": "close", "title": "验看无误", "source": ["seen"], "target": "done", "who": ["secretary"]},
    ]
    make.next_version(world.boss, owner, first, written(data))
    entry = Entry.objects.get()
    assert "办结" in client.get(f"/c/wutong/x_jy/{entry.pk}/").content.decode()
    make_step(acting_user=world.one, pk=entry.pk, revision=entry.revision, code="finish", written={})
    assert Entry.objects.get().status == "done"


def test_a_retired_ledger_takes_no_new_entries_and_stays_readable(world: Yard) -> None:
    made, owner, client = loan(world), make.of(world.home), client_of(world.one)
    client.post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    entry = Entry.objects.get()
    form = client.get("/c/wutong/x_jy/new/").content.decode()
    held = form.split('name="held" value="')[1].split('"')[0]
    retire(acting_user=world.boss, owner=owner, pk=made.pk)
    assert client.get("/c/wutong/x_jy/new/").status_code == 422
    for more in ({}, {"held": held}):
        refused = client.post("/c/wutong/x_jy/new/", sent(what="折叠桌", **more))
        assert refused.status_code == 422 and "停用" in refused.content.decode()
    body = {"values": {"occurred_on": today().isoformat(), "what": "折叠桌"}}
    assert client.post("/api/v1/c/wutong/x_jy/", json.dumps(body), content_type="application/json").status_code == 403
    assert client.get("/c/wutong/x_jy/import/").status_code == 403
    shown = client.get("/c/wutong/x_jy/").content.decode()
    assert "轮椅" in shown and "/x_jy/new/" not in shown
    assert client.get(f"/c/wutong/x_jy/{entry.pk}/").status_code == 200
    assert "已停用" in client.get("/c/wutong/ledgers/").content.decode()
    make_step(acting_user=world.one, pk=entry.pk, revision=entry.revision, code="finish", written={})
    restore(acting_user=world.boss, owner=owner, pk=made.pk)
    assert client.post("/c/wutong/x_jy/new/", sent(what="折叠桌")).status_code == 302


def test_codes_that_mean_something_else_are_refused(world: Yard) -> None:
    owner = make.of(world.home)
    words = codes.reserved_words()
    assert {"people", "ledgers", "designer", "places", "desk", "plans"} <= words
    for code in (*sorted(words), "duty", "hazard", *(register.code for register in all_registers())):
        if "-" in code:
            continue
        with pytest.raises(UserError, match="已经被"):
            make.ledger_draft(world.boss, owner, code)


def test_no_shipped_code_begins_as_local_ones_do() -> None:
    for held in ledgers_at(yard().home).values():
        assert not held.code.startswith("x_")
        assert not any(field.code.startswith("x_") for field in held.ledger.fields)


def test_a_code_is_suggested_from_the_title() -> None:
    assert codes.suggested("陪同人", set()) == "x_ptr"
    assert codes.suggested("陪同人", {"x_ptr"}) == "x_ptr_2"
    assert codes.suggested("！", set()) == "x_a"


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({"title": "隐患整改台账"}, "L409"),
        ({"title": "网格员积分排名"}, "L901"),
        ({"ledger": "x_else"}, "L112"),
        ({"columns": ["ghost"]}, "L201"),
        ({"examples": []}, "L105"),
        ({"fields": [{"code": "what", "title": "事项", "kind": "text", "required": True},
                     {"code": "revision", "title": "版次", "kind": "text"}]}, "L214"),
        ({"follow_ons": [{"opens": "ghosts", "title": "登记"}]}, "L401"),
        ({"lines": ["ghosts"]}, "L402"),
        ({"flow": {"start": "open", "states": {"open": {"title": "办理中"}}, "steps": []}}, "L304"),
        ({"flow": {"start": "open", "states": {"open": {"title": "办理中"}, "done": {"title": "完", "final": True}},
                   "steps": [{"code": "a", "title": "办", "source": ["open"], "target": "done", "who": ["worker"],
                              "paper": "ghost"}]}}, "L311"),
        ({"flow": {"start": "open", "states": {"open": {"title": "办理中"}, "done": {"title": "完", "final": True}},
                   "steps": [{"code": "a", "title": "核", "source": ["open"], "target": "done", "who": ["worker"],
                              "verifies": True}]}}, "L307"),
        ({"fields": [{"code": f"f{number}", "title": "事项", "kind": "text"} for number in range(81)],
          "title_of": "f1", "columns": ["f1"], "examples": [{"f1": "a"}],
          "bad_examples": [{"values": {"ghost": "a"}, "refused": "ghost"}]}, "L216"),
    ],
)  # fmt: skip
def test_a_ledger_that_cannot_stand_is_told_by_number(world: Yard, more: dict[str, Any], number: str) -> None:
    owner = make.of(world.home)
    with pytest.raises(NotPublishable) as refused:
        make.published(world.boss, owner, make.ledger_draft(world.boss, owner, **more))
    assert number in {found.fault.number for found in refused.value.found}


def test_every_shipped_declaration_can_be_copied(world: Yard) -> None:
    owner = make.of(world.home)
    wrong = []
    for code, held in owner.ledgers.items():
        words = LedgerVersion.objects.values_list("words", flat=True).get(pk=held.version_id)
        copy = LedgerVersion(kind=make.KIND.LEDGER, code="x_copy", version=1, subdistrict=owner.subdistrict)
        found = check_draft(owner, copy, copied(words, held.ledger, "x_copy", "照着做的")).found
        wrong += [f"{code} {one}" for one in found]
    assert wrong == []


def test_a_pattern_that_takes_for_ever_is_never_tried(world: Yard) -> None:
    field = {
        "code": "what",
        "title": "事项",
        "kind": "text",
        "required": True,
        "pattern": "(a+)+b",
        "pattern_help": "写 a",
    }
    owner = make.of(world.home)
    draft = make.ledger_draft(world.boss, owner, fields=[field], examples=[{"what": "a" * 60}])
    found = check_draft(owner, draft).found
    assert [(one.fault.number, one.what) for one in found] == [("L215", "事项")]


def test_a_draft_keeps_its_number(world: Yard) -> None:
    owner = make.of(world.home)
    draft = make.ledger_draft(world.boss, owner)
    words = draft.words.replace("version: 1", "version: 7")
    change_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=None, words=words)
    with pytest.raises(NotPublishable) as refused:
        make.published(world.boss, owner, draft)
    assert [found.fault.number for found in refused.value.found] == ["L113"]


def test_two_people_on_one_draft(world: Yard) -> None:
    owner = make.of(world.home)
    draft = make.ledger_draft(world.boss, owner)
    change_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=1, words=draft.words + "# a\n")
    with pytest.raises(StaleRevision) as refused:
        change_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=1, words="ledger: x")
    assert refused.value.theirs == draft.words + "# a\n"
    with pytest.raises(StaleRevision):
        publish_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=1)
    publish_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=2)
    for act in (
        lambda: change_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=None, words="ledger: x"),
        lambda: discard_draft(acting_user=world.boss, owner=owner, pk=draft.pk),
        lambda: publish_draft(acting_user=world.boss, owner=owner, pk=draft.pk, revision=None),
    ):
        with pytest.raises(UserError):
            act()


def test_a_draft_is_discarded_and_there_is_one_at_a_time(world: Yard) -> None:
    owner = make.of(world.home)
    draft = make.ledger_draft(world.boss, owner)
    with pytest.raises(UserError, match="已有一份草稿"):
        make.ledger_draft(world.boss, owner)
    discard_draft(acting_user=world.boss, owner=owner, pk=draft.pk)
    assert not owner.versions().exists()


def test_a_checklist_is_taken_in_its_newest_version_until_it_is_retired(world: Yard) -> None:
    owner = make.of(world.home)
    points: list[dict[str, Any]] = [
        {"code": "p1", "title": "通道畅通", "weight": 3},
        {"code": "p2", "title": "灭火器有效"},
    ]
    first = make.published(world.boss, owner, make.checklist_draft(world.boss, owner, points=points))
    assert checklists_at(world.home)["x_jc"].most == 4
    form = {"points": "x_jc", "field": "points", "occurred_on": today().isoformat()}
    assert "灭火器有效" in client_of(world.one).post("/c/wutong/inspection/points/", form).content.decode()
    data = read_document(first.words).data
    second = make.next_version(world.boss, owner, first, written({**data, "points": points[:1]}))
    assert checklists_at(world.home)["x_jc"].most == 3
    assert "灭火器有效" not in client_of(world.one).post("/c/wutong/inspection/points/", form).content.decode()
    retire(acting_user=world.boss, owner=owner, pk=second.pk)
    assert "x_jc" not in checklists_at(world.home)


def test_a_form_of_an_older_version_opens_nothing_that_is_sensitive_now(world: Yard) -> None:
    first, owner = loan(world), make.of(world.home)
    client_of(world.one).post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    entry = Entry.objects.get()
    make.next_version(world.boss, owner, first, written({**read_document(first.words).data, "sensitive": True}))
    address, other = f"/c/wutong/x_jy/{entry.pk}/step/finish/", client_of(world.two)
    assert other.get(address).status_code == 404
    assert other.post(address, sent(revision=entry.revision, held=f"{first.pk}::")).status_code == 404
    assert Entry.objects.get().status == "open"


def test_who_filed_does_not_verify_although_another_agreed_meanwhile(world: Yard) -> None:
    both = ["secretary", "worker"]
    agree = {"code": "agree", "title": "同意", "source": ["open"], "target": "agreed", "who": both}
    check = {"code": "check", "title": "验收", "source": ["agreed"], "target": "done", "who": both, "verifies": True}
    flow = {
        "start": "open",
        "states": {
            "open": {"title": "待同意"},
            "agreed": {"title": "待验收"},
            "done": {"title": "已办结", "final": True},
        },
        "steps": [{**agree, "second_person": True}, {**check, "second_person": True}],
    }
    owner = make.of(world.home)
    make.published(world.boss, owner, make.ledger_draft(world.boss, owner, flow=flow))
    client_of(world.one).post("/c/wutong/x_jy/new/", sent(what="轮椅"))
    entry = Entry.objects.get()
    make_step(acting_user=world.two, pk=entry.pk, revision=None, code="agree", written={})
    with pytest.raises(UserError, match="不能自己核验"):
        make_step(acting_user=world.one, pk=entry.pk, revision=None, code="check", written={})
    assert make_step(acting_user=world.boss, pk=entry.pk, revision=None, code="check", written={}).status == "done"


def test_a_next_version_takes_no_code_that_a_community_added(world: Yard) -> None:
    chief, here = make.office(world.home), make.of(world.home)
    first = make.published(world.boss, chief, make.ledger_draft(world.boss, chief))
    make.published(world.boss, here, make.overlay_draft(world.boss, here, PARTNER, ledger="x_jy"))
    data = read_document(first.words).data
    data["fields"].append(PARTNER)
    with pytest.raises(NotPublishable) as refused:
        make.next_version(world.boss, chief, first, written(data))
    assert [found.fault.number for found in refused.value.found] == ["L408"]


def test_a_duty_out_of_a_sensitive_entry_does_not_tell_whom_it_is_about(world: Yard) -> None:
    owner, follow = make.of(world.home), {"opens": "duty", "title": "变成任务"}
    make.published(world.boss, owner, make.ledger_draft(world.boss, owner, sensitive=True, follow_ons=[follow]))
    client_of(world.boss).post("/c/wutong/x_jy/new/", sent(what="居民甲"))
    duty = open_duty(acting_user=world.boss, pk=Entry.objects.get().pk, place=0, part="")
    assert "居民甲" not in f"{duty.title} {duty.source_title}" and "借用台账" in duty.source_title
