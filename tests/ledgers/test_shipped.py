"""The declarations that come with the product: all can stand, and publishing them again publishes nothing."""

from __future__ import annotations

import pytest

from nianlun.ledgers.actions.publish import publish_shipped
from nianlun.ledgers.declarations.faults import BadDeclaration
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers
from nianlun.ledgers.models import LedgerVersion

COMMON = {
    "activity", "meeting", "visit", "inspection", "hazard", "request", "benefit", "service_order", "team", "shift",
    "publicity", "project", "checklist_review", "selection", "facility", "paper", "training", "expense",
}  # fmt: skip


def test_every_common_ledger_is_there_and_can_stand() -> None:
    assert set(shipped_ledgers()) >= COMMON
    titles = [one.ledger.title for one in shipped_ledgers().values()]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("code", sorted(shipped_ledgers()))
def test_a_declaration_written_out_and_read_again_is_the_same(code: str) -> None:
    ledger = shipped_ledgers()[code].ledger
    assert type(ledger).model_validate(ledger.model_dump(mode="json", by_alias=True, exclude_defaults=True)) == ledger


@pytest.mark.django_db
def test_they_are_published_once_and_a_change_in_place_is_refused() -> None:
    published = LedgerVersion.objects.filter(subdistrict=None).count()
    assert published == len(shipped_ledgers()) + len(shipped_checklists())
    assert publish_shipped() == 0
    LedgerVersion.objects.filter(code="hazard").update(digest="0" * 64)
    with pytest.raises(BadDeclaration, match="L501"):
        publish_shipped()
