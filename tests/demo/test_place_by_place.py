"""The demo's duties have their entries, and one that is done shop by shop has come half way."""

from __future__ import annotations

from datetime import datetime

import pytest

from nianlun.demo.load import load
from nianlun.duties.models import OccurrenceStatus
from nianlun.kernel.clock import CHINA, frozen
from nianlun.ledgers.fan_out.counts import counts_of
from nianlun.ledgers.models import DutyEntry, FanOut

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_done_duties_have_entries_and_some_shops_wait() -> None:
    with frozen(datetime(2026, 11, 25, 10, tzinfo=CHINA)):
        load(entries=0.3)
        fan = FanOut.objects.get(duty__year=2026)
        times = list(fan.duty.occurrences.filter(status=OccurrenceStatus.OPEN).select_related("community"))
        counts = counts_of(fan.duty.community, times)
        assert sorted({count.said for count in counts.values()}) == ["0 / 12", "5 / 12"]
        assert DutyEntry.objects.filter(place_id=None).count() > 3  # each has a word in common with its duty
