"""The form of a register: what is wrong stands beside its field, and nothing typed is lost or saved twice."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client

from nianlun.kernel.fields import Field
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.models import Community, Estate
from nianlun.ui.registers.inputs import Input
from tests.ui.registers.conftest import plot, send
from tests.ui.registers.plots import Plots
from tests.ui.registers.test_record import NEW, added, page_of

pytestmark = pytest.mark.django_db
GOOD = {"name": "甲地", "code": "a", "kind": "old", "phone": ""}


def opened(client: Client, address: str) -> dict[str, str]:
    """The form's fields as a browser would send them back."""
    return filled(client.get(address).content.decode())


def filled(page: str) -> dict[str, str]:
    form = page.split('<form class="nl-wide nr-form"')[1].split("</form>")[0]
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if (name and not ('type="checkbox"' in tag or 'type="radio"' in tag)) or (name and " checked" in tag):
            found[name[1]] = html.unescape(value[1] if value else "")
    for name, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = html.unescape(chosen[1] if chosen else "")
    found.pop("csrfmiddlewaretoken")
    return found


def test_a_new_record_is_saved_and_shown(at_desk: Client) -> None:
    form = opened(at_desk, NEW)
    assert set(form) == {"client_key", "shown", "name", "code", "kind", "phone"}
    answer = at_desk.post(NEW, {**form, **GOOD}, follow=True)
    assert "已保存" in answer.content.decode() and Estate.objects.get().name == "甲地"


def test_the_next_form_takes_over_what_stays_the_same(at_desk: Client) -> None:
    answer = send(at_desk, NEW, {**GOOD, "next": "1"})
    assert answer["Location"] == f"{NEW}?kind=old"
    assert opened(at_desk, answer["Location"])["kind"] == "old"


def test_an_address_fills_open_fields_and_never_secret_ones(at_desk: Client) -> None:
    form = opened(at_desk, f"{NEW}?name=甲&phone=13812345678&nothing=1")
    assert form["name"] == "甲" and form["phone"] == "" and "nothing" not in form


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(at_desk: Client) -> None:
    answer = send(at_desk, NEW, {**GOOD, "name": "", "phone": "123", "kind": "castle"})
    page = answer.content.decode()
    assert answer.status_code == 422 and not Estate.objects.exists()
    assert 'aria-describedby="field-phone-error"' in page and 'id="field-phone-error">电话号码不对' in page
    assert 'aria-describedby="field-name-help field-name-error"' in page and "请填写名称" in page
    form = filled(page)
    assert (form["phone"], form["kind"], form["code"]) == ("123", "castle", "a")


def test_a_refusal_of_the_room_stands_above_the_form(at_desk: Client, home: Community) -> None:
    plot(home, "甲", code="a")
    answer = send(at_desk, NEW, GOOD)
    assert answer.status_code == 422 and "这个代码已经用了" in answer.content.decode()


def test_a_record_that_is_there_already_is_not_written_over_by_a_new_form(
    at_desk: Client, home: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, plain = plot(home, "旧地"), Plots.check

    def finds(self: Plots, *given: Any) -> Any:
        drafts = plain(self, *given)
        drafts[0].known = there
        return drafts

    monkeypatch.setattr(Plots, "check", finds)
    answer = send(at_desk, NEW, GOOD)
    assert answer.status_code == 422 and "已经有这条记录：旧地" in answer.content.decode()
    assert Estate.objects.get().name == "旧地"


def test_a_warning_asks_once_and_another_asks_again(at_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {**opened(at_desk, NEW), **GOOD, "name": "重名地"}
    asks = at_desk.post(NEW, form)
    page = asks.content.decode()
    assert asks.status_code == 422 and "仍要保存" in page and "同名的地" in page and not Estate.objects.exists()
    again = filled(page)
    assert again["name"] == "重名地"
    assert at_desk.post(NEW, {**again, "confirmed": "别的问题"}).status_code == 422
    assert at_desk.post(NEW, again).status_code == 302 and Estate.objects.count() == 1


def test_fixed_and_read_only_fields_are_not_written(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", code="a")
    form = opened(at_desk, page_of(one, "edit/"))
    assert "code" not in form and "revised" not in form
    page = at_desk.get(page_of(one, "edit/")).content.decode()
    assert "代码</span>" in page and "登记后不能改" in page and "第几版" not in page
    assert at_desk.post(page_of(one, "edit/"), {**form, "code": "b", "revised": "9"}).status_code == 302
    one.refresh_from_db()
    assert (one.code, one.revision) == ("a", 2)


def test_a_secret_that_comes_back_masked_stays_and_a_new_one_is_kept(at_desk: Client) -> None:
    one = added(at_desk)
    form = opened(at_desk, page_of(one, "edit/"))
    assert form["phone"] == "138****5678"
    at_desk.post(page_of(one, "edit/"), {**form, "name": "乙"})
    one.refresh_from_db()
    assert (one.name, unseal(one.address)) == ("乙", "13812345678")
    form = opened(at_desk, page_of(one, "edit/"))
    assert "里有 *" in at_desk.post(page_of(one, "edit/"), {**form, "phone": "139****5678"}).content.decode()
    at_desk.post(page_of(one, "edit/"), {**form, "phone": "13900001111"})
    one.refresh_from_db()
    assert unseal(one.address) == "13900001111"


def test_a_secret_whose_key_is_lost_does_not_stand_in_the_way(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", address="zz:" + seal("13812345678").partition(":")[2])
    form = opened(at_desk, page_of(one, "edit/"))
    assert form["phone"] == "（无法解密）"
    assert at_desk.post(page_of(one, "edit/"), {**form, "name": "乙"}).status_code == 302


def test_a_record_that_may_not_be_edited_is_refused(at_desk: Client, home: Community) -> None:
    one = plot(home, "锁定")
    assert at_desk.get(page_of(one, "edit/")).status_code == 403
    assert send(at_desk, page_of(one, "edit/"), {"revision": 1, "name": "开"}).status_code == 403


def test_two_people_meet_on_one_record(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", code="a", kind="old", address=seal("13812345678"))
    mine, theirs = (opened(at_desk, page_of(one, "edit/")) for _ in range(2))
    at_desk.post(page_of(one, "edit/"), {**theirs, "name": "他改的", "kind": "estate", "phone": "13900001111"})
    clash = at_desk.post(page_of(one, "edit/"), {**mine, "name": "我改的"})
    page = clash.content.decode()
    assert clash.status_code == 409 and "下面 3 项两边不一样" in page
    assert "登记后不能改" in page  # the code, which is no side of anything
    assert "<strong>他改的</strong>" in page and "139****1111" in page and "13900001111" not in page
    form = filled(page)
    assert form["name"] == "我改的" and form["side-name"] == "mine"  # changed here
    assert form["side-kind"] == "theirs" == form["side-phone"]  # not touched here
    assert at_desk.post(page_of(one, "edit/"), form).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.kind, unseal(one.address), one.revision) == ("我改的", "estate", "13900001111", 3)


def test_of_two_sides_each_field_can_take_the_other(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", code="a", kind="old")
    mine, theirs = (opened(at_desk, page_of(one, "edit/")) for _ in range(2))
    at_desk.post(page_of(one, "edit/"), {**theirs, "name": "他改的", "kind": "estate"})
    form = filled(at_desk.post(page_of(one, "edit/"), {**mine, "name": "我改的", "kind": "other"}).content.decode())
    at_desk.post(page_of(one, "edit/"), {**form, "side-name": "theirs"})
    one.refresh_from_db()
    assert (one.name, one.kind) == ("他改的", "other")


def test_a_third_edit_while_one_chooses_is_met_again(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲", code="a", kind="old")
    mine = opened(at_desk, page_of(one, "edit/"))
    for name in ("第一", "第二"):
        send(at_desk, page_of(one, "edit/"), {**opened(at_desk, page_of(one, "edit/")), "name": name})
        clash = at_desk.post(page_of(one, "edit/"), {**mine, "name": "我改的"})
        assert clash.status_code == 409 and f"<strong>{name}</strong>" in clash.content.decode()
        mine = filled(clash.content.decode())
    assert at_desk.post(page_of(one, "edit/"), mine).status_code == 302


def test_the_same_form_sent_twice_is_saved_once(at_desk: Client) -> None:
    form = {**opened(at_desk, NEW), **GOOD}
    first, second = at_desk.post(NEW, form), at_desk.post(NEW, form)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert Estate.objects.count() == 1 == AuditRow.objects.filter(action="plot.added").count()


def test_an_edit_sent_twice_is_no_clash(at_desk: Client, home: Community) -> None:
    one = plot(home, "甲")
    form = {**opened(at_desk, page_of(one, "edit/")), "name": "乙"}
    assert [at_desk.post(page_of(one, "edit/"), form).status_code for _ in range(2)] == [302, 302]
    one.refresh_from_db()
    assert one.revision == 2


def test_going_back_and_changing_a_form_that_is_saved_is_told(at_desk: Client) -> None:
    form = {**opened(at_desk, NEW), **GOOD}
    at_desk.post(NEW, form)
    answer = at_desk.post(NEW, {**form, "name": "另一块", "code": "b"})
    assert answer.status_code == 422 and "刚才已经保存过" in answer.content.decode() and Estate.objects.count() == 1


@pytest.mark.parametrize("wrong", [{}, {"client_key": "x"}, {"client_key": str(uuid7()), "revision": "x"}])
def test_a_form_that_was_cut_is_refused(at_desk: Client, home: Community, wrong: dict[str, str]) -> None:
    one = plot(home, "甲")
    answer = at_desk.post(page_of(one, "edit/"), {"name": "乙", "revision": "1", **wrong})
    assert answer.status_code == 422 and "表单不完整" in answer.content.decode()


def test_each_kind_of_field_has_its_input() -> None:
    def of(kind: str, value: str = "", **more: Any) -> Input:
        return Input(Field("it", "它", kind, **more), value)

    assert of("long_text").widget == "textarea" and of("choice").widget == "select"
    assert of("yes_no", "是").widget == "yes" == of("yes_no", required=True).widget
    assert of("yes_no").widget == "select" and [title for _, title, _ in of("yes_no").options] == ["是", "否"]
    assert of("date").type == "date" == of("date", "2027-01-31").type and of("date", "2027/1/31").type == "text"
    assert of("phone").type == "tel" and of("integer").keyboard == "numeric" and of("decimal").keyboard == "decimal"
    chosen = of("choice", "甲类", choices={"a": "甲类", "b": "乙类"})
    assert chosen.options == [("a", "甲类", True), ("b", "乙类", False)]
    assert of("choice", "旧类", choices={"a": "甲类"}).options[-1] == ("旧类", "旧类", True)
