"""The one search box. What is typed may be anybody's name or number: it is sent by POST and stands in no address."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.places.access import policy_of
from nianlun.places.search.find import find, find_more
from nianlun.places.search.kinds import all_kinds

SUGGESTED = 3  # of each kind, while one types


@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Hints where nothing was asked; else what was found of every kind, or a page of one kind."""
    policy, typed = policy_of(request), request.POST.get("q", "")
    about: dict[str, object] = {"typed": typed, "several_places": len(policy.visible) > 1}
    if request.method != "POST":
        return render(request, "places/search/page.html", about)
    try:
        if code := request.POST.get("kind"):
            kind = next((kind for kind in all_kinds() if kind.code == code), None)
            if kind is None:
                raise Http404
            about["one"] = find_more(policy, typed, kind, cursor=request.POST.get("cursor", ""))
            about["later"] = bool(request.POST.get("cursor"))
        else:
            about["groups"] = find(policy, typed)
    except UserError as error:
        return render(request, "places/search/page.html", {**about, "refused": error.message}, status=error.status)
    return render(request, "places/search/page.html", about)


@never_cache
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The best few of every kind, for the list under the box."""
    policy, typed = policy_of(request), request.POST.get("q", "")
    about: dict[str, object] = {"typed": typed, "several_places": len(policy.visible) > 1}
    try:
        about["groups"] = find(policy, typed, shown=SUGGESTED) if typed.strip() else None
    except UserError as error:
        about["refused"] = error.message
    return render(request, "places/search/suggestions.html", about)
