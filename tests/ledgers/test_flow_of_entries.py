"""A hazard from found to closed: what each step needs, who may make it, and that the doer never verifies."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.entries import change_entry, file_entry, restore_entry, withdraw_entry
from nianlun.ledgers.actions.steps import make_step, make_steps
from nianlun.ledgers.actions.writing import Head, Refused
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry, IssuedPaper
from nianlun.ledgers.papers import number_of
from tests.ledgers.make import HAZARD, Yard, hazard, yard
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db
NOTICE = {"party_name": "老街小吃店", "demand": "清走杂物"}


@pytest.fixture
def world() -> Yard:
    return yard()


def notified(world: Yard) -> Entry:
    entry = hazard(world.one, world.home)
    deadline = (today() + timedelta(days=7)).isoformat()
    return make_step(
        acting_user=world.one, pk=entry.pk, revision=1, code="notify", written={**NOTICE, "deadline": deadline}
    )


def rectified(world: Yard) -> Entry:
    entry = notified(world)
    written = {"measures": "已清走", "mended_on": today().isoformat()}
    return make_step(acting_user=world.one, pk=entry.pk, revision=entry.revision, code="rectified", written=written)


def test_filed_it_is_open_with_a_day_by_which_it_must_move(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    assert (entry.status, entry.title, entry.lines) == ("open", "楼道堆放杂物", ["safety"])
    assert entry.due_on is not None and entry.due_on > today()


def test_what_is_missing_is_refused_by_field(world: Yard) -> None:
    with pytest.raises(Refused) as refused:
        hazard(world.one, world.home, found="", severity="grave")
    assert set(refused.value.errors) == {"found", "deadline"}
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("days_ago", "reason", "wrong"),
    [(0, "", ""), (3, "", ""), (4, "", "late_reason"), (4, "停电", ""), (-1, "", "occurred_on")],
)
def test_late_entry_asks_why(world: Yard, days_ago: int, reason: str, wrong: str) -> None:
    head = Head(today() - timedelta(days=days_ago), late_reason=reason)
    held = ledgers_at(world.home)["hazard"]
    if wrong:
        with pytest.raises(Refused) as refused:
            file_entry(acting_user=world.one, community=world.home, held=held, head=head, written=HAZARD)
        assert set(refused.value.errors) == {wrong}
    else:
        entry = file_entry(acting_user=world.one, community=world.home, held=held, head=head, written=HAZARD)
        assert entry.recorded_at.date() == today() and entry.late_reason == reason


def test_a_notice_is_issued_with_the_next_number(world: Yard) -> None:
    notified(world)
    second = notified(world)
    papers = list(IssuedPaper.objects.order_by("number"))
    assert [paper.number for paper in papers] == [1, 2]
    assert number_of(papers[1]) == f"〔{today().year}〕整改第2号"
    assert papers[1].body["party_name"] == "老街小吃店" and second.status == "notified"
    assert second.due_on == today() + timedelta(days=7)


def test_a_step_without_what_it_needs_is_refused_and_nothing_moved(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    with pytest.raises(Refused) as refused:
        make_step(acting_user=world.one, pk=entry.pk, revision=1, code="notify", written={"demand": "清走"})
    assert set(refused.value.errors) == {"party_name", "deadline"}
    entry.refresh_from_db()
    assert entry.status == "open" and not IssuedPaper.objects.exists()


def test_the_doer_never_verifies(world: Yard) -> None:
    entry = rectified(world)
    with pytest.raises(UserError, match="不能自己核验"):
        make_step(acting_user=world.one, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"})
    done = make_step(acting_user=world.two, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"})
    assert (done.status, done.closed_on, done.due_on) == ("closed", today(), None)


def test_who_wrote_content_is_a_doer_too(world: Yard) -> None:
    entry = rectified(world)
    changed = change_entry(acting_user=world.two, pk=entry.pk, revision=entry.revision, written={"where": "一层"})
    assert set(changed.doers) == {world.one.pk, world.two.pk}
    with pytest.raises(UserError, match="不能自己核验"):
        make_step(acting_user=world.two, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"})


def test_what_fails_the_recheck_goes_back_and_its_doers_begin_anew(world: Yard) -> None:
    entry = rectified(world)
    written = {"recheck": "还有杂物", "deadline": (today() + timedelta(days=3)).isoformat()}
    with pytest.raises(Refused, match="请写明原因"):
        make_step(acting_user=world.two, pk=entry.pk, revision=None, code="fail", written=written)
    back = make_step(acting_user=world.two, pk=entry.pk, revision=None, code="fail", written=written, note="未清完")
    assert back.status == "notified" and back.doers == []
    mended = {"measures": "清完", "mended_on": today().isoformat()}
    make_step(acting_user=world.two, pk=entry.pk, revision=None, code="rectified", written=mended)
    done = make_step(acting_user=world.one, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"})
    assert done.status == "closed"


def test_where_nobody_else_may_verify_the_subdistrict_does(world: Yard) -> None:
    officer = make.officer(of=world.home.subdistrict)
    entry = rectified(world)
    assert (
        make_step(acting_user=officer, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"}).status
        == "closed"
    )


def test_strangers_and_the_wrong_post_are_refused(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    for user in (world.stranger, world.two):
        with pytest.raises(PermissionDenied):
            make_step(acting_user=user, pk=entry.pk, revision=None, code="refute", written={}, note="不是隐患")
    assert (
        make_step(acting_user=world.boss, pk=entry.pk, revision=None, code="refute", written={}, note="不是隐患").status
        == "void"
    )


def test_a_stale_change_is_shown_both_sides(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    change_entry(acting_user=world.two, pk=entry.pk, revision=1, written={"where": "二层"})
    with pytest.raises(StaleRevision) as stale:
        change_entry(acting_user=world.one, pk=entry.pk, revision=1, written={"where": "三层"})
    assert "二层" in str(stale.value.theirs) and "三层" in str(stale.value.mine)


def test_a_secret_is_sealed_and_its_history_says_only_that_it_changed(world: Yard) -> None:
    entry = hazard(world.one, world.home, party_phone="13800138000")
    change_entry(acting_user=world.one, pk=entry.pk, revision=1, written={"party_phone": "13900139000"})
    entry.refresh_from_db()
    stored = f"{entry.data} {entry.sealed} {list(AuditRow.objects.values_list('detail', flat=True))}"
    assert "13800138000" not in stored and "13900139000" not in stored
    assert AuditRow.objects.get(action="entry.changed").detail["changes"] == {"party_phone": ["", "已修改"]}
    assert set(entry.digests.values_list("kind", flat=True)) == {"phone", "phone_tail"}


def test_a_withdrawn_entry_stays_and_moves_no_more(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    with pytest.raises(UserError, match="原因"):
        withdraw_entry(acting_user=world.one, pk=entry.pk, revision=1, reason=" ")
    withdraw_entry(acting_user=world.one, pk=entry.pk, revision=1, reason="登记错了")
    with pytest.raises(UserError, match="已撤回"):
        make_step(acting_user=world.one, pk=entry.pk, revision=None, code="notify", written=NOTICE)
    restored = restore_entry(acting_user=world.boss, pk=entry.pk, revision=None)
    assert restored.withdrawn_at is None


def test_a_bulk_step_reports_row_by_row(world: Yard) -> None:
    entries = [rectified(world), hazard(world.one, world.home)]
    change_entry(acting_user=world.one, pk=entries[0].pk, revision=None, written={"recheck": "合格"})
    outcomes = make_steps(acting_user=world.two, chosen=[entry.pk for entry in entries], code="verify")
    assert [bool(outcome.why) for outcome in outcomes] == [False, True]


def test_what_another_has_verified_is_changed_no_more(world: Yard) -> None:
    entry = rectified(world)
    make_step(acting_user=world.two, pk=entry.pk, revision=None, code="verify", written={"recheck": "合格"})
    with pytest.raises(Refused, match="已由另一位同事核验"):
        change_entry(acting_user=world.one, pk=entry.pk, revision=None, written={"found": "一切都好"})
    entry.refresh_from_db()
    assert entry.title == "楼道堆放杂物"
    filled = change_entry(acting_user=world.one, pk=entry.pk, revision=None, written={"where": "二层"})
    assert filled.data["where"] == "二层"
    body = json.dumps({"revision": filled.revision, "values": {"found": "一切都好"}})
    answer = client_of(world.one).patch(f"/api/v1/c/wutong/hazard/{entry.pk}/", body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "found"
