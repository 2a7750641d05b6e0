"""What every act leaves behind: how the record stood before, and its revision afterwards, so that it can be undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from nianlun.duties.models import Assignment, Duty, Occurrence
from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision
from nianlun.kernel.models import AuditRow
from nianlun.places.models import User

WORK_FIELDS = (
    "status", "postponed_to", "postponed_reason", "act_on", "taken_by_id", "handed_by_id",
    "done_on", "done_by_id", "recorded_at", "recorded_by_id", "note",
)  # fmt: skip
ASSIGNEE_FIELDS = ("user_id", "post_kind", "post_title", "body_id", "mode")


def plain(value: Any) -> Any:
    """A field's value as JSON has it."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def snapshot(record: models.Model, fields: Sequence[str]) -> dict[str, Any]:
    return {name: plain(getattr(record, name)) for name in fields}


def assignments_of(duty_id: UUID) -> list[dict[str, Any]]:
    """The duty's assignments as they can be made again."""
    rows = Assignment.objects.filter(duty_id=duty_id).order_by("pk")
    return [{"word": row.word, **snapshot(row, ASSIGNEE_FIELDS)} for row in rows]


def lock(pk: UUID, revision: int | None, *, mine: object = None) -> Occurrence:
    """The occurrence, locked; stale if it is no longer at the revision that the user saw."""
    one = Occurrence.objects.select_for_update(of=("self",)).select_related("duty", "community").get(pk=pk)
    check_revision(one, revision, mine=mine)
    return one


def check_revision(one: Occurrence, revision: int | None, *, mine: object = None) -> None:
    if revision is not None and one.revision != revision:
        raise StaleRevision("这项任务刚刚有别人动过，请看清现在的情况再决定。", mine=mine, theirs=as_words(one))


def as_words(one: Occurrence) -> str:
    """How an occurrence stands now, for the side-by-side view of a clash."""
    lines = [f"状态：{one.get_status_display()}"]
    if one.done_on is not None and one.done_by is not None:
        lines.append(f"完成：{one.done_on}，{one.done_by.name}")
    if one.taken_by is not None:
        lines.append(f"现由：{one.taken_by.name}")
    if one.postponed_to is not None:
        lines.append(f"延至：{one.postponed_to}，{one.postponed_reason}")
    if one.note:
        lines.append(f"说明：{one.note}")
    return "\n".join(lines)


def note_act(
    action: str,
    *,
    acting_user: User | None,
    record: Occurrence | Duty,
    before: Mapping[str, Any],
    **detail: Any,
) -> AuditRow:
    """The audit row of an act on an occurrence or a duty, whose revision has been raised already."""
    duty = record.duty if isinstance(record, Occurrence) else record
    return audit.record(
        action,
        actor_id=acting_user.pk if acting_user else None,
        kind="occurrence" if isinstance(record, Occurrence) else "duty",
        record_id=record.pk,
        subdistrict_id=duty.subdistrict_id,
        detail={
            **{key: plain(value) for key, value in detail.items()},
            "before": dict(before),
            "after": record.revision,
        },
    )
