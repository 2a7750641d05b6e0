"""An entry's page: its state, the steps that are mine, how it came here, what it led to, and its papers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry, EntryLink, OpenedDuty
from nianlun.places.models import User
from tests.ledgers.make import Yard, hazard, yard
from tests.ledgers.views.test_form import gas, sent
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db
SOON = (today() + timedelta(days=7)).isoformat()
NOTICE = {"party_name": "老街小吃店", "demand": "清走杂物", "deadline": SOON}


@pytest.fixture
def world(tmp_path: Path, settings: Settings) -> Yard:
    settings.MEDIA_ROOT = tmp_path
    return yard()


def filed(world: Yard, code: str, by: User, **values: object) -> Entry:
    held = ledgers_at(world.home)[code]
    return file_entry(acting_user=by, community=world.home, held=held, head=Head(today()), written=values)


def test_the_page_offers_the_steps_of_ones_post(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    address = f"/c/wutong/hazard/{entry.pk}/"
    worker = client_of(world.one).get(address).content.decode()
    assert "下发整改通知书" in worker and "隐患不成立" not in worker and "待通知" in worker and "登记" in worker
    assert "隐患不成立" in client_of(world.boss).get(address).content.decode()
    assert client_of(world.stranger).get(address).status_code == 404


def test_a_step_is_made_on_its_page_and_issues_its_paper(world: Yard) -> None:
    entry, client = hazard(world.one, world.home), client_of(world.one)
    address = f"/c/wutong/hazard/{entry.pk}/step/notify/"
    assert "整改期限" in client.get(address).content.decode()
    lacking = client.post(address, {"client_key": str(uuid4()), "revision": 1, "party_name": "小吃店"})
    assert lacking.status_code == 422 and 'id="f-demand-error"' in lacking.content.decode()
    made = client.post(address, {"client_key": str(uuid4()), "revision": 1, "note": "已当面说明", **NOTICE})
    assert made.status_code == 302
    page = client.get(f"/c/wutong/hazard/{entry.pk}/").content.decode()
    assert "整改中" in page and "已当面说明" in page and "整改第1号" in page
    paper = entry.papers.get()
    printed = client.get(f"/c/wutong/hazard/{entry.pk}/paper/{paper.pk}/").content.decode()
    assert "老街小吃店" in printed and "送达回执" in printed and SOON in printed
    assert client_of(world.stranger).get(f"/c/wutong/hazard/{entry.pk}/paper/{paper.pk}/").status_code == 404


def test_the_wrong_post_is_refused_the_step(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    assert client_of(world.one).get(f"/c/wutong/hazard/{entry.pk}/step/refute/").status_code == 403
    refused = client_of(world.one).post(
        f"/c/wutong/hazard/{entry.pk}/step/refute/", {"client_key": str(uuid4()), "revision": 1, "note": "看错了"}
    )
    assert refused.status_code == 403


def test_the_doer_reads_why_they_cannot_verify(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    written = {"measures": "已清走", "mended_on": today().isoformat()}
    make_step(acting_user=world.one, pk=entry.pk, revision=None, code="mend_at_once", written=written)
    address = f"/c/wutong/hazard/{entry.pk}/"
    assert "不能自己核验" in client_of(world.one).get(address).content.decode()
    assert "不能自己核验" not in client_of(world.two).get(address).content.decode()


def test_links_are_read_both_ways_by_who_may_see(world: Yard) -> None:
    client = client_of(world.one)
    client.post("/c/wutong/inspection/new/", gas(client))
    inspection, made = Entry.objects.get(ledger="inspection"), Entry.objects.get(ledger="hazard")
    page = client.get(f"/c/wutong/inspection/{inspection.pk}/").content.decode()
    assert "引出" in page and f"/hazard/{made.pk}/" in page and "软管开裂" in page and "nl-tone-bad" in page
    back = client.get(f"/c/wutong/hazard/{made.pk}/").content.decode()
    assert "来自" in back and f"/inspection/{inspection.pk}/" in back


def test_a_visit_opens_a_request_filled_with_what_was_said(world: Yard) -> None:
    visit = filed(world, "visit", world.one, purposes=["care"], manner="door", met="self", gist="都好",
                  wishes="楼道装扶手", phone="13800138000")  # fmt: skip
    client = client_of(world.one)
    page = client.get(f"/c/wutong/visit/{visit.pk}/").content.decode()
    assert "转为诉求" in page and "转为隐患" not in page
    address = f"/c/wutong/request/new/?from={visit.pk}&follow=0&part="
    form = client.get(address).content.decode()
    assert "楼道装扶手" in form and "138****8000" in form and "13800138000" not in form
    raw = client.get(address).context["form"].raw
    written = {code: value for code, value in raw.items() if isinstance(value, str)}
    needed = {"asker": "老李", "kind": "repair", "title": "装扶手"}
    known = {spec.code: spec for spec in ledgers_at(world.home)["request"].ledger.fields}
    for code, spec in known.items():
        if spec.required and code not in written:
            written[code] = next(iter(spec.choices), needed.get(code, "装扶手"))
    answer = client.post(
        "/c/wutong/request/new/", sent(**{**written, "from": str(visit.pk), "follow": "0", "part": ""})
    )
    assert answer.status_code == 302, answer.content.decode()
    opened = Entry.objects.get(ledger="request")
    assert EntryLink.objects.get().target == opened and "asker_phone" in opened.sealed
    assert client_of(world.stranger).get(address).status_code == 404
    assert client.get(f"/c/wutong/hazard/new/?from={visit.pk}&follow=0").status_code == 404


def test_a_decision_becomes_a_duty_once(world: Yard) -> None:
    rows = [{"what": "公示报价", "owner": world.two.name, "due_on": SOON}, {"what": "更换电梯"}]
    meeting = filed(world, "meeting", world.one, topic="电梯", kind="routine", chair="主任", present="9",
                    minutes="讨论", decisions=rows)  # fmt: skip
    client, address = client_of(world.boss), f"/c/wutong/meeting/{meeting.pk}/"
    assert "变成任务：公示报价" in client.get(address).content.decode()
    press = {"follow": "0", "part": "1"}
    first = client.post(f"{address}duty/", {**press, "client_key": str(uuid4())})
    second = client.post(f"{address}duty/", {**press, "client_key": str(uuid4())})
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    duty = OpenedDuty.objects.get().duty
    assert (duty.title, duty.ends_on.isoformat()) == ("公示报价", SOON)
    assert duty.assignments.get().user == world.two
    page = client.get(address).content.decode()
    assert "变成任务：公示报价" not in page and "变成任务：更换电梯" in page and f"/{duty.pk}/" in page


def test_an_entry_is_withdrawn_with_a_reason_and_restored(world: Yard) -> None:
    entry, client = hazard(world.one, world.home), client_of(world.one)
    address = f"/c/wutong/hazard/{entry.pk}/"
    assert client.post(f"{address}withdraw/", {"revision": 1, "reason": ""}).status_code == 422
    assert client_of(world.two).post(f"{address}withdraw/", {"revision": 1, "reason": "错"}).status_code == 403
    assert client.post(f"{address}withdraw/", {"revision": 1, "reason": "登记错了"}).status_code == 302
    assert "已撤回" in client.get(address).content.decode()
    client.post(f"{address}restore/")
    assert "已撤回" not in client.get(address).content.decode().replace("标明已撤回", "")


def test_every_ledger_prints_blank_and_says_how_it_works(world: Yard) -> None:
    client = client_of(world.boss)
    for code in ledgers_at(world.home):
        for page in ("blank", "about"):
            assert client.get(f"/c/wutong/{code}/{page}/").status_code == 200, (code, page)
    assert "软管" in client.get("/c/wutong/inspection/blank/?checklist=gas").content.decode()


def test_a_filled_entry_prints_what_its_ledger_prints(world: Yard) -> None:
    meeting = filed(world, "meeting", world.one, topic="电梯", kind="routine", chair="主任", present="9",
                    minutes="讨论", decisions=[{"what": "公示报价"}])  # fmt: skip
    page = client_of(world.one).get(f"/c/wutong/meeting/{meeting.pk}/print/").content.decode()
    assert "公示报价" in page and "电梯" in page


def test_a_grid_worker_of_another_grid_finds_nothing(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    entry.grid = make.grid(at=world.home)
    entry.save()
    walker = make.worker("walker", at=world.home, kind="grid_worker")
    assert client_of(walker).get(f"/c/wutong/hazard/{entry.pk}/").status_code == 404


def test_the_page_asks_no_more_for_more_steps(
    world: Yard, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(world.one)
    client.post("/c/wutong/inspection/new/", gas(client))
    entry = Entry.objects.get(ledger="inspection")
    with django_assert_max_num_queries(40):
        client.get(f"/c/wutong/inspection/{entry.pk}/")


def test_what_is_opened_in_time_asks_for_no_reason_of_lateness(world: Yard) -> None:
    client = client_of(world.one)
    client.post("/c/wutong/inspection/new/", gas(client))
    opened = Entry.objects.get(ledger="hazard")
    assert opened.late_reason == ""


def test_hours_are_those_of_the_place_and_cells_have_their_headings(world: Yard) -> None:
    entry = filed(
        world, "meeting", world.one, topic="例会", kind="routine", chair="书记", present=9, minutes="讨论",
        decisions=[{"what": "公示七天", "owner": "网格员"}],
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(recorded_at=datetime(2027, 3, 1, 20, 30, tzinfo=UTC))
    page = client_of(world.one).get(f"/c/wutong/meeting/{entry.pk}/").content.decode()
    assert "2027-03-02 04:30" in page and "2027-03-01 20:30" not in page
    assert '<td data-label="责任人">网格员</td>' in page
    printed = client_of(world.one).get(f"/c/wutong/meeting/{entry.pk}/print/").content.decode()
    assert '<th scope="col">责任人</th>' in printed


def test_how_it_works_is_drawn(world: Yard) -> None:
    page = client_of(world.one).get("/c/wutong/hazard/about/").content.decode()
    assert page.count('<g class="ng-box-') == 6 and "整改通知书" in page and "7. 隐患不成立" in page


def test_a_form_that_was_saved_is_named_to_the_browser(world: Yard) -> None:
    form = sent(found="楼道堆物", category="fire", severity="minor")
    client = client_of(world.one)
    assert "saved_form" not in client.post("/c/wutong/hazard/new/", {**form, "found": ""}).cookies
    assert client.post("/c/wutong/hazard/new/", form).cookies["saved_form"].value == form["client_key"]


def test_the_blank_form_puts_short_answers_side_by_side(world: Yard) -> None:
    page = client_of(world.one).get("/c/wutong/meeting/blank/").content.decode()
    assert '<th scope="row">会议地点</th><td></td><th scope="row">主持人 *</th><td></td>' in page
    assert page.count("年　　月　　日") == 2 and '<th scope="col">责任人</th>' in page
