"""A request over the limit is refused, whether it says so or just keeps sending."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Sequence
from typing import Any

import pytest

from nianlun.kernel.limits import App, BodyLimit, Message, Receive, Send


async def echo_length(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """An application that reads its whole body."""
    length, more = 0, True
    while more:
        message = await receive()
        length, more = length + len(message["body"]), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def answer(chunks: Sequence[bytes], announced: int | None, app: App = echo_length) -> tuple[int, bytes, int]:
    """(status, body, chunks that were left unread) of sending these to a limit of ten bytes."""
    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    coming = list(chunks)
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": coming.pop(0), "more_body": bool(coming)}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(BodyLimit(app, most=10)({"type": "http", "headers": headers}, receive, send))
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


async def disk_is_full(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """An application that cannot put the first piece of its body anywhere."""
    await receive()
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_body_that_finds_no_room_on_the_disk_is_refused_in_words() -> None:
    found, body, unread = answer([b"12345", b"678"], None, disk_is_full)
    assert (found, unread) == (507, 0) and "磁盘满了".encode() in body


async def broken(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_another_fault_of_the_disk_is_no_lack_of_room() -> None:
    with pytest.raises(OSError, match="Input/output"):
        answer([b"1"], None, broken)
