"""What waits for me on the desk, and what the subdistrict is told when nobody settled it in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from nianlun.kernel.clock import today
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions.escalate import escalate_overdue
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.models import Entry
from nianlun.ledgers.waiting import waiting_for
from nianlun.places.models import User
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from tests.ledgers.make import Yard, hazard, yard
from tests.ledgers.views.test_home import client_of
from tests.places import make

pytestmark = pytest.mark.django_db
NOTICE = {"party_name": "小吃店", "demand": "清走杂物", "deadline": (today() + timedelta(days=3)).isoformat()}


@pytest.fixture
def world() -> Yard:
    return yard()


def titles(user: User, world: Yard) -> list[str]:
    found = waiting_for(CommunityViewer(user, world.home, Policy(user)))
    return [entry.title for entry, _ in found.entries]


def overdue(world: Yard) -> Entry:
    entry = hazard(world.one, world.home)
    made = make_step(acting_user=world.one, pk=entry.pk, revision=None, code="notify", written=NOTICE)
    Entry.objects.filter(pk=made.pk).update(due_on=today() - timedelta(days=2))
    return made


def test_what_waits_is_of_ones_posts_and_overdue_first(world: Yard) -> None:
    hazard(world.one, world.home, found="先登记的")
    late = overdue(world)
    assert titles(world.one, world) == [late.title, "先登记的"]
    assert titles(world.stranger, world) == []
    assert "等我办的台账" in client_of(world.one).get("/c/wutong/desk/").content.decode()


def test_what_one_did_does_not_wait_for_ones_own_verifying(world: Yard) -> None:
    entry = hazard(world.one, world.home)
    written = {"measures": "已清走", "mended_on": today().isoformat()}
    make_step(acting_user=world.one, pk=entry.pk, revision=None, code="mend_at_once", written=written)
    assert titles(world.one, world) == [] and titles(world.two, world) == [entry.title]


def test_the_desk_asks_no_more_for_more(world: Yard, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(5):
        hazard(world.one, world.home)
    viewer = CommunityViewer(world.one, world.home, Policy(world.one))
    waiting_for(viewer)
    with django_assert_num_queries(2):
        waiting_for(viewer)


def test_the_subdistrict_is_told_once_of_what_is_overdue(world: Yard) -> None:
    late = overdue(world)
    hazard(world.two, world.home)
    assert escalate_overdue() == 1 and escalate_overdue() == 0
    late.refresh_from_db()
    assert late.escalated_on == today() and AuditRow.objects.filter(action="entry.escalated").count() == 1
    office = make.officer(of=world.home.subdistrict)
    page = client_of(office).get("/ledgers/overdue/").content.decode()
    assert late.title in page and "2 天" in page
    assert client_of(world.boss).get("/ledgers/overdue/").status_code == 403
    elsewhere = make.officer("elsewhere", of=world.stranger.posts.get().subdistrict)
    assert late.title not in client_of(elsewhere).get("/ledgers/overdue/").content.decode()
