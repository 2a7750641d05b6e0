"""The history of one record, from its audit rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from nianlun.kernel.models import AuditRow
from nianlun.ui.registers.keyset import page
from nianlun.ui.registers.register import Register

PER_PAGE = 20
# What an action is called where the register does not say: by its last word.
ACTS = {
    "added": "新增",
    "made": "新增",
    "changed": "修改",
    "withdrawn": "撤回",
    "closed": "停用",
    "retired": "停用",
    "reopened": "恢复",
    "moved": "移动",
    "merged": "合并",
    "unmerged": "撤销合并",
    "revealed": "查看号码",
}
WAYS = {"api": "接口", "sheet": "表格导入"}


@dataclass(frozen=True, slots=True)
class Change:
    """A field that an act changed; a secret one tells no values."""

    title: str
    secret: bool
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that was done to the record."""

    at: datetime
    who: str
    said: str
    way: str  # "" for a form
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class History:
    """Some acts, the latest first, and the cursors of those after (newer) and before (older)."""

    acts: list[Act]
    newer: str
    older: str


def history_page(register: Register[Any, Any], row: Any, viewer: Any, *, cursor: str = "") -> History:
    """Twenty acts; of fields that are kept from the viewer it tells nothing."""
    kept = AuditRow.objects.filter(kind=register.kind, record_id=row.pk)
    found = page(kept, ("at", "id"), descending=True, cursor=cursor, size=PER_PAGE)
    names = _names({one.actor_id for one in found.rows if one.actor_id})
    read = register.read(row, viewer)
    acts = [
        Act(
            at=one.at,
            who=names.get(one.actor_id, "已删除的账号") if one.actor_id else "系统",
            said=register.acts.get(one.action) or ACTS.get(one.action.rpartition(".")[2], "其他操作"),
            way=WAYS.get(str(one.detail.get("source", "")).partition(":")[0], ""),
            changes=list(_changes(register, one.detail, read)),
        )
        for one in found.rows
    ]
    return History(acts, found.before, found.after)


def _changes(register: Register[Any, Any], detail: Mapping[str, Any], read: Mapping[str, str]) -> Iterator[Change]:
    told = detail.get("changes")
    if not isinstance(told, dict):
        return
    for one in register.fields:
        sides = told.get(one.code)
        if one.code in read and isinstance(sides, list) and len(sides) == 2:
            old, new = ("", "") if one.secret else (str(sides[0]), str(sides[1]))
            yield Change(one.title, one.secret, old, new)


def _names(ids: set[UUID]) -> dict[UUID, str]:
    return {user.pk: getattr(user, "name", str(user)) for user in get_user_model().objects.filter(pk__in=ids)}
