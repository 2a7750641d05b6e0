"""What pages of duties show of places: on a time of one, on the duty, and over the year."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nianlun.duties import standing
from nianlun.duties.agenda import Moment
from nianlun.duties.models import Duty, Occurrence, OccurrenceStatus
from nianlun.kernel.clock import today
from nianlun.ledgers.fan_out.counts import counts_of
from nianlun.ledgers.fan_out.words import suggested
from nianlun.ledgers.models import FanOut
from nianlun.places.access import policy_of
from nianlun.places.models import Community
from nianlun.places.policy import May


def on_duty(request: HttpRequest, duty: Duty) -> SafeString | None:
    """How the duty fans out; to who may hand out also what its words suggest."""
    if duty.ended_on is not None:
        return None
    fan = FanOut.objects.filter(duty=duty).select_related("grid", "estate", "set_by").first()
    may_set = policy_of(request).allows(May.HAND_OUT, duty.community)
    if fan is None and not may_set:
        return None
    about = {
        "fan": fan, "may_set": may_set, "suggested": suggested(duty.title) if fan is None else None,
        "address": reverse("ledgers:fan_out", args=[duty.community.code, duty.pk]),
    }  # fmt: skip
    return render_to_string("ledgers/fan_out/duty.html", about, request=request)


def over_the_year(request: HttpRequest, community: Community, moments: Sequence[Moment]) -> SafeString | None:
    """Of each duty that fans out the time that is on now, with how far it has come."""
    fanned = set(
        FanOut.objects.filter(duty__community=community, duty__ended_on=None).values_list("duty_id", flat=True)
    )
    if not fanned:
        return None
    current: dict[UUID, tuple[Duty, Occurrence]] = {}
    for moment in moments:
        if moment.duty.pk in fanned and moment.row is not None:
            kept = current.get(moment.duty.pk)
            if kept is None or (_is_on(moment.row) and not _is_on(kept[1])):
                current[moment.duty.pk] = (moment.duty, moment.row)
    ones = [one for _, one in current.values()]
    counts = counts_of(community, ones)
    lines = [
        {
            "duty": duty, "one": one, "count": counts[one.pk], "due": standing.due_said(one, today()),
            "late": standing.late_days(one, today()),
            "address": reverse("ledgers:places", args=[community.code, one.pk]),
        }
        for duty, one in current.values()
        if one.pk in counts
    ]  # fmt: skip
    return render_to_string("ledgers/fan_out/progress.html", {"lines": lines}, request=request) if lines else None


def _is_on(one: Occurrence) -> bool:
    return one.status == OccurrenceStatus.OPEN and one.window_start <= today()
