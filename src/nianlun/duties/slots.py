"""What this room puts on shared pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from nianlun.places.access import policy_of
from nianlun.places.here import community_here
from nianlun.places.policy import May
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _desk, order=10)
    slots.fill("nav", _calendar, order=30)
    slots.fill("nav", _handing_out, order=40)
    slots.fill("nav", _tables, order=95)
    slots.fill("audit_acts", _acts)


def _desk(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    return [] if community is None else [Link("工作台", reverse("duties:desk", args=[community.code]), "desk")]


def _calendar(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    if community is None:
        return []
    return [
        Link("日历", reverse("duties:calendar", args=[community.code]), "calendar"),
        Link("计划进度", reverse("duties:progress", args=[community.code]), "progress"),
    ]


def _handing_out(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    if community is None:
        return []
    policy, links = policy_of(request), []
    if policy.allows(May.HAND_OUT, community):
        links.append(Link("分工", reverse("duties:handing_out", args=[community.code]), "share"))
    if policy.allows(May.DO, community):
        links.append(Link("请假代班", reverse("duties:leave", args=[community.code]), "leave"))
    return links


def _tables(request: HttpRequest) -> list[Link]:
    """Everybody comes to the tables from the calendar; those who edit them, from every page."""
    if not policy_of(request).allows_anywhere(May.TABLES):
        return []
    return [
        Link("节假日", reverse("duties:holidays"), "table"),
        Link("特定日子", reverse("duties:named_days"), "table"),
    ]


def _acts(request: HttpRequest) -> dict[str, str]:
    """This room's acts as the audit log puts them into words."""
    return {
        "duties.adopted": "计划转为任务",
        "duty.added": "新增任务",
        "duty.called_off": "取消任务",
        "duty.changed": "任务随计划变更",
        "duty.daily_set": "设置每日任务",
        "duty.edited": "修改任务",
        "duty.fanned_out": "设定逐个落实",
        "duty.handed_out": "分派任务",
        "duty.left_plan": "任务随计划取消",
        "duty.undone": "撤销任务操作",
        "feed.made": "开通日历订阅",
        "feed.renewed": "更换日历订阅地址",
        "feed.withdrawn": "停用日历订阅",
        "holiday.added": "添加节假日",
        "holiday.changed": "修改节假日",
        "holiday.confirmed": "确认节假日",
        "holiday.deleted": "删除节假日",
        "holiday.reset": "恢复节假日",
        "leave.cancelled": "取消请假",
        "leave.made": "登记请假",
        "leave.restored": "恢复请假",
        "named_day.added": "添加纪念日",
        "named_day.changed": "修改纪念日",
        "named_day.reset": "恢复纪念日",
        "occurrence.done": "办结任务",
        "occurrence.entry_linked": "任务关联台账记录",
        "occurrence.entry_unlinked": "任务取消关联台账记录",
        "occurrence.file_removed": "移除附件",
        "occurrence.files_added": "添加附件",
        "occurrence.handed_over": "转交任务",
        "occurrence.postponed": "延期任务",
        "occurrence.reopened": "重新打开任务",
        "occurrence.share_done": "办结本人部分",
        "occurrence.taken": "领取任务",
        "occurrence.undone": "撤销任务操作",
        "owner_word.mapped": "对应责任人",
        "owner_word.matched": "自动对应责任人",
        "owner_word.undone": "撤销责任人对应",
    }
