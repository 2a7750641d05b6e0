"""The demo's year is under way: every list of the desk and every page of handing out has something to show."""

from __future__ import annotations

import pytest
from django.db.models import F

from nianlun.demo.load import load
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.models import Duty, Leave, Occurrence, Origin
from nianlun.kernel.clock import now
from nianlun.places.models import Community
from tests.duties import make


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("day", [(2026, 11, 23), (2027, 3, 6), (2027, 12, 30)])
def test_there_is_something_of_everything(day: tuple[int, int, int]) -> None:
    with make.at(*day):
        load(entries=0)
        moment = now()
    home = Community.objects.get(code="wutong")
    ours = Occurrence.objects.filter(community=home)
    done = ours.filter(status="done")
    assert done.count() > 50
    assert not done.filter(done_on__gt=moment.date()).exists() and not done.filter(recorded_at__gt=moment).exists()
    assert done.filter(done_on__lte=F("act_on"), recorded_at__date__gt=F("act_on")).exists()
    assert ours.filter(status="open", act_on__lt=moment.date()).exists()
    assert ours.filter(postponed_to__isnull=False).exists() and ours.filter(handed_by__isnull=False).exists()
    with make.at(*day):
        hands = Hands.of_community(Roster(home))
    with_someone = [bool(hands.people(duty.pk)) for duty in Duty.objects.filter(community=home)]
    assert any(with_someone) and not all(with_someone)
    assert Duty.objects.filter(community=home, origin=Origin.CHARGED).exists()
    assert Leave.objects.filter(community=home, starts_on=moment.date()).exists()
