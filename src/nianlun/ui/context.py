"""What every page's shell shows: who is signed in, where they are, and where they can go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from nianlun.kernel.clock import today
from nianlun.ui.nav import links
from nianlun.ui.slots import contents


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"today": today()}
    return {
        "today": today(),
        "nav": links(request),
        "places_to_go": contents("places_to_go", request),
        "search_boxes": contents("search_boxes", request),
        "warnings": contents("warnings", request),
    }
