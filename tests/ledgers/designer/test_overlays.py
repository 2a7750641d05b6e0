"""Fields that a community or its subdistrict adds: asked, read in lists, sheets and the API, retired, never lost."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.http import HttpRequest, StreamingHttpResponse

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.designing import NotPublishable, restore, retire
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry
from nianlun.ui.registers.register import Need, registered
from tests.ledgers.designer import make
from tests.ledgers.designer.make import PARTNER, SOURCE
from tests.ledgers.make import HAZARD, Yard, hazard, yard
from tests.ledgers.views.test_form import gas
from tests.ledgers.views.test_home import client_of
from tests.places import make as places

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Yard:
    return yard()


def codes(world: Yard, ledger: str = "hazard") -> list[str]:
    return [field.code for field in ledgers_at(world.home)[ledger].ledger.fields if not field.retired]


def sent(**values: object) -> dict[str, object]:
    return {"client_key": str(uuid4()), "occurred_on": today().isoformat(), **HAZARD, **values}


def test_added_fields_are_asked_and_kept(world: Yard) -> None:
    owner = make.of(world.home)
    assert "x_pz" not in codes(world)
    made = make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER, SOURCE, columns=["x_ly"]))
    client = client_of(world.one)
    form = client.get("/c/wutong/hazard/new/").content.decode()
    assert "陪同人" in form and "微信群" in form
    answer = client.post("/c/wutong/hazard/new/", sent(x_pz="王师傅", x_ly="wx"))
    entry = Entry.objects.get()
    assert answer.status_code == 302 and entry.overlay_version == made
    assert (entry.data["x_pz"], entry.data["x_ly"]) == ("王师傅", "wx")
    assert "王师傅" in client.get(answer["Location"]).content.decode()
    assert "微信群" in client.get("/c/wutong/hazard/").content.decode()


def test_api_and_sheets_have_the_added_fields(world: Yard) -> None:
    owner = make.of(world.home)
    make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER, SOURCE))
    client = client_of(world.one)
    body = {"occurred_on": today().isoformat(), **HAZARD, "x_pz": "王师傅", "x_ly": "rx"}
    made = client.post("/api/v1/c/wutong/hazard/", json.dumps({"values": body}), content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["values"]["x_pz"] == "王师傅" and Entry.objects.get().data["x_ly"] == "rx"

    described = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert "x_ly" in json.dumps(described["hazard.new"]) and "x_ly" in json.dumps(described["hazard"])
    stranger = client_of(world.stranger).get("/api/v1/openapi.json").json()["components"]["schemas"]
    assert "x_ly" not in json.dumps(stranger)

    register, request = registered("hazard"), HttpRequest()
    request.user = world.one
    viewer = register.viewer(request, "wutong", Need.EDIT)
    assert {"x_pz", "x_ly"} <= {field.code for field in register.fields}
    row = {
        "occurred_on": today().isoformat(),
        "found": "软管老化",
        "category": "燃气",
        "severity": "一般",
        "x_ly": "热线",
    }
    exported = client.post("/c/wutong/hazard/export/", {"form": "csv"})
    assert isinstance(exported, StreamingHttpResponse)
    said = exported.getvalue().decode("utf-8-sig")
    assert "陪同人,来源" in said and "王师傅,热线" in said
    (draft,) = register.check([row], viewer)
    assert draft.checked.errors == {}
    (entry,) = register.save([draft], viewer, source="sheet:1")
    assert entry.data["x_ly"] == "rx" and register.read(entry, viewer)["x_ly"] == "热线"


def test_what_is_retired_is_read_and_no_longer_asked(world: Yard) -> None:
    owner = make.of(world.home)
    first = make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER, SOURCE))
    old = hazard(world.one, world.home, x_pz="王师傅", x_ly="wx")
    make.next_version(world.boss, owner, first, make.overlay_words({**PARTNER, "retired": True}, SOURCE))
    client = client_of(world.one)
    form = client.get("/c/wutong/hazard/new/").content.decode()
    assert 'name="x_pz"' not in form and 'name="x_ly"' in form
    assert client.get(f"/api/v1/c/wutong/hazard/{old.pk}/").json()["values"]["x_pz"] == "王师傅"
    assert 'name="x_pz"' in client.get(f"/c/wutong/hazard/{old.pk}/edit/").content.decode()


def test_a_retired_overlay_leaves_what_it_gathered_and_comes_back(world: Yard) -> None:
    owner = make.of(world.home)
    made = make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER))
    old = hazard(world.one, world.home, x_pz="王师傅")
    retire(acting_user=world.boss, owner=owner, pk=made.pk)
    client = client_of(world.one)
    assert 'name="x_pz"' not in client.get("/c/wutong/hazard/new/").content.decode()
    assert "王师傅" in client.get(f"/c/wutong/hazard/{old.pk}/").content.decode()
    assert client.get(f"/api/v1/c/wutong/hazard/{old.pk}/").json()["values"]["x_pz"] == "王师傅"
    assert hazard(world.one, world.home).overlay_version is None
    restore(acting_user=world.boss, owner=owner, pk=made.pk)
    assert "x_pz" in codes(world)
    acts = AuditRow.objects.filter(kind="ledger_version").order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["ledger.drafted", "ledger.published", "ledger.retired", "ledger.restored"]


def test_both_levels_add_and_neither_takes_the_others_code(world: Yard) -> None:
    above, own = make.office(world.home), make.of(world.home)
    officer = places.officer("jiedao", of=world.home.subdistrict)
    of_office = make.published(officer, above, make.overlay_draft(officer, above, SOURCE))
    clash = make.overlay_draft(world.boss, own, {**PARTNER, "code": "x_ly"})
    with pytest.raises(NotPublishable) as refused:
        make.published(world.boss, own, clash)
    assert {found.fault.number for found in refused.value.found} >= {"L108"}
    clash.delete()
    of_home = make.published(world.boss, own, make.overlay_draft(world.boss, own, PARTNER))
    assert codes(world)[-2:] == ["x_ly", "x_pz"]
    entry = hazard(world.one, world.home, x_pz="王师傅", x_ly="wx")
    assert (entry.overlay_above, entry.overlay_version) == (of_office, of_home)
    with pytest.raises(UserError):
        make.next_version(officer, above, of_office, make.overlay_words(SOURCE, {**PARTNER, "title": "陪同"}))


def test_another_community_and_another_subdistrict_do_not_have_them(world: Yard) -> None:
    owner = make.of(world.home)
    make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER))
    neighbour = places.community("heying")
    assert all(field.code != "x_pz" for field in ledgers_at(neighbour)["hazard"].ledger.fields)


@pytest.mark.parametrize(
    ("field", "number"),
    [
        ({**PARTNER, "code": "pz"}, "L211"),
        ({**PARTNER, "code": "found"}, "L108"),
        ({**PARTNER, "group": "复查"}, "L212"),
        ({**PARTNER, "required": True}, "L213"),
        ({**PARTNER, "title": "连续打卡天数"}, "L901"),
        ({**PARTNER, "title": "信教人员名单"}, "L901"),
        ({**PARTNER, "pattern": "(a+)+"}, "L215"),
        ({**PARTNER, "shown_if": "nobody == 1"}, "L201"),
        ({**PARTNER, "kind": "choice", "most": None}, "L202"),
        ({**PARTNER, "kind": "checklist", "most": None, "checklist": "ghosts"}, "L217"),
        ({**PARTNER, "kind": "photos", "most": 3, "required": True}, "L210"),
    ],
)
def test_what_cannot_stand_is_told_by_number(world: Yard, field: dict[str, object], number: str) -> None:
    owner = make.of(world.home)
    told = {key: value for key, value in field.items() if value is not None}
    with pytest.raises(NotPublishable) as refused:
        make.published(world.boss, owner, make.overlay_draft(world.boss, owner, told))
    assert number in {found.fault.number for found in refused.value.found}


def test_a_published_version_takes_nothing_from_entries(world: Yard) -> None:
    owner = make.of(world.home)
    first = make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER, SOURCE))
    for words, number in (
        (make.overlay_words(PARTNER), "L504"),
        (make.overlay_words({**PARTNER, "kind": "long_text"}, SOURCE), "L502"),
        (make.overlay_words(PARTNER, {**SOURCE, "choices": {"wx": "微信群"}}), "L503"),
    ):
        with pytest.raises(NotPublishable) as refused:
            make.next_version(world.boss, owner, first, words)
        assert number in {found.fault.number for found in refused.value.found}
        owner.versions().filter(standing="draft").delete()


def test_an_inspection_still_opens_its_hazard(world: Yard) -> None:
    """What is required besides takes its default, since nobody is asked."""
    owner = make.of(world.home)
    must = {**SOURCE, "required": True, "default": "rx"}
    make.published(world.boss, owner, make.overlay_draft(world.boss, owner, must))
    client = client_of(world.one)
    answer = client.post("/c/wutong/inspection/new/", gas(client))
    assert answer.status_code == 302, answer.content.decode()
    assert Entry.objects.get(ledger="hazard").data["x_ly"] == "rx"
