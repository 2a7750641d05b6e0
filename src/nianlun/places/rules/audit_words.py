"""How the audit log is put into words: kinds of records, acts of this room, and which details may be read out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KINDS: dict[str, str] = {
    "attachment": "附件", "audit": "审计日志", "backup": "备份", "body": "队伍机构", "building": "楼栋",
    "community": "社区", "duty": "任务", "estate": "小区", "grid": "网格", "holiday_year": "节假日表",
    "household": "户", "import": "导入", "leave": "请假", "ledger_version": "台账设计",
    "named_day": "纪念日", "occurrence": "一次任务",
    "organisation": "单位", "plan": "计划", "plan_version": "计划版本", "post": "岗位", "resident": "居民",
    "room": "户室", "round": "核实轮次", "session": "登录", "subdistrict": "街道", "unit": "单元", "user": "账号",
}  # fmt: skip
ACTS: dict[str, str] = {
    "audit.exported": "导出审计日志",
    "backup.asked": "开始备份",
    "backup.restored": "恢复备份",
    "body.saved": "保存队伍机构",
    "community.added": "添加社区",
    "post.changed": "修改岗位",
    "post.ended": "结束岗位",
    "post.reopened": "恢复岗位",
    "secret.revealed": "查看敏感信息",
    "user.locked": "账号锁定",
    "user.made": "新建账号",
    "user.password_changed": "修改密码",
    "user.password_reset": "重置密码",
}
# What is told of a row besides who, when and what: never names of residents or words that somebody wrote of them.
TOLD: dict[str, str] = {
    "purpose": "用途", "field": "字段", "fields": "字段", "changes": "改动", "rows": "行数", "count": "数量",
    "source": "来源", "kind": "种类", "title": "名称", "made": "新增", "year": "年份", "code": "代码",
    "action": "操作", "since": "从", "until": "到",
}  # fmt: skip
LONGEST = 240  # characters of one row's details


def act_title(action: str, rooms: Mapping[str, str]) -> str:
    """What was done, in words of the room that does it; an act without words is shown by its code."""
    return ACTS.get(action) or rooms.get(action) or action


def kind_title(kind: str) -> str:
    return KINDS.get(kind, kind)


def details(detail: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    """The details that may be read out, in one line; `fields` has the titles of the record's fields."""
    said = [f"{title}：{_value(key, detail[key], fields)}" for key, title in TOLD.items() if detail.get(key)]
    line = "；".join(said)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _value(key: str, value: Any, fields: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return "、".join(_value(key, one, fields) for one in value)
    if isinstance(value, dict):  # of changes only what was changed, never from what to what
        return "、".join(fields.get(one, one) for one in value)
    return fields.get(value, value) if key in ("field", "fields") else str(value)
