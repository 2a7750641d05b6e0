"""Errors that a person can mend are shown as a page, or as a notice where only a part of the page was asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.kernel.disk import DiskFull, no_room
from nianlun.kernel.errors import StaleRevision, UserError


class UserErrorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DataError):  # a character or a number that no record can hold
            error = UserError("填写的内容里有无法保存的字符或过大的数字，没有保存。请改正后再试。")
        if no_room(error):
            error = DiskFull()
        if not isinstance(error, UserError):
            return None
        about = {"error": error, "stale": error if isinstance(error, StaleRevision) else None}
        if request.headers.get("HX-Request"):
            response = render(request, "ui/parts/notice.html", about, status=error.status)
            response["HX-Retarget"] = "#notices"
            response["HX-Reswap"] = "innerHTML"
            return response
        return render(request, "ui/refused.html", about, status=error.status)
