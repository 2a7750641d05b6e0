"""The demo's plans have their ledgers: by adoption, and by what their secretaries decided."""

from __future__ import annotations

import pytest

from nianlun.demo.bindings import ADDED, TAKEN_AWAY, load_bindings
from nianlun.demo.duties import SECRETARIES
from nianlun.demo.load import _places_and_people
from nianlun.demo.plans import load_plans
from nianlun.ledgers.bound import counts_of
from nianlun.ledgers.models import ItemLedger
from nianlun.plans.models import ItemText, PlanVersion, VersionStatus


@pytest.mark.slow
@pytest.mark.django_db
def test_most_items_of_adopted_plans_have_a_ledger_and_every_decision_found_its_sentence() -> None:
    users = _places_and_people()
    load_plans(users)
    load_bindings(users, SECRETARIES)
    for version in PlanVersion.objects.filter(status=VersionStatus.ADOPTED):
        counts = counts_of(version, version.plan.community)
        assert counts.bound > 0.6 * counts.all and len(counts.by_ledger) > 8
    for decided, refused in ((ADDED, False), (TAKEN_AWAY, True)):
        for code, by_words in decided.items():
            for words, ledger in by_words.items():
                items = ItemText.objects.filter(text__contains=words, version__plan__community__code=code)
                found = ItemLedger.objects.filter(item__in=items.values("item"), ledger=ledger, refused=refused)
                assert found.exists(), words
