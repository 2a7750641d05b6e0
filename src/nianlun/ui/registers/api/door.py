"""At the door of the API: whoever would be led to a page, such as the sign-in, gets an answer that a program reads."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

API = "/api/"


class ApiDoorMiddleware:
    """Stands outside the sign-in, so that whatever that asks of a person holds for their programs too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API) or response.status_code not in {301, 302}:
            return response
        told = "请先在网页上登录；登录后要求改密码或设置二次验证的，请先完成。"
        return JsonResponse({"errors": [{"code": "sign_in", "field": "", "message": told}]}, status=401)
