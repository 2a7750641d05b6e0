"""Writes of a review that change which items stand in the text: merge, split, and pairing with the version before."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from nianlun.kernel.errors import UserError
from nianlun.places.models import User
from nianlun.plans.access import base_of
from nianlun.plans.models import Item, ItemOrigin, ItemText, PlanVersion, ReviewChange
from nianlun.plans.review_log import State, log_change, open_review, state_of, touch
from nianlun.plans.stretches import (
    LONGEST_ITEM,
    joined,
    owners_shared_out,
    schedule_key,
    shared_out,
    target_key,
    trimmed,
)  # fmt: skip


@transaction.atomic
def merge_items(
    *, acting_user: User, version: PlanVersion, revision: int, pks: Sequence[UUID]
) -> tuple[ItemText, ReviewChange]:
    """Neighbouring items become one over the whole stretch; it keeps the identity of the longest."""
    version = open_review(version, revision=revision)
    rows = list(version.items.filter(pk__in=pks))
    if len(rows) < 2 or len(rows) != len(set(pks)):
        raise UserError("请选两条或更多相邻的任务再合并。")
    start, end = rows[0].start, max(row.end for row in rows)
    between = version.items.filter(start__lt=end, end__gt=start).exclude(pk__in=pks)
    if between.exists():
        raise UserError("选中的任务之间还隔着别的任务，只能合并相邻的。")
    if end - start > LONGEST_ITEM:
        raise UserError(f"合并后超过 {LONGEST_ITEM} 字，不像一条任务了。")
    before: dict[UUID, State] = {row.pk: state_of(row) for row in rows}
    kept = max(rows, key=lambda row: len(row.text))
    others = [row for row in rows if row.pk != kept.pk]
    kept.start, kept.end, kept.text = start, end, version.text[start:end]
    kept.targets = joined((row.targets for row in rows), target_key)
    kept.schedules = joined((row.schedules for row in rows), schedule_key)
    kept.owners = list(dict.fromkeys(owner for row in rows for owner in row.owners))
    kept.rules = list(dict.fromkeys(rule for row in rows for rule in row.rules))
    kept.origin, kept.dropped_reason = ItemOrigin.MERGED, ""
    touch(kept, acting_user)
    version.items.filter(pk__in=[row.pk for row in others]).delete()
    kept.save()
    change = log_change(
        version, acting_user=acting_user, what=f"合并 {len(rows)} 条任务", before=before, after=[kept],
        gone=[row.pk for row in others], structural=True, action="plan.items_merged",
    )  # fmt: skip
    return kept, change


@transaction.atomic
def split_item(
    *, acting_user: User, version: PlanVersion, revision: int, pk: UUID, at: int
) -> tuple[ItemText, ReviewChange]:
    """Cut an item before the character at `at` (an offset in the text); the longer part keeps the identity."""
    version = open_review(version, revision=revision)
    row = version.items.filter(pk=pk).first()
    if row is None:
        raise UserError("没有找到这一条，可能已被合并或撤销，请刷新页面。")
    first, second = trimmed(version.text, row.start, at), trimmed(version.text, at, row.end)
    if min(first[1] - first[0], second[1] - second[0]) < 2:
        raise UserError("请在一条任务的中间选一个位置拆分，两边都要有文字。")
    before: dict[UUID, State] = {row.pk: state_of(row)}
    new = ItemText(version=version, item=Item.objects.create(plan=version.plan), revision=0)
    new.line, new.rules, new.headings = row.line, list(row.rules), list(row.headings)
    longer_first = first[1] - first[0] >= second[1] - second[0]
    front, back = (row, new) if longer_first else (new, row)
    targets, schedules = shared_out(row.targets, first, second), shared_out(row.schedules, first, second)
    owners = owners_shared_out(row.owners, version.text[slice(*first)], version.text[slice(*second)])
    for part, place, which in ((front, first, 0), (back, second, 1)):
        part.start, part.end = place
        part.text = version.text[slice(*place)]
        part.targets, part.schedules, part.owners = targets[which], schedules[which], owners[which]
        part.origin, part.dropped_reason = ItemOrigin.SPLIT, ""
        touch(part, acting_user)
        part.save()
    before[new.pk] = None
    change = log_change(
        version, acting_user=acting_user, what="拆分一条任务", before=before, after=[front, back],
        structural=True, action="plan.item_split",
    )  # fmt: skip
    return front, change


@transaction.atomic
def pair_item(
    *, acting_user: User, version: PlanVersion, revision: int, pk: UUID, item_id: UUID | None
) -> ReviewChange:
    """Say by hand which item of the version before this one is; None makes it a new item."""
    version = open_review(version, revision=revision)
    row = version.items.filter(pk=pk).first()
    if row is None:
        raise UserError("没有找到这一条，可能已被合并或撤销，请刷新页面。")
    base = base_of(version)
    if item_id is not None and (base is None or not base.items.filter(item_id=item_id).exists()):
        raise UserError("上一版里没有这一条。")
    if item_id is not None and version.items.filter(item_id=item_id).exclude(pk=pk).exists():
        raise UserError("上一版的这一条已对应别的任务，请先解除那一条的对应。")
    before = {row.pk: state_of(row)}
    row.item_id = item_id or Item.objects.create(plan=version.plan).pk
    touch(row, acting_user)
    row.save()
    what = "对应上一版的任务" if item_id else "改为新任务"
    return log_change(
        version, acting_user=acting_user, what=what, before=before, after=[row], structural=True,
        action="plan.item_paired",
    )  # fmt: skip
