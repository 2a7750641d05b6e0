"""Every page but the sign-in is for people who signed in, and who chose a password of their own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from nianlun.places.models import User

OPEN = frozenset({"places:login", "places:logout"})


class SignedInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object) -> HttpResponse | None:
        match = request.resolver_match
        if getattr(view, "open_to_all", False) or (match and match.view_name in OPEN):
            return None
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if user.must_change_password and (match is None or match.view_name != "places:password"):
            return HttpResponseRedirect(reverse("places:password"))
        return None
