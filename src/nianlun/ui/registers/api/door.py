"""At the door of the API: whoever would get a page, such as the sign-in, gets an answer that a program reads."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nianlun.ui.registers.api.answers import error, refuse

API = "/api/"
SAID = {
    404: ("not_found", "没有这个地址，请对照 /api/v1/openapi.json。"),
    405: ("method", "这个地址不支持这种请求方法。"),
}
FAILED = ("failed", "系统出错了，这次请求可能没有完成。请稍后再试，仍然出错时请告诉管理员。")


class ApiDoorMiddleware:
    """Stands outside the sign-in, so that whatever that asks of a person holds for their programs too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API) or "json" in response.headers.get("Content-Type", ""):
            return response
        status = response.status_code
        if status in {301, 302}:
            return refuse(401, error("sign_in", "请先在网页上登录；登录后要求改密码或设置二次验证的，请先完成。"))
        if status < 400 or (settings.DEBUG and status >= 500):
            return response
        return refuse(status, error(*SAID.get(status, FAILED)))
