"""The one search box. What is typed may be anybody's name or number: it is sent by POST, and sealed in addresses."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.errors import KeyLost, SealBroken
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.access import policy_of
from nianlun.places.search.find import find, find_more
from nianlun.places.search.kinds import all_kinds

SUGGESTED = 3  # of each kind, while one types
LONGEST = 60  # characters, as the box takes them
LONGEST_SEALED = 1_000


@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """Hints where nothing was asked; else what was found of every kind, or a page of one kind.

    The form is answered by a redirect, so that going back and reloading show the same again.
    """
    if request.method == "POST":
        typed = request.POST.get("q", "").strip()[:LONGEST]
        return redirect(f"{reverse('places:search')}?{urlencode({'s': seal(typed)})}" if typed else "places:search")
    about: dict[str, object] = {"several_places": len(policy_of(request).visible) > 1}
    try:
        about |= _asked(request)
    except UserError as error:
        about |= {"typed": typed_of(request), "refused": error.message}
        return render(request, "places/search/page.html", about, status=error.status)
    return render(request, "places/search/page.html", about)


@never_cache
@require_POST
def suggest(request: HttpRequest) -> HttpResponse:
    """The best few of every kind, for the list under the box."""
    policy, typed = policy_of(request), request.POST.get("q", "")[:LONGEST]
    about: dict[str, object] = {"typed": typed, "several_places": len(policy.visible) > 1}
    try:
        about["groups"] = find(policy, typed, shown=SUGGESTED) if typed.strip() else None
    except UserError as error:
        about["refused"] = error.message
    return render(request, "places/search/suggestions.html", about)


def typed_of(request: HttpRequest) -> str:
    """What the address holds sealed; nothing where it holds none or was cut."""
    sealed = request.GET.get("s", "")
    try:
        return unseal(sealed) if len(sealed) <= LONGEST_SEALED else ""
    except (KeyLost, SealBroken):
        return ""


def _asked(request: HttpRequest) -> dict[str, object]:
    policy, typed = policy_of(request), typed_of(request)
    if not typed:
        return {}
    about: dict[str, object] = {"typed": typed, "sealed": request.GET["s"]}
    if code := request.GET.get("kind"):
        kind = next((kind for kind in all_kinds() if kind.code == code), None)
        if kind is None:
            raise Http404
        cursor = request.GET.get("cursor", "")
        return about | {"one": find_more(policy, typed, kind, cursor=cursor), "later": bool(cursor)}
    return about | {"groups": find(policy, typed)}
