"""What every page of the designer is given: the version, whose it is, and where its other pages are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.ledgers.designer.draft import Draft

OF_VERSION = (
    "version", "publish", "retire", "restore", "next", "discard", "settings", "remake", "text", "check", "preview",
)  # fmt: skip
PARTS = ("field", "state", "step", "point")
ASKED = ("stand", "pick", "points")


def draft_page(
    request: HttpRequest, template: str, draft: Draft, about: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    owner, pk = draft.owner, draft.version.pk
    at = {name: owner.address(name, pk) for name in OF_VERSION}
    at |= {f"add_{part}": owner.address("add", pk, part) for part in PARTS}
    at |= {what: owner.address("ask", pk, what) for what in ASKED}
    at["home"] = owner.address("home")
    shown = {"draft": draft, "version": draft.version, "owner": owner, "at": at, **about}
    return render(request, f"ledgers/designer/{template}.html", shown, status=status)
