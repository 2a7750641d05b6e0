"""What this room puts on shared pages."""

from __future__ import annotations

from django.http import HttpRequest

from nianlun.places.here import community_here
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _nav, order=20)
    slots.fill("audit_acts", _acts)


def _nav(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    return [] if community is None else [Link("工作计划", f"/c/{community.code}/plans/", "plan")]


def _acts(request: HttpRequest) -> dict[str, str]:
    """This room's acts as the audit log puts them into words."""
    return {
        "plan.adopted": "印发计划",
        "plan.item_added": "补充计划任务",
        "plan.item_dropped": "去掉计划任务",
        "plan.item_edited": "修改计划任务",
        "plan.item_paired": "对应计划任务",
        "plan.item_restored": "恢复计划任务",
        "plan.item_split": "拆分计划任务",
        "plan.items_merged": "合并计划任务",
        "plan.made": "新建计划",
        "plan.read_again": "重新识别计划",
        "plan.review_undone": "撤销计划核对",
        "plan.thrown_away": "删除计划",
        "plan.version_copied": "另起计划版本",
        "plan.version_kept": "保存计划版本",
        "plan.version_put_in": "上传计划版本",
        "plan.version_reopened": "重新核对计划版本",
        "plan.version_withdrawn": "撤回计划版本",
    }
