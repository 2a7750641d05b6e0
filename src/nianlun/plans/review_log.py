"""Every change of a review goes through here: one lock, one number, and what it takes to undo it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.models import User
from nianlun.plans.models import UNDONE, ItemText, PlanVersion, ReviewChange, VersionStatus

CONTENT = (
    "start", "end", "text", "line", "targets", "schedules", "owners", "rules", "headings", "origin", "dropped_reason",
)  # fmt: skip
State = dict[str, Any] | None


def open_review(version: PlanVersion, *, revision: int | None = None) -> PlanVersion:
    """The version, locked, if it is still in review; with `revision`, only if its items are the ones that were seen."""
    locked = (
        PlanVersion.objects.select_for_update(of=("self",))
        .select_related("plan__community")
        .defer("source_bytes")
        .get(pk=version.pk)
    )
    if locked.status != VersionStatus.REVIEW:
        raise UserError(f"这一版{locked.get_status_display()}，不能再改。要改请在计划页“另做新版”。")
    if revision is not None and locked.revision != revision:
        raise StaleRevision("别人刚刚合并、拆分或添加了任务。页面已换成最新的，请核对后再做一次。")
    return locked


def state_of(row: ItemText) -> dict[str, Any]:
    """The row as JSON, enough to make it again."""
    return {"item": str(row.item_id), "revision": row.revision, **{name: getattr(row, name) for name in CONTENT}}


def log_change(
    version: PlanVersion,
    *,
    acting_user: User,
    what: str,
    before: Mapping[UUID, State],
    after: Iterable[ItemText],
    gone: Iterable[UUID] = (),
    structural: bool = False,
    action: str,
) -> ReviewChange:
    """Number the change, keep its undo, leave its audit row; `version` is locked by the caller."""
    version.edits += 1
    version.revision += structural
    version.save(update_fields=["edits", "revision"])
    left: dict[str, int | None] = {str(row.pk): row.revision for row in after} | {str(pk): None for pk in gone}
    change = ReviewChange.objects.create(
        version=version,
        number=version.edits,
        what=what[:80],
        structural=structural,
        before={str(pk): state for pk, state in before.items()},
        after=left,
        by=acting_user,
    )
    audit.record(
        action, actor_id=acting_user.pk, kind="plan_version", record_id=version.pk,
        subdistrict_id=version.plan.community.subdistrict_id, detail={"what": what, "items": sorted(left)},
    )  # fmt: skip
    return change


def touch(row: ItemText, acting_user: User) -> None:
    """Note on the row, before it is saved, that it was changed."""
    row.revision += 1
    row.changed_at, row.changed_by = now(), acting_user


def undo(version: PlanVersion, change: ReviewChange, *, acting_user: User) -> ReviewChange:
    """Put back how the items stood before a change, unless one of them was changed since. Inside a transaction."""
    version = open_review(version)
    change = ReviewChange.objects.select_for_update().get(pk=change.pk, version=version)
    if change.undone:
        raise UserError("这一步已经撤销过了。")
    rows = {str(row.pk): row for row in version.items.filter(pk__in=list(change.after))}
    for pk, revision in change.after.items():
        row = rows.get(pk)
        if (row.revision if row else None) != revision:
            raise StaleRevision("这一步之后又有人改过同一条任务，不能直接撤销，请逐条修改。")
    before = {UUID(pk): state_of(rows[pk]) if pk in rows else None for pk in change.after}
    after, gone = [], []
    for pk, state in change.before.items():
        if state is None:
            rows[pk].delete()
            gone.append(UUID(pk))
            continue
        row = rows.get(pk) or ItemText(pk=UUID(pk), version=version, revision=int(state["revision"]))
        row.item_id = UUID(state["item"])
        for name in CONTENT:
            setattr(row, name, state[name])
        touch(row, acting_user)
        row.save()
        after.append(row)
    ReviewChange.objects.filter(pk=change.pk).update(undone=True)
    return log_change(
        version,
        acting_user=acting_user,
        what=f"重做：{change.what.removeprefix(UNDONE)}"
        if change.is_undo
        else UNDONE + change.what.removeprefix("重做："),
        before=before,
        after=after,
        gone=gone,
        structural=change.structural,
        action="plan.review_undone",
    )
