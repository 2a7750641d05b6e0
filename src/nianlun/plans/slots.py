"""What this room puts on shared pages."""

from __future__ import annotations

from django.http import HttpRequest

from nianlun.places.here import community_here
from nianlun.ui import slots
from nianlun.ui.nav import Link


def register() -> None:
    """Called once at start-up."""
    slots.fill("nav", _nav, order=20)


def _nav(request: HttpRequest) -> list[Link]:
    community = community_here(request)
    return [] if community is None else [Link("工作计划", f"/c/{community.code}/plans/", "plan")]
