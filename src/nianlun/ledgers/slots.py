"""What this room puts on shared pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from nianlun.kernel.clock import today
from nianlun.ledgers import plan_parts
from nianlun.ledgers.fan_out import parts as fan_out
from nianlun.ledgers.grid_work import open_entries
from nianlun.ledgers.serving import parts as serving
from nianlun.ledgers.serving.extras import extras, lacks
from nianlun.ledgers.waiting import waiting_for
from nianlun.places.access import policy_of, signed_in
from nianlun.places.here import community_here
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _ledgers, order=35)
    slots.fill("nav", _overdue, order=6)
    slots.fill("nav", _designer, order=94)
    slots.fill("desk_lists", _waiting, order=10)
    slots.fill("audit_acts", _acts)
    slots.fill("occurrences_kept", serving.with_entries)
    slots.fill("occurrence_doing", serving.doing)
    slots.fill("occurrence_tabs", serving.entries_of_occurrence)
    slots.fill("entry_parts", serving.duties_of_entry, order=10)
    slots.fill("review_suggestions", plan_parts.beside_items)
    slots.fill("plan_tabs", plan_parts.of_plan)
    slots.fill("duty_tabs", plan_parts.of_duty)
    slots.fill("occurrence_extras", extras)
    slots.fill("occurrence_lacks", lacks)
    slots.fill("duty_tabs", fan_out.on_duty)
    slots.fill("progress_parts", fan_out.over_the_year)
    slots.fill("grid_open_work", open_entries)


def _ledgers(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    policy = policy_of(request)
    if community is None or not (policy.allows(May.DO, community) or policy.allows(May.CHARGE, community)):
        return []
    return [Link("台账", reverse("ledgers:home", args=[community.code]), "ledger")]


def _overdue(request: HttpRequest) -> list[Link]:
    """For posts of the subdistrict: what communities made known to it."""
    if not policy_of(request).subdistricts(May.CHARGE):
        return []
    return [Link("社区上报", reverse("ledgers:overdue"), "alert")]


def _designer(request: HttpRequest) -> list[Link]:
    """For whoever makes ledgers of the place's own: of the subdistrict, else of the community of the page."""
    policy, community = policy_of(request), community_here(request)
    if over := policy.subdistricts(May.DESIGN):
        return [Link("台账设计", reverse("ledgers:office_design_home", args=[one.code]), "design") for one in over]
    if community is None or not policy.allows(May.DESIGN, community):
        return []
    return [Link("台账设计", reverse("ledgers:design_home", args=[community.code]), "design")]


def _waiting(request: HttpRequest, community: Community) -> SafeString | None:
    """Entries whose next step is the user's; nothing where there is none."""
    policy = policy_of(request)
    if not (policy.allows(May.DO, community) or policy.allows(May.CHARGE, community)):
        return None
    found = waiting_for(CommunityViewer(signed_in(request), community, policy))
    if not found.entries:
        return None
    day = today()
    lines = [(entry, ledger, (day - entry.due_on).days if entry.due_on else 0) for entry, ledger in found.entries]
    return render_to_string("ledgers/parts/waiting.html", {"found": found, "lines": lines, "community": community})


def _acts(request: HttpRequest) -> dict[str, str]:
    """This room's acts as the audit log puts them into words."""
    return {
        "entry.changed": "修改台账记录",
        "entry.escalated": "台账记录上报街道",
        "entry.filed": "登记台账",
        "entry.linked": "台账记录关联任务",
        "entry.opened": "引出台账记录",
        "entry.restored": "恢复台账记录",
        "entry.step": "办理台账记录",
        "entry.unlinked": "台账记录取消关联任务",
        "entry.withdrawn": "撤回台账记录",
        "ledger.discarded": "丢弃台账草稿",
        "ledger.draft_changed": "修改台账草稿",
        "ledger.drafted": "新建台账草稿",
        "ledger.published": "发布台账",
        "ledger.restored": "恢复台账",
        "ledger.retired": "停用台账",
        "paper.issued": "出具文书",
        "plan.ledgers_bound": "计划任务对应台账",
        "plan.ledgers_changed": "修改任务的台账",
        "plan.ledgers_undone": "撤销任务台账的修改",
    }
