"""Taking back a completion whose ground is gone: the time is open again, whoever recorded it."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from nianlun.duties.actions.acts import WORK_FIELDS, lock, note_act, snapshot
from nianlun.duties.models import Occurrence, OccurrenceStatus, Share
from nianlun.kernel.models import AuditRow
from nianlun.places.models import User

COMPLETIONS = ("occurrence.done", "occurrence.share_done")


@transaction.atomic
def reopen(*, acting_user: User, act: UUID, reason: str) -> AuditRow | None:
    """Take back what an act recorded as done; None where it no longer stands so.

    It asks for no right: what the act rested on was taken away by somebody who might.
    """
    row = AuditRow.objects.filter(pk=act, action__in=COMPLETIONS).first()
    if row is None:
        return None
    one = lock(row.record_id, None)
    before = snapshot(one, WORK_FIELDS)
    if person := row.detail.get("share_of"):
        gone, _ = Share.objects.filter(occurrence=one, user_id=person, recorded_at__lte=row.at).delete()
        if not gone:
            return None
    elif one.status != OccurrenceStatus.DONE or one.recorded_at is None or one.recorded_at > row.at:
        return None
    one.status = _waiting(one)
    one.done_on, one.done_by, one.recorded_at, one.recorded_by = None, None, None, None
    one.act_on = one.postponed_to or one.due_on  # the calendar may have moved it meanwhile
    one.revision += 1
    one.save(
        update_fields=["status", "done_on", "done_by", "recorded_at", "recorded_by", "act_on", "revision"]
    )  # fmt: skip
    return note_act("occurrence.reopened", acting_user=acting_user, record=one, before=before, reason=reason)


def _waiting(one: Occurrence) -> OccurrenceStatus:
    """What it is while it is not done: called off with its duty, before the plan stood, or open."""
    ended = one.duty.ended_on
    if ended is not None and one.act_on >= ended:
        return OccurrenceStatus.VOID
    return OccurrenceStatus.BEFORE if one.window_end < one.duty.adopted_on else OccurrenceStatus.OPEN
