"""Several people binding one item at the same moment: nothing is doubled, and one change alone is told of."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from nianlun.kernel.models import AuditRow
from nianlun.ledgers.actions import bind
from nianlun.ledgers.models import ItemLedger
from nianlun.places.models import User
from tests.places import make
from tests.plans import making
from tests.plans.making import row

PRESSES = 4


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_four_who_press_at_once_bind_once() -> None:
    home = make.community()
    people = [make.secretary(f"boss{n}", at=home) for n in range(PRESSES)]
    version = making.in_review(home, people[0])
    text = row(version, "补种树苗")

    def press(user: User) -> bool:
        try:
            made = bind.add_ledger(acting_user=user, plan=version.plan, item_id=text.item_id, ledger="project")
            return made is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(PRESSES) as pool:
        changed = list(pool.map(press, people))
    assert changed.count(True) == 1
    assert ItemLedger.objects.filter(item=text.item_id, ledger="project").count() == 1
    assert AuditRow.objects.filter(action=bind.CHANGED).count() == 1
