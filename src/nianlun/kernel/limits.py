"""A request is bounded before anything of it is kept: by what it announces, what comes, and the room on the disk."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from nianlun.kernel.disk import no_room

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]

MOST_BYTES = 64 * 1024 * 1024
# What is sent beyond the limit is read and thrown away up to here, so that a browser gets to see the answer.
MOST_DRAINED = 4 * MOST_BYTES
PAGE = (
    '<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{title}</title>'
    '<h1>{title}，没有上传</h1><p>{advice}</p><p><a href="/">返回首页</a></p></html>'
)
TOO_BIG = PAGE.format(
    title="文件太大", advice="一次上传不能超过 64 MB，工作计划不能超过 20 MB。请删去图片，或分几次上传。"
)
NO_ROOM = PAGE.format(
    title="服务器的磁盘满了", advice="什么都没有保存。请告诉管理员清理磁盘，之后返回上一页再试，填好的内容还在。"
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
            await _refuse(send, 413, TOO_BIG)
            return
        came, more, answered = 0, True, False

        async def counted() -> Message:
            nonlocal came, more
            message = await receive()
            came, more = came + len(message.get("body", b"")), bool(message.get("more_body"))
            if came > self.most:
                raise TooBig
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except TooBig:
            if more:
                await _drain(receive)
            await _refuse(send, 413, TOO_BIG)
        except OSError as error:  # a large body lies on the disk until it is read
            if answered or not no_room(error):
                raise
            if more:
                await _drain(receive)
            await _refuse(send, 507, NO_ROOM)


async def _drain(receive: Receive) -> None:
    left = MOST_DRAINED
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b"")) + 1
        if message["type"] != "http.request" or not message.get("more_body"):
            return


async def _refuse(send: Send, status: int, page: str) -> None:
    body = page.encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
