"""A request's size is bounded before anything of it is kept: by what it announces, and by what comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MOST_BYTES = 64 * 1024 * 1024
# What is sent beyond the limit is read and thrown away up to here, so that a browser gets to see the answer.
MOST_DRAINED = 4 * MOST_BYTES
REFUSED = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>文件太大</title>'
    "<h1>文件太大，没有上传</h1><p>一次上传不能超过 64 MB，工作计划不能超过 20 MB。请删去图片，或分几次上传。</p>"
    '<p><a href="/">返回首页</a></p></html>'
)


class TooBig(Exception):
    """More came than a request may hold."""


class BodyLimit:
    """An ASGI application around another; a request over the limit never reaches the inner one whole."""

    def __init__(self, app: App, *, most: int = MOST_BYTES) -> None:
        self.app = app
        self.most = most

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > self.most:
            await _drain(receive)
            await _refuse(send)
            return
        came, more = 0, True

        async def counted() -> Message:
            nonlocal came, more
            message = await receive()
            came, more = came + len(message.get("body", b"")), bool(message.get("more_body"))
            if came > self.most:
                raise TooBig
            return message

        try:
            await self.app(scope, counted, send)
        except TooBig:
            if more:
                await _drain(receive)
            await _refuse(send)


async def _drain(receive: Receive) -> None:
    left = MOST_DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b"")) + 1
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _refuse(send: Send) -> None:
    body = REFUSED.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
