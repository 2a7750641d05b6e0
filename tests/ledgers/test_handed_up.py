"""Nothing stands still where a community is small: what nobody of it may verify comes to the subdistrict, and so does
what is grave, at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.entries import change_entry, file_entry
from nianlun.ledgers.actions.escalate import escalate_left
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.handed_up import others_may
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import actor_of, scope_of
from nianlun.ledgers.rules.flow import may_make
from nianlun.ledgers.waiting import waiting_for
from nianlun.places.models import Community, Post, User
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from tests.ledgers.make import hazard
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db
LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
MEETING = {"topic": "例会", "kind": "routine", "chair": "书记", "present": 9, "minutes": "讨论"}


def meeting(by: User, at: Community) -> Entry:
    held = ledgers_at(at)["meeting"]
    return file_entry(acting_user=by, community=at, held=held, head=Head(today()), written=MEETING)


@pytest.mark.parametrize("ledger", [pytest.param(ledger, id=code) for code, ledger in LEDGERS.items()])
def test_no_state_stands_still_where_there_are_two_workers(ledger: Ledger) -> None:
    """Both have had a part in the entry, there is no secretary and no grid worker; the office has two people."""
    home = make.community()
    people = [make.worker("one", at=home), make.worker("two", at=home)]
    officers = [make.officer(f"officer{number}", of=home.subdistrict) for number in (1, 2)]
    held = ledgers_at(home)[ledger.ledger]
    entry = Entry.objects.create(
        subdistrict=home.subdistrict, community=home, ledger=ledger.ledger, ledger_version_id=held.version_id,
        title="一条", status=ledger.flow.start, lines=ledger.lines, recorded_by=people[0],
        doers=[one.pk for one in people],
    )  # fmt: skip
    leads: dict[str, set[str]] = {}
    for code in ledger.flow.states:
        Entry.objects.filter(pk=entry.pk).update(status=code, escalated_on=None)
        escalate_left()
        entry.refresh_from_db()
        leads[code] = set()
        for step in (step for step in ledger.flow.steps if code in step.source):
            may = [user for user in (*people, *officers) if _may(user, entry, ledger, step.code)]
            if len(may) >= step.approvals:
                leads[code].add(step.target)
    finals = {code for code, state in ledger.flow.states.items() if state.final}
    for code in set(ledger.flow.states) - finals:
        reached, waiting = set[str](), [code]
        while waiting:
            state = waiting.pop()
            if state not in reached:
                reached.add(state)
                waiting += leads[state]
        assert reached & finals, f"{code} cannot be led to an end"


def _may(user: User, entry: Entry, ledger: Ledger, code: str) -> bool:
    step = next(one for one in ledger.flow.steps if one.code == code)
    policy = Policy(user)
    if not Entry.objects.filter(scope_of(policy, ledger), pk=entry.pk).exists():
        return False
    if step.second_person and user.pk in entry.doers:
        return False
    actor = actor_of(policy, entry)
    return may_make(step, entry.doers, actor, lambda one: others_may(one, entry, sensitive=ledger.sensitive))


def test_what_the_only_worker_wrote_is_confirmed_by_the_subdistrict() -> None:
    home = make.community()
    one, officer = make.worker("one", at=home), make.officer(of=home.subdistrict)
    entry = meeting(one, home)
    entry.refresh_from_db()
    assert entry.escalated_on == today()
    assert AuditRow.objects.get(action="entry.escalated").detail["why"] == "nobody"
    page, address = client_of(officer).get("/ledgers/overdue/").content.decode(), f"/c/{home.code}/meeting/{entry.pk}/"
    assert "社区没有别的人能核验" in page and address in page
    assert "审定记录" in client_of(officer).get(address).content.decode()
    waits = waiting_for(CommunityViewer(officer, home, Policy(officer))).entries
    assert [row.pk for row, _ in waits] == [entry.pk]
    make_step(acting_user=officer, pk=entry.pk, revision=None, code="confirm", written={})
    entry.refresh_from_db()
    assert entry.closed_on and entry.escalated_on is None
    assert client_of(officer).get(address).status_code == 200  # in which they made a step
    far = make.officer("far", of=make.subdistrict("other"))
    assert client_of(far).get(address).status_code == 404


def test_where_another_can_confirm_it_is_no_matter_of_the_subdistrict() -> None:
    home = make.community()
    one, officer = make.worker("one", at=home), make.officer(of=home.subdistrict)
    make.worker("two", at=home)
    entry = meeting(one, home)
    entry.refresh_from_db()
    assert entry.escalated_on is None
    assert client_of(officer).get(f"/c/{home.code}/meeting/{entry.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        make_step(acting_user=officer, pk=entry.pk, revision=None, code="confirm", written={})


def test_when_the_other_has_left_it_comes_up_that_night() -> None:
    home = make.community()
    one = make.worker("one", at=home)
    two = make.worker("two", at=home)
    meeting(one, home)
    assert escalate_left() == 0
    Post.objects.filter(user=two).update(ends_on=today() - timedelta(days=1))
    assert escalate_left() == 1 and escalate_left() == 0


def test_two_approvals_want_two_others() -> None:
    home = make.community()
    one, two = make.worker("one", at=home), make.worker("two", at=home)
    entry = hazard(one, home)
    step = LEDGERS["expense"].flow.steps[1]
    assert step.approvals == 2 and not others_may(step, entry, sensitive=False)
    make.secretary(at=home)
    assert others_may(step, entry, sensitive=False)
    Entry.objects.filter(pk=entry.pk).update(doers=[one.pk, two.pk])
    assert not others_may(step, entry, sensitive=False)


def test_of_a_sensitive_ledger_only_those_of_its_lines_count() -> None:
    home = make.community()
    one = make.worker("one", at=home)
    make.worker("two", at=home)
    ledger = LEDGERS["needs_assessment"]
    step = next(one for one in ledger.flow.steps if one.code == "confirm")
    entry = hazard(one, home)
    Entry.objects.filter(pk=entry.pk).update(lines=["elderly"])
    assert not others_may(step, entry, sensitive=True)
    Post.objects.filter(user__username="two").update(lines=["elderly"])
    assert others_may(step, entry, sensitive=True)


def test_a_grave_hazard_is_known_to_the_subdistrict_at_once() -> None:
    home = make.community()
    one, officer = make.worker("one", at=home), make.officer(of=home.subdistrict)
    make.worker("two", at=home)
    minor = hazard(one, home)
    change_entry(acting_user=one, pk=minor.pk, revision=None, written={"severity": "grave", "deadline": today()})
    minor.refresh_from_db()
    assert minor.escalated_on == today()
    assert "情况重大" in client_of(officer).get("/ledgers/overdue/").content.decode()
    notice = {"party_name": "所有人", "demand": "搬出", "deadline": (today() + timedelta(days=3)).isoformat()}
    make_step(acting_user=one, pk=minor.pk, revision=None, code="notify", written=notice)
    minor.refresh_from_db()
    assert minor.escalated_on == today()  # still grave, and told but once
    assert AuditRow.objects.filter(action="entry.escalated").count() == 1


def test_the_officers_desk_asks_no_more_for_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    home = make.community()
    one, officer = make.worker("one", at=home), make.officer(of=home.subdistrict)
    for _ in range(4):
        meeting(one, home)
    assert Entry.objects.filter(~Q(escalated_on=None)).count() == 4
    viewer = CommunityViewer(officer, home, Policy(officer))
    waiting_for(viewer)
    with django_assert_num_queries(3):
        assert len(waiting_for(viewer).entries) == 4
