"""What the API answers: records as the viewer may see them, and errors as {code, field, message}."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from nianlun.kernel.disk import DiskFull, no_room
from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Register
from nianlun.ui.registers.writing import NeedsConfirmation, NotGood


class Clash(UserError):
    """Somebody else changed the record since the revision that was sent; `sides` holds both."""

    status = 409

    def __init__(self, message: str, sides: Mapping[str, Any]) -> None:
        super().__init__(message, code="stale")
        self.sides = sides


def record(register: Register[Any, Any], row: Any, viewer: Any) -> dict[str, Any]:
    """One record; `values` in words, by field code."""
    return {"id": str(row.pk), "revision": register.revision(row), "values": register.read(row, viewer)}


def error(code: str, message: str, field: str = "") -> dict[str, str]:
    return {"code": code, "field": field, "message": message}


def refuse(status: int, *errors: dict[str, str], **more: Any) -> HttpResponse:
    return JsonResponse({"errors": list(errors), **more}, status=status)


def answer_errors(api: NinjaAPI) -> None:
    """Give every error that can come the one form."""
    for kind in (UserError, ValidationError, HttpError, PermissionDenied, Http404, DataError):
        api.add_exception_handler(kind, _answer)
    api.add_exception_handler(OperationalError, _no_room)


def _no_room(request: HttpRequest, exc: OperationalError | type[OperationalError]) -> HttpResponse:
    """A full disk is told; anything else that is wrong with the database fails as before."""
    if isinstance(exc, OperationalError) and not no_room(exc):
        raise exc
    return _answer(request, DiskFull())


def _answer(request: HttpRequest, exc: object) -> HttpResponse:
    match exc:
        case NotGood():
            return refuse(exc.status, *(error("invalid", message, field) for field, message in exc.errors.items()))
        case NeedsConfirmation():
            return refuse(exc.status, *(error(exc.code, warning) for warning in exc.warnings))
        case Clash():
            return refuse(exc.status, error(exc.code, exc.message), **exc.sides)
        case UserError():
            return refuse(exc.status, error(exc.code, exc.message))
        case ValidationError():  # of the request itself; the place is such as body.revision
            told = [(".".join(str(step) for step in one["loc"]), one["msg"]) for one in exc.errors]
            return refuse(
                422, *(error("malformed", f"请求不完整或格式不对：{message}", place) for place, message in told)
            )
        case AuthenticationError():
            return refuse(401, error("sign_in", "请先登录。"))
        case HttpError(status_code=403):
            return refuse(403, error("csrf", "缺少或过期的 CSRF 令牌：请在 X-CSRFToken 里带上 Cookie csrftoken 的值。"))
        case HttpError():
            return refuse(exc.status_code, error("malformed", "请求的内容不是 JSON。"))
        case PermissionDenied():
            return refuse(403, error("forbidden", "您的岗位不能做这一步。"))
        case DataError():
            return refuse(422, error("invalid", "内容里有无法保存的字符或过大的数字，没有保存。"))
    return refuse(404, error("not_found", "没有这条记录，或者您无权查看。"))
