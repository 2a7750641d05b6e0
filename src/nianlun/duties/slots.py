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
