"""A request over the limit is refused, whether it says so or just keeps sending."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from nianlun.kernel.limits import BodyLimit, Message, Receive, Send


async def echo_length(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """An application that reads its whole body."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message["body"]), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def answer(chunks: Sequence[bytes], announced: int | None) -> tuple[int, bytes, int]:
    """(status, body, chunks that were left unread) of sending these to a limit of ten bytes."""
    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    coming = list(chunks)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(BodyLimit(echo_length, most=10)({"type": "http", "headers": headers}, receive, send))
    return sent[0]["status"], sent[1]["body"], len(coming)


@pytest.mark.parametrize(
    ("chunks", "announced", "status"),
    [
        ([b"12345", b"67890"], 10, 200),
        ([b"12345", b"67890"], None, 200),
        ([b"12345", b"678901"], 11, 413),
        ([b"12345", b"67890", b"1", b"2"], None, 413),
        ([b"12345", b"67890", b"1"], 3, 413),
    ],
)
def test_ten_bytes_pass_and_more_do_not(chunks: list[bytes], announced: int | None, status: int) -> None:
    found, body, unread = answer(chunks, announced)
    assert found == status
    assert ("文件太大".encode() in body) == (status == 413)
    assert unread == 0
