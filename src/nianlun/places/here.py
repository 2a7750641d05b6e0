"""The community that a page is about: that of its address, else the last one visited, else the first one may see."""

from __future__ import annotations

from django.http import HttpRequest

from nianlun.places.access import policy_of
from nianlun.places.models import Community

KEY = "community"


def community_here(request: HttpRequest) -> Community | None:
    """None for someone who may see no community at all."""
    known = getattr(request, "community_here", None)
    if isinstance(known, Community):
        return known
    visible = policy_of(request).visible
    by_code = {community.code: community for community in visible}
    match = request.resolver_match
    named = match.kwargs.get("community") if match else None
    found = by_code.get(str(named)) or by_code.get(str(request.session.get(KEY))) or next(iter(visible), None)
    if found is not None:
        request.community_here = found  # type: ignore[attr-defined]
        if request.session.get(KEY) != found.code:
            request.session[KEY] = found.code
    return found
