"""Hands views the register that an address names: a server finds the view where no database may be asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from nianlun.ui.registers.register import registered


class RegisterMiddleware:
    """A register that was declared while the product runs is looked for here, after the person has signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Raises 404 where nothing of that code is declared."""
        if isinstance(code := kwargs.get("register"), str):
            try:
                kwargs["register"] = registered(code)
            except KeyError:
                raise Http404 from None
