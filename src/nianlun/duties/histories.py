"""Audit rows in the words of a page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nianlun.duties.assignment import Roster
from nianlun.kernel.clock import CHINA
from nianlun.kernel.models import AuditRow
from nianlun.places.models import User

WORDS = {
    "occurrence.taken": "认领",
    "occurrence.handed_over": "转交给{to}",
    "occurrence.postponed": "延期到{day}",
    "occurrence.done": "登记完成（{on}完成）",
    "occurrence.share_done": "登记{share_of}的一份完成（{on}完成）",
    "occurrence.undone": "撤销：{undid}",
    "occurrence.files_added": "补传材料",
    "occurrence.file_removed": "删除材料“{name}”",
    "occurrence.entry_linked": "关联一条{ledger}",
    "occurrence.entry_unlinked": "取消关联一条{ledger}",
    "occurrence.reopened": "重新打开，恢复为待办",
    "duty.handed_out": "分工",
    "duty.added": "添加任务",
    "duty.edited": "修改任务",
    "duty.daily_set": "改为{days}",
    "duty.changed": "按计划第{version}版更新",
    "duty.left_plan": "新版计划未列入，任务结束",
    "duty.called_off": "取消任务",
    "duty.undone": "撤销：{undid}",
    "duty.fanned_out": "设定逐个落实：{each}",
}
PLAIN = {
    "occurrence.taken": "认领", "occurrence.handed_over": "转交", "occurrence.postponed": "延期",
    "occurrence.done": "完成", "occurrence.share_done": "完成一份",
    "duty.handed_out": "分工", "duty.called_off": "取消任务",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a history."""

    at: datetime
    who: str
    what: str
    reason: str
    undo: str  # the row to take back, where that is possible


def told(
    rows: list[tuple[AuditRow, str]], roster: Roster, *, undoable: Collection[str], revision: int, record: UUID
) -> list[Told]:
    """The rows in words; the act after which nothing else happened to the record can be taken back."""
    names = dict(roster.names)
    strangers = _mentioned(rows) - set(names)
    if strangers:
        names |= dict(User.objects.filter(pk__in=strangers).values_list("pk", "name"))
    lines = []
    for row, who in rows:
        last = row.record_id == record and row.action in undoable and row.detail.get("after") == revision
        what = WORDS.get(row.action, row.action).format_map(_values(row.detail, names))
        lines.append(
            Told(row.at.astimezone(CHINA), who, what, row.detail.get("reason", ""), str(row.pk) if last else "")
        )
    return lines


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def _values(detail: dict[str, Any], names: dict[UUID, str]) -> _Blank:
    values = _Blank({key: str(value) for key, value in detail.items() if isinstance(value, str | int)})
    for key in ("to", "share_of"):
        if (pk := _uuid(detail.get(key))) is not None:
            values[key] = names.get(pk, "")
    values["day"] = str(detail.get("to", ""))
    values["undid"] = PLAIN.get(str(detail.get("undid", "")), "")
    return values


def _mentioned(rows: list[tuple[AuditRow, str]]) -> set[UUID]:
    found = (_uuid(row.detail.get(key)) for row, _ in rows for key in ("to", "share_of"))
    return {pk for pk in found if pk is not None}


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(str(value)) if value else None
    except ValueError:
        return None
