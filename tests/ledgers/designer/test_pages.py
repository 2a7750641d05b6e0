"""The designer's pages: a draft made and changed in forms or as text, its faults where they stand, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.designer.document import read_document
from nianlun.ledgers.models import LedgerVersion
from tests.ledgers.designer import make
from tests.ledgers.designer.make import PARTNER, SOURCE
from tests.ledgers.make import Yard, yard
from tests.ledgers.views.test_home import client_of
from tests.places import make as places

pytestmark = pytest.mark.django_db
HOME = "/c/wutong/designer/"
STEP = {"title": "退回", "source": ["open"], "target": "open", "who": ["secretary"], "note": "must", "approvals": "1"}


@pytest.fixture
def world() -> Yard:
    return yard()


@pytest.fixture
def boss(world: Yard) -> Client:
    return client_of(world.boss)


def latest() -> LedgerVersion:
    return LedgerVersion.objects.exclude(subdistrict=None).latest("made_at")


def data() -> dict[str, Any]:
    return read_document(latest().words).data


def send(client: Client, address: str, **values: object) -> Any:
    """To a page of the newest version, with its revision as it is."""
    draft = latest()
    return client.post(f"{HOME}{draft.pk}/{address}", {"revision": draft.revision, **values})


def test_a_secretary_adds_fields_to_a_ledger_and_publishes(world: Yard, boss: Client) -> None:
    assert "给台账加字段" in boss.get(HOME).content.decode()
    begun = boss.post(f"{HOME}begin/", {"kind": "overlay", "ledger": "hazard"})
    assert begun.status_code == 302
    assert boss.post(f"{HOME}begin/", {"kind": "overlay", "ledger": "hazard"})["Location"] == begun["Location"]
    send(boss, "change/field/x_bz/", title="补充说明", kind="text", most="50", in_list="on")
    answer = send(
        boss, "add/field/", title="反映渠道", kind="choice", choices="微信群\n热线", in_filters="on", required="on"
    )
    assert answer.status_code == 302
    assert data()["fields"][1] == {
        "code": "x_fyqd", "title": "反映渠道", "kind": "choice", "choices": {"wxq": "微信群", "rx": "热线"},
        "required": True,
    }  # fmt: skip
    assert (data()["columns"], data()["filters"]) == (["x_bz"], ["x_fyqd"])
    page = boss.get(begun["Location"]).content.decode()
    assert "L213" in page and "没有默认值" in page
    refused = send(boss, "publish/")
    assert refused.status_code == 422 and "还有 1 处要改" in refused.content.decode()
    form = {"title": "反映渠道", "kind": "choice", "choices": "wxq: 微信群\nrx: 热线", "in_filters": "on"}
    send(boss, "change/field/x_fyqd/", **form, default="热线", required="on")
    assert data()["fields"][1]["default"] == "rx"
    send(boss, "move/field/x_fyqd/", by="-1")
    assert [field["code"] for field in data()["fields"]] == ["x_fyqd", "x_bz"]
    assert "反映渠道" in boss.get(f"{begun['Location']}preview/").content.decode()
    assert send(boss, "publish/").status_code == 302
    assert ledgers_at(world.home)["hazard"].ledger.fields[-1].code == "x_bz"
    assert "已发布" in boss.get(begun["Location"]).content.decode()


def test_a_next_version_retires_what_entries_may_hold(world: Yard, boss: Client) -> None:
    owner = make.of(world.home)
    make.published(world.boss, owner, make.overlay_draft(world.boss, owner, PARTNER, SOURCE, columns=["x_pz"]))
    assert send(boss, "next/").status_code == 302
    send(boss, "drop/field/x_pz/")
    assert data()["fields"][0]["retired"] is True and "columns" not in data()
    send(boss, "drop/field/x_pz/", revive="1")
    assert "retired" not in data()["fields"][0]
    send(boss, "change/field/x_ly/", title="来源", kind="choice", choices="热线\n随手拍")
    assert data()["fields"][1]["choices"] == {"rx": "热线", "ssp": "随手拍", "wx": "微信群"}
    assert data()["fields"][1]["retired_choices"] == ["wx"]
    send(boss, "add/field/", title="天气", kind="text")
    send(boss, "drop/field/x_tq/")
    assert len(data()["fields"]) == 2
    assert send(boss, "publish/").status_code == 302
    first = LedgerVersion.objects.get(kind="overlay", version=1)
    assert "第 1 版" in boss.get(f"{HOME}{first.pk}/").content.decode()
    assert boss.post(f"{HOME}{first.pk}/retire/").status_code == 422
    assert send(boss, "retire/").status_code == 302
    assert ledgers_at(world.home)["hazard"].overlay_id is None
    assert send(boss, "restore/").status_code == 302
    assert ledgers_at(world.home)["hazard"].overlay_id == latest().pk


def test_a_ledger_is_made_of_parts(world: Yard, boss: Client) -> None:
    assert boss.post(f"{HOME}begin/", {"kind": "ledger", "title": ""}).status_code == 422
    assert boss.post(f"{HOME}begin/", {"kind": "ledger", "title": "借用台账", "code": "people"}).status_code == 422
    assert boss.post(f"{HOME}begin/", {"kind": "ledger", "title": "借用台账"}).status_code == 302
    assert latest().code == "x_jytz"
    send(boss, "add/field/", title="归还日期", kind="date")
    send(boss, "add/field/", title="借用人", kind="text", required="on", in_list="on", most="40")
    page = boss.get(f"{HOME}{latest().pk}/").content.decode()
    assert "L403" in page and "重做示例" in page
    send(boss, "examples/")
    send(boss, "add/state/", title="待验看", tone="waiting", days="3", working="on", since="entered", then="remind")
    assert data()["flow"]["states"]["dyk"]["limit"] == {"days": 3, "working": True, "then": "remind"}
    assert "L303" in boss.get(f"{HOME}{latest().pk}/").content.decode()
    send(boss, "change/step/finish/", title="送来验看", source=["open"], target="dyk", who=["worker"], approvals="1",
         needs=["ghrq"], note="may")  # fmt: skip
    verify = {"title": "验看无误", "source": ["dyk"], "target": "done", "who": ["secretary"], "note": "may"}
    send(boss, "add/step/", **verify, verifies="on", approvals="1")
    assert "L307" in boss.get(f"{HOME}{latest().pk}/").content.decode()
    send(boss, "change/step/ykww/", **verify, verifies="on", second_person="on", approvals="1")
    send(boss, "add/step/", **STEP)
    send(boss, "move/step/th/", by="-1")
    assert [step["code"] for step in data()["flow"]["steps"]] == ["finish", "th", "ykww"]
    send(boss, "drop/step/th/")
    send(boss, "settings/", title="便民借用台账", about=["person"], title_of="what", files_by=["worker", "secretary"],
         late_after="7", start="open", counted="次")  # fmt: skip
    assert (data()["title"], data()["about"], data()["counted"]) == ("便民借用台账", ["person"], "次")
    assert send(boss, "publish/").status_code == 302, boss.get(f"{HOME}{latest().pk}/").content.decode()
    held = ledgers_at(world.home)["x_jytz"].ledger
    assert held.title == "便民借用台账" and [field.code for field in held.fields] == ["what", "ghrq", "jyr"]
    assert client_of(world.one).get("/c/wutong/x_jytz/new/").status_code == 200


def test_a_copy_of_a_shipped_ledger_stands_as_it_is(boss: Client) -> None:
    for copied in ("hazard", "meeting", "benefit"):
        boss.post(f"{HOME}begin/", {"kind": "ledger", "title": f"本社区{copied}", "copied": copied})
        assert send(boss, "publish/").status_code == 302, boss.get(f"{HOME}{latest().pk}/").content.decode()


def test_a_checklist_is_made_of_points(world: Yard, boss: Client) -> None:
    boss.post(f"{HOME}begin/", {"kind": "checklist", "title": "楼道自查"})
    send(boss, "change/point/p1/", title="通道畅通", weight="3", grave="on")
    send(boss, "add/point/", title="灭火器有效", weight="2", group="消防", remedy="更换")
    send(boss, "move/point/p1/", by="1")
    assert [point["title"] for point in data()["points"]] == ["灭火器有效", "通道畅通"]
    send(boss, "settings/", title="楼道自查表", line="safety", graded="on")
    assert "灭火器有效" in boss.get(f"{HOME}{latest().pk}/preview/").content.decode()
    assert send(boss, "publish/").status_code == 302
    boss.post(f"{HOME}begin/", {"kind": "checklist", "title": "又一张", "copied": "gas"})
    assert send(boss, "publish/").status_code == 302


def test_the_text_is_the_same_draft_and_is_checked_while_one_writes(world: Yard, boss: Client) -> None:
    draft = make.ledger_draft(world.boss, make.of(world.home))
    at = f"{HOME}{draft.pk}/"
    assert "ledger: x_jy" in boss.get(f"{at}text/").content.decode()
    wrong = draft.words.replace("kind: text", "kind: gold")
    said = boss.post(f"{at}check/", {"words": wrong}).content.decode()
    assert "L105" in said and "行" in said
    assert "可以发布" in boss.post(f"{at}check/", {"words": draft.words}).content.decode()
    assert send(boss, "text/", words=wrong).status_code == 302
    page = boss.get(at).content.decode()
    assert "L105" in page and "先到" in page
    assert boss.get(f"{at}add/field/").status_code == 422
    for words in ("", "[", "ledger: x_jy\nfields: 3", "a: &b [1]\nc: *b", "- 1"):
        assert send(boss, "text/", words=words).status_code == 302
        assert boss.get(at).status_code == 200 and boss.get(f"{at}preview/").status_code == 200
        assert boss.get(f"{at}text/").status_code == 200
    assert send(boss, "text/", words="a" * 300_001).status_code == 422
    assert send(boss, "text/", words=draft.words).status_code == 302


def test_two_people_on_one_draft_meet(world: Yard, boss: Client) -> None:
    draft = make.ledger_draft(world.boss, make.of(world.home))
    at, seen = f"{HOME}{draft.pk}/", draft.revision
    boss.post(f"{at}change/field/what/", {"revision": seen, "title": "物品", "kind": "text", "required": "on"})
    met = boss.post(f"{at}change/field/what/", {"revision": seen, "title": "东西", "kind": "text", "required": "on"})
    page = met.content.decode()
    assert met.status_code == 409, page[page.index("<main") :][:1500]
    assert "东西" in page and "物品" in page and f'value="{seen + 1}"' in page
    assert boss.post(f"{at}add/field/", {"revision": seen, "title": "", "kind": "text"}).status_code == 422
    assert boss.post(f"{at}drop/field/what/", {"revision": seen}).status_code in {409, 422}
    text = boss.post(f"{at}text/", {"revision": seen, "words": "ledger: mine"})
    assert text.status_code == 409 and "ledger: mine" in text.content.decode() and "物品" in text.content.decode()
    again = boss.post(
        f"{at}change/field/what/", {"revision": seen + 1, "title": "东西", "kind": "text", "required": "on"}
    )
    assert again.status_code == 302 and data()["fields"][0]["title"] == "东西"


def test_examples_are_made_in_the_preview(world: Yard, boss: Client) -> None:
    draft = make.ledger_draft(world.boss, make.of(world.home))
    assert send(boss, "preview/", example="good", what="轮椅").status_code == 302
    assert data()["examples"][-1] == {"what": "轮椅"}
    assert send(boss, "preview/", example="good", what="").status_code == 422
    assert send(boss, "preview/", example="bad", what="轮椅").status_code == 422
    assert send(boss, "preview/", example="bad", what="").status_code == 302
    assert data()["bad_examples"][-1] == {"values": {}, "refused": "what"}
    at = f"{HOME}{draft.pk}/ask/"
    assert boss.post(f"{at}stand/", {"what": "轮椅"}).json()["shown"] == ["what"]
    assert boss.post(f"{at}pick/", {"kind": "subject", "q": "a"}).json() == {"found": []}
    assert boss.post(f"{at}ghost/").status_code == 404


def test_a_field_form_refuses_what_it_cannot_be(world: Yard, boss: Client) -> None:
    make.overlay_draft(world.boss, make.of(world.home), PARTNER)
    for form in (
        {"title": "", "kind": "text"},
        {"title": "天气", "kind": "gold"},
        {"title": "天气", "kind": "choice", "choices": "\n"},
        {"title": "天气", "kind": "text", "code": "x_pz"},
        {"title": "天" * 41, "kind": "text"},
    ):
        assert send(boss, "add/field/", **form).status_code == 422, form
    assert send(boss, "drop/field/x_pz/").status_code == 422  # the last one
    for address in ("change/field/ghost/", "add/step/", "add/ghost/", "settings/"):
        assert boss.get(f"{HOME}{latest().pk}/{address}").status_code == 404, address


def test_who_may_design_where(world: Yard) -> None:
    draft = make.overlay_draft(world.boss, make.of(world.home), PARTNER)
    officer = client_of(places.officer("jiedao", of=world.home.subdistrict))
    assert client_of(world.one).get(HOME).status_code == 403
    assert client_of(world.stranger).get(HOME).status_code == 404
    office = f"/subdistrict/{world.home.subdistrict.code}/designer/"
    assert officer.get(office).status_code == 200 and officer.get(HOME).status_code == 200
    assert officer.get(f"{office}{draft.pk}/").status_code == 404
    assert client_of(world.boss).get(office).status_code == 403
    assert client_of(world.stranger).get(office).status_code == 404
    neighbour = client_of(places.secretary("next", at=places.community("heying")))
    assert neighbour.get(f"/c/heying/designer/{draft.pk}/").status_code == 404
    begun = officer.post(f"{office}begin/", {"kind": "overlay", "ledger": "visit"})
    assert begun.status_code == 302
    assert officer.get(begun["Location"]).status_code == 200
    assert officer.get(f"{begun['Location']}preview/").status_code == 200
    above = LedgerVersion.objects.get(code="visit", kind="overlay")
    officer.post(f"{begun['Location']}publish/", {"revision": above.revision})
    assert "街道统一做的" in client_of(world.boss).get(HOME).content.decode()


def test_pages_ask_no_more_as_fields_grow(world: Yard, boss: Client, django_assert_max_num_queries: Any) -> None:
    draft = make.overlay_draft(world.boss, make.of(world.home), PARTNER)
    many = [{"code": f"x_{number}", "title": f"第{number}个", "kind": "text"} for number in range(25)]
    boss.get(f"{HOME}{draft.pk}/")
    with django_assert_max_num_queries(30) as few:
        boss.get(f"{HOME}{draft.pk}/")
        count = len(few)
    send(boss, "text/", words=make.overlay_words(PARTNER, *many))
    with django_assert_max_num_queries(count):
        boss.get(f"{HOME}{draft.pk}/")


def test_an_example_keeps_nobodys_number(world: Yard, boss: Client) -> None:
    what = {"code": "what", "title": "事项", "kind": "text", "required": True, "most": 60}
    make.ledger_draft(
        world.boss, make.of(world.home), fields=[what, {"code": "tel", "title": "电话", "kind": "phone"}]
    )  # fmt: skip
    assert send(boss, "preview/", example="good", what="轮椅", tel="13912345678").status_code == 302
    assert send(boss, "preview/", example="bad", what="轮椅", tel="1391234567").status_code == 302
    assert "139123" not in latest().words
    assert data()["examples"][-1]["tel"] == "13800138000" and data()["bad_examples"][-1]["refused"] == "tel"


def test_a_code_that_is_none_is_refused_in_its_form(world: Yard, boss: Client) -> None:
    for code in ("a" * 60, "借用a"):
        answer = boss.post(f"{HOME}begin/", {"kind": "ledger", "title": "借用台账", "code": code})
        assert answer.status_code == 422 and "只能用小写字母" in answer.content.decode(), code
    make.ledger_draft(world.boss, make.of(world.home))
    for code in ("a" * 41, "天气a", "A"):
        assert send(boss, "add/field/", title="天气", kind="text", code=code).status_code == 422, code


def test_nought_is_a_bound_too(world: Yard, boss: Client) -> None:
    make.ledger_draft(world.boss, make.of(world.home))
    send(boss, "add/field/", title="人数", kind="integer", least="0")
    assert data()["fields"][1]["least"] == 0
    form = {"title": "借用台账", "about": ["person"], "title_of": "what", "files_by": ["worker"], "start": "open"}
    assert send(boss, "settings/", **form, late_after="0").status_code == 302
    assert data()["late_after"] == 0
