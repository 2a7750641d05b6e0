"""The home of a community's ledgers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.ledgers.shelf import ALL_LINES, shelf
from nianlun.places.lines import LINE_TITLES
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer


def show(request: HttpRequest, community: str) -> HttpResponse:
    """Every ledger that the user may see there, by line, those used last first."""
    viewer = CommunityViewer.of(request, community, May.SEE)
    if not any(viewer.policy.allows(may, viewer.community) for may in (May.DO, May.CHARGE)):
        raise PermissionDenied
    shown = shelf(viewer)
    by_line = [(line, LINE_TITLES.get(line, ALL_LINES), books) for line, books in shown.by_line.items()]
    return render(request, "ledgers/home.html", {"viewer": viewer, "recent": shown.recent, "by_line": by_line})
