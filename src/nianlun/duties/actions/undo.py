"""Taking an act back: the record is put as it stood before, if nothing else has happened to it since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from nianlun.duties.actions.acts import WORK_FIELDS, assignments_of, note_act, snapshot
from nianlun.duties.actions.hand_out import unmap_word
from nianlun.duties.materialise import materialise
from nianlun.duties.models import Assignment, Duty, Occurrence, OccurrenceStatus, Share
from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy

UNDOABLE = frozenset(
    {
        "occurrence.taken", "occurrence.handed_over", "occurrence.postponed", "occurrence.done",
        "occurrence.share_done", "duty.handed_out", "duty.called_off",
        "duty.daily_set",
        "owner_word.mapped",
    }
)  # fmt: skip


@transaction.atomic
def undo(*, acting_user: User, community: Community, rows: Iterable[UUID]) -> int:
    """Take back the acts of these audit rows, the last one first, all or none; by who did them, or the secretary."""
    policy = Policy(acting_user)
    if not policy.allows(May.SEE, community):
        raise Http404
    found = list(AuditRow.objects.filter(pk__in=list(rows), subdistrict_id=community.subdistrict_id).order_by("-pk"))
    if not found:
        raise UserError("没有可以撤销的操作。")
    for row in found:
        if row.action not in UNDOABLE:
            raise UserError("这一步不能撤销。")
        if row.actor_id != acting_user.pk and not policy.allows(May.HAND_OUT, community):
            raise PermissionDenied
        if row.kind == "occurrence":
            _occurrence(row, acting_user, community)
        elif row.kind == "community":
            _word(row, acting_user, community)
        else:
            _duty(row, acting_user, community)
    return len(found)


def _stale() -> StaleRevision:
    return StaleRevision("这之后又有别的改动，不能直接撤销；请打开任务，看清现在的情况再改。")


def _occurrence(row: AuditRow, acting_user: User, community: Community) -> None:
    one = (
        Occurrence.objects.select_for_update(of=("self",))
        .select_related("duty")
        .filter(pk=row.record_id, community=community)
        .first()
    )
    if one is None:
        raise Http404
    now_stands = snapshot(one, WORK_FIELDS)
    if person := row.detail.get("share_of"):
        _share(one, person)
    elif one.revision != row.detail["after"]:
        raise _stale()
    else:
        before = row.detail["before"]
        for name in WORK_FIELDS:
            setattr(one, name, _typed(name, before[name]))
    one.act_on = one.postponed_to or one.due_on  # the calendar may have moved it meanwhile
    one.revision += 1
    one.save(update_fields=[*(name.removesuffix("_id") for name in WORK_FIELDS), "revision"])
    note_act("occurrence.undone", acting_user=acting_user, record=one, before=now_stands, undid=row.action)


def _share(one: Occurrence, person: str) -> None:
    """One share comes out, whatever others did with theirs; a whole that was done by it is open again."""
    if one.taken_by_id is not None or one.status not in (OccurrenceStatus.OPEN, OccurrenceStatus.DONE):
        raise _stale()
    gone, _ = Share.objects.filter(occurrence=one, user_id=person).delete()
    if not gone:
        raise _stale()
    one.status, one.done_on, one.done_by, one.recorded_at, one.recorded_by = (
        OccurrenceStatus.OPEN,
        None,
        None,
        None,
        None,
    )


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in ("postponed_to", "act_on", "done_on"):
        return date.fromisoformat(value)
    if name == "recorded_at":
        return datetime.fromisoformat(value)
    return UUID(value) if name.endswith("_id") else value


def _word(row: AuditRow, acting_user: User, community: Community) -> None:
    detail = row.detail
    if row.record_id != community.pk:
        raise Http404
    if not unmap_word(community, detail["word"], detail["before"], detail["after"]):
        raise _stale()
    audit.record(
        "owner_word.undone", actor_id=acting_user.pk, kind="community", record_id=community.pk,
        subdistrict_id=community.subdistrict_id, detail={"word": detail["word"]},
    )  # fmt: skip


def _duty(row: AuditRow, acting_user: User, community: Community) -> None:
    duty = Duty.objects.select_for_update(of=("self",)).filter(pk=row.record_id, community=community).first()
    if duty is None:
        raise Http404
    if duty.revision != row.detail["after"]:
        raise _stale()
    before = row.detail["before"]
    duty.revision += 1
    if row.action == "duty.handed_out":
        now_stands: dict[str, Any] = {"assignments": assignments_of(duty.pk)}
        duty.assignments.all().delete()
        Assignment.objects.bulk_create(Assignment(duty=duty, **form) for form in before["assignments"])
        duty.save(update_fields=["revision"])
    elif row.action == "duty.daily_set":
        now_stands = {"every_day": duty.every_day}
        duty.every_day = before["every_day"]
        duty.save(update_fields=["every_day", "revision"])
        materialise(community, only=[duty.pk])
    else:
        now_stands = {"ended_on": str(duty.ended_on), "ended_reason": duty.ended_reason}
        duty.ended_on, duty.ended_reason = None, ""
        duty.save(update_fields=["ended_on", "ended_reason", "revision"])
        duty.occurrences.filter(status=OccurrenceStatus.VOID).update(status=OccurrenceStatus.OPEN)
        materialise(community, only=[duty.pk])
    note_act("duty.undone", acting_user=acting_user, record=duty, before=now_stands, undid=row.action)
