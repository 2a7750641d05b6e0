"""Every page but the sign-in is for people who signed in not too long ago, and who did first what they are asked to."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from nianlun.places.access import policy_of
from nianlun.places.actions import sessions
from nianlun.places.models import User
from nianlun.places.passwords import is_worn_out

OPEN = frozenset({"places:login", "places:login_code", "places:logout"})
SETTING_UP = frozenset({"places:second_factor", "places:begin_factor", "places:finish_factor"})


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        """To the sign-in who is not signed in (any more); then a password of one's own, then the second factor.

        A view marked `open_to_all` is for everyone; one marked `unasked` is called by a page and not by a person.
        """
        name = request.resolver_match.view_name if request.resolver_match else ""
        if getattr(view, "open_to_all", False) or name in OPEN:
            return None
        user = request.user
        if not isinstance(user, User):
            return to_sign_in(request)
        if why := sessions.why_over(request):
            sessions.finish(request, why)
            return to_sign_in(request, why)
        if not getattr(view, "unasked", False):
            sessions.seen(request)
        if user.must_change_password or is_worn_out(user):
            return None if name == "places:password" else _to(request, reverse("places:password"))
        if user.totp_since is None and policy_of(request).demands_second_factor():
            return None if name in SETTING_UP | {"places:password"} else _to(request, reverse("places:second_factor"))
        return None


def to_sign_in(request: HttpRequest, why: str = "") -> HttpResponse:
    """The sign-in, which leads back to the page that the person was on; `lost` where a form's content went with it."""
    asked = {"next": _page(request)} | ({"why": why} if why else {})
    if why and request.method == "POST":
        asked["lost"] = "1"
    return _to(request, f"{reverse('places:login')}?{urlencode(asked, safe='/')}")


def _page(request: HttpRequest) -> str:
    """The page that a person sees: of a form that is sent, or a part that is swapped in, the page around it."""
    around = request.headers.get("HX-Current-URL", "")
    if request.method != "GET":
        around = around or request.headers.get("Referer", "")
    if around and url_has_allowed_host_and_scheme(around, {request.get_host()}):
        parts = urlsplit(around)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path() if request.method == "GET" else "/"


def _to(request: HttpRequest, address: str) -> HttpResponse:
    """Lead there; where htmx asked, the whole page goes and not the part that was to be swapped."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
