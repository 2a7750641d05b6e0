"""Items bound to ledgers: at adoption, by hand, by taking suggestions; remembered, and taken back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions import bind
from nianlun.ledgers.bound import counts_of
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.models import ItemLedger, LedgerVersion, Standing
from nianlun.places.models import Community, User
from nianlun.plans.actions import adopt, copy_version
from nianlun.plans.models import ItemText, PlanVersion
from tests.places import make
from tests.plans import making
from tests.plans.making import row

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Community:
    return make.community()


@pytest.fixture
def boss(home: Community) -> User:
    return make.secretary("boss", at=home)


@pytest.fixture
def version(home: Community, boss: User) -> PlanVersion:
    return making.in_review(home, boss)


def bound(text: ItemText) -> dict[str, str]:
    rows = ItemLedger.objects.filter(item=text.item_id)
    return {
        one.ledger: "refused" if one.refused else "suggested" if one.suggested else "chosen" for one in rows
    }  # fmt: skip


def adopted(version: PlanVersion, boss: User) -> PlanVersion:
    return adopt(acting_user=boss, version=version, edits=version.edits)


def test_what_is_suggested_is_bound_when_the_plan_is_adopted(version: PlanVersion, boss: User) -> None:
    assert not ItemLedger.objects.exists()
    adopted(version, boss)
    assert bound(row(version, "消防检查")) == {"inspection": "suggested"}
    assert bound(row(version, "疏散演练")) == {"activity": "suggested"}
    told = AuditRow.objects.get(action="plan.ledgers_bound")
    assert told.detail["bound"] == ItemLedger.objects.count() and told.actor_id == boss.pk


def test_what_was_taken_away_in_the_review_stays_away_and_what_was_added_stays(
    version: PlanVersion, boss: User
) -> None:
    text = row(version, "消防检查")
    bind.remove_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="inspection")
    bind.add_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="hazard")
    adopted(version, boss)
    assert bound(text) == {"inspection": "refused", "hazard": "chosen"}


def test_bindings_are_remembered_from_version_to_version(version: PlanVersion, boss: User) -> None:
    adopted(version, boss)
    text = row(version, "消防检查")
    bind.remove_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="inspection")
    bind.add_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="visit")
    adopted(copy_version(acting_user=boss, source=version), boss)
    assert bound(text) == {"inspection": "refused", "visit": "chosen"}


def test_an_item_left_out_of_the_year_is_bound_to_nothing(version: PlanVersion, boss: User) -> None:
    version.items.filter(text__contains="消防检查").update(dropped_reason="重复")
    adopted(version, boss)
    assert bound(row(version, "消防检查")) == {}


def test_a_change_is_taken_back_and_done_again(version: PlanVersion, boss: User) -> None:
    text = row(version, "补种树苗")
    change = bind.add_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="project")
    assert change is not None and bound(text) == {"project": "chosen"}
    undone = bind.undo(acting_user=boss, plan=version.plan, row=change.pk)
    assert bound(text) == {}
    bind.undo(acting_user=boss, plan=version.plan, row=undone.pk)
    assert bound(text) == {"project": "chosen"}


def test_a_change_is_not_taken_back_over_a_later_one(version: PlanVersion, boss: User) -> None:
    text = row(version, "补种树苗")
    change = bind.add_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="project")
    assert change is not None
    bind.remove_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="project")
    with pytest.raises(StaleRevision):
        bind.undo(acting_user=boss, plan=version.plan, row=change.pk)
    assert bound(text) == {"project": "refused"}


def test_undo_is_of_a_change_of_this_plan_alone(version: PlanVersion, boss: User, home: Community) -> None:
    other = making.in_review(home, boss, year=2028)
    text = row(other, "补种树苗")
    change = bind.add_ledger(acting_user=boss, plan=other.plan, item_id=text.item_id, ledger="project")
    assert change is not None
    for pk in (change.pk, uuid4()):
        with pytest.raises(Http404):
            bind.undo(acting_user=boss, plan=version.plan, row=pk)


def test_doing_it_twice_changes_nothing_and_tells_nothing(version: PlanVersion, boss: User) -> None:
    adopted(version, boss)
    text, told = row(version, "消防检查"), AuditRow.objects.count()
    again = bind.add_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="inspection")
    assert again is None and bound(text) == {"inspection": "suggested"} and AuditRow.objects.count() == told


def test_suggestions_are_taken_for_items_without_a_ledger_only(version: PlanVersion, boss: User) -> None:
    adopted(version, boss)
    ItemLedger.objects.all().delete()
    one, other = row(version, "消防检查"), row(version, "疏散演练")
    bind.add_ledger(acting_user=boss, plan=version.plan, item_id=other.item_id, ledger="meeting")
    bind.take_suggestions(acting_user=boss, plan=version.plan, items=[one.item_id, other.item_id])
    assert bound(one) == {"inspection": "suggested"} and bound(other) == {"meeting": "chosen"}
    change = bind.take_suggestions(acting_user=boss, plan=version.plan)
    assert change is not None and counts_of(version, version.plan.community).bound == len(change.detail["after"]) + 2
    bind.undo(acting_user=boss, plan=version.plan, row=change.pk)
    assert counts_of(version, version.plan.community).bound == 2


def test_refusals(version: PlanVersion, boss: User, home: Community) -> None:
    text, plan = row(version, "消防检查"), version.plan
    with pytest.raises(UserError, match="没有这本台账"):
        bind.add_ledger(acting_user=boss, plan=plan, item_id=text.item_id, ledger="no_such")
    with pytest.raises(UserError, match="没有这本台账"):
        bind.remove_ledger(acting_user=boss, plan=plan, item_id=text.item_id, ledger="no_such")
    with pytest.raises(UserError, match="没有找到这条任务"):
        bind.add_ledger(acting_user=boss, plan=plan, item_id=uuid4(), ledger="visit")
    with pytest.raises(UserError, match="还没有通过"):
        bind.take_suggestions(acting_user=boss, plan=plan)
    with pytest.raises(PermissionDenied):
        worker = make.worker("worker", at=home)
        bind.add_ledger(acting_user=worker, plan=plan, item_id=text.item_id, ledger="visit")


def test_a_ledger_of_the_community_is_suggested_by_its_words(version: PlanVersion, boss: User) -> None:
    declared = shipped_ledgers()["team"].ledger.model_copy(update={"ledger": "saplings", "words": ["补种树苗"]})
    body = declared.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    home = version.plan.community
    LedgerVersion.objects.create(
        code="saplings", version=1, title="树苗台账", subdistrict=home.subdistrict, community=home,
        standing=Standing.PUBLISHED, body=body,
    )  # fmt: skip
    adopted(version, boss)
    assert "saplings" in bound(row(version, "补种树苗"))


def test_a_retired_ledger_can_still_be_taken_away(version: PlanVersion, boss: User) -> None:
    text = row(version, "消防检查")
    ItemLedger.objects.create(item=text.item, ledger="retired_one")
    bind.remove_ledger(acting_user=boss, plan=version.plan, item_id=text.item_id, ledger="retired_one")
    assert bound(text) == {"retired_one": "refused"}
