"""Writes of a review to single items: edit, drop, restore, add from the text, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import User
from nianlun.plans import review_log
from nianlun.plans.describe import in_words
from nianlun.plans.models import Item, ItemOrigin, ItemText, PlanVersion, ReviewChange
from nianlun.plans.rereading import read_stretch
from nianlun.plans.review_log import log_change, open_review, state_of, touch
from nianlun.plans.stretches import LONGEST_ITEM, overlaps, trimmed

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class ItemFields:
    """What a reviewer may set on an item; targets and schedules in the form of GUIDELINES.md."""

    line: str
    owners: Sequence[str]
    targets: Sequence[Mapping[str, Any]]
    schedules: Sequence[Mapping[str, Any]]


@transaction.atomic
def edit_item(*, acting_user: User, row: ItemText, revision: int, fields: ItemFields) -> ReviewChange:
    """Set what an item asks for; a stale revision is refused with both values in words."""
    version = open_review(row.version)
    row = _current(version, row)
    mine = in_words(fields.line, fields.owners, fields.targets, fields.schedules)
    _check(row, revision, mine)
    if fields.line not in LINE_TITLES:
        raise UserError("请选一个条线。")
    before = {row.pk: state_of(row)}
    row.line, row.owners = fields.line, list(fields.owners)
    row.targets = [dict(target) for target in fields.targets]
    row.schedules = [dict(schedule) for schedule in fields.schedules]
    touch(row, acting_user)
    row.save()
    return log_change(
        version, acting_user=acting_user, what=f"修改“{_short(row)}”", before=before, after=[row],
        action="plan.item_edited",
    )  # fmt: skip


@transaction.atomic
def drop_item(*, acting_user: User, row: ItemText, revision: int, reason: str) -> ReviewChange:
    """Leave an item out of the year and say why; it stays in the text and can be restored."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise UserError("请写明不列入的原因，如“往年成果”“口号”“与第3条重复”。")
    return _set_dropped(acting_user, row, revision, reason, "不列入", "plan.item_dropped")


@transaction.atomic
def restore_item(*, acting_user: User, row: ItemText, revision: int) -> ReviewChange:
    return _set_dropped(acting_user, row, revision, "", "恢复", "plan.item_restored")


def _set_dropped(acting_user: User, row: ItemText, revision: int, reason: str, word: str, action: str) -> ReviewChange:
    version = open_review(row.version)
    row = _current(version, row)
    _check(row, revision, f"{word}（{reason}）" if reason else word)
    before = {row.pk: state_of(row)}
    row.dropped_reason = reason
    touch(row, acting_user)
    row.save()
    what = f"{word}“{_short(row)}”"
    return log_change(version, acting_user=acting_user, what=what, before=before, after=[row], action=action)


@transaction.atomic
def add_item(
    *, acting_user: User, version: PlanVersion, revision: int, start: int, end: int
) -> tuple[ItemText, ReviewChange]:
    """A new item from a stretch of the text that no item has yet, read as if the reader had found it."""
    version = open_review(version, revision=revision)
    start, end = trimmed(version.text, start, end)
    if end - start < 2:
        raise UserError("请先在原文里选中要添加的文字。")
    if end - start > LONGEST_ITEM:
        raise UserError(f"一条任务不超过 {LONGEST_ITEM} 字，请少选一些。")
    if overlaps(start, end, version.items.values_list("start", "end")):
        raise UserError("选中的文字与已有任务重叠。可以先拆分或恢复那一条，再添加。")
    item = Item.objects.create(plan=version.plan)
    row = ItemText(version=version, item=item, origin=ItemOrigin.ADDED, start=start, end=end)
    for name, value in read_stretch(version.text, version.outline, start, end).items():
        setattr(row, name, value)
    row.revision = 0
    touch(row, acting_user)
    row.save()
    change = log_change(
        version, acting_user=acting_user, what=f"添加“{_short(row)}”", before={row.pk: None}, after=[row],
        structural=True, action="plan.item_added",
    )  # fmt: skip
    return row, change


@transaction.atomic
def undo_change(*, acting_user: User, change: ReviewChange) -> ReviewChange:
    """Put back how the items stood before one change of the review."""
    return review_log.undo(change.version, change, acting_user=acting_user)


def _current(version: PlanVersion, row: ItemText) -> ItemText:
    """The row as it stands now, under the version's lock."""
    found = version.items.select_related("changed_by").filter(pk=row.pk).first()
    if found is None:
        raise StaleRevision("这一条刚刚被别人合并或撤销了，页面已换成最新的。")
    return found


def _check(row: ItemText, revision: int, mine: str) -> None:
    if row.revision != revision:
        who = row.changed_by.name if row.changed_by else "别人"
        theirs = in_words(row.line, row.owners, row.targets, row.schedules)
        if row.dropped_reason:
            theirs = f"不列入（{row.dropped_reason}）\n{theirs}"
        raise StaleRevision(f"您打开之后，{who}已改过这一条。两边的内容都在下面，请选一个。", mine=mine, theirs=theirs)


def _short(row: ItemText) -> str:
    return row.text if len(row.text) <= 20 else row.text[:19] + "…"
