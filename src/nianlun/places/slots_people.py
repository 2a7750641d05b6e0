"""What residents and households put on shared pages: their links, and what can be done from the list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nianlun.places.access import policy_of
from nianlun.places.here import community_here
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer
from nianlun.ui import slots
from nianlun.ui.nav import Link
from nianlun.ui.registers.register import Register


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _links, order=55)
    slots.fill("register_list_actions", _take_over)
    slots.fill("register_list_actions", _duplicates)


def _links(request: HttpRequest) -> list[Link]:
    community, policy = community_here(request), policy_of(request)
    if community is None:
        return []
    found = []
    if policy.allows(May.PEOPLE, community):
        found += [
            Link("居民", f"/c/{community.code}/residents/?state=living", "people"),
            Link("家庭户", f"/c/{community.code}/households/?open=open", "home"),
        ]
    if policy.allows(May.COUNTS, community):
        found.append(Link("标签统计", f"/c/{community.code}/tags/", "table"))
    return found


def _take_over(request: HttpRequest, register: Register[Any, Any], viewer: CommunityViewer) -> SafeString | None:
    return _button(register, viewer, May.PEOPLE_EDIT, "residents/take-over/", "从其他社区转入")


def _duplicates(request: HttpRequest, register: Register[Any, Any], viewer: CommunityViewer) -> SafeString | None:
    return _button(register, viewer, May.MERGE, "duplicates/", "重复居民")


def _button(
    register: Register[Any, Any], viewer: CommunityViewer, may: May, where: str, title: str
) -> SafeString | None:
    if register.code != "residents" or not viewer.policy.allows(may, viewer.community):
        return None
    return format_html('<a class="btn" href="/c/{}/{}">{}</a>', viewer.place_code, where, title)
