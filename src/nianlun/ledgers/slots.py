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
    slots.fill("nav", _ledgers, order=35)
    slots.fill("audit_acts", _acts)


def _ledgers(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    policy = policy_of(request)
    if community is None or not (policy.allows(May.DO, community) or policy.allows(May.CHARGE, community)):
        return []
    return [Link("台账", reverse("ledgers:home", args=[community.code]), "ledger")]


def _acts(request: HttpRequest) -> dict[str, str]:
    """This room's acts as the audit log puts them into words."""
    return {
        "entry.changed": "修改台账记录",
        "entry.escalated": "台账记录逾期上报",
        "entry.filed": "登记台账",
        "entry.opened": "引出台账记录",
        "entry.restored": "恢复台账记录",
        "entry.step": "办理台账记录",
        "entry.withdrawn": "撤回台账记录",
        "paper.issued": "出具文书",
    }
