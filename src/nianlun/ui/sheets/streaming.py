"""A written file on its way to a browser, a piece at a time; never whole in memory, and gone from disk when sent."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from typing import IO, cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

from nianlun.kernel.errors import UserError

PIECE = 64 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
DISK_FULL = "服务器上没有足够的磁盘空间，文件没有做成。请稍后再试，或告诉管理员。"


class Pieces:
    """A file piece by piece; closed with the response, also where the browser goes away in the middle."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if piece := self.file.read(PIECE):
            return piece
        self.close()
        raise StopIteration

    def close(self) -> None:
        self.file.close()


class Download(StreamingHttpResponse):
    """The file as an attachment, read in a thread where the server is asynchronous."""

    def __init__(self, file: IO[bytes], name: str, kind: str) -> None:
        size = file.seek(0, 2)
        file.seek(0)
        super().__init__(Pieces(file), content_type=kind)
        self["Content-Length"] = str(size)
        self["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        self["X-Content-Type-Options"] = "nosniff"
        self["Cache-Control"] = "no-store"

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = cast(Iterator[bytes], self.streaming_content)
        while piece := await sync_to_async(lambda: next(pieces, b""), thread_sensitive=False)():
            yield piece


def written(write: Callable[[IO[bytes]], int | None]) -> tuple[IO[bytes], int]:
    """A nameless file that `write` filled, and what it counted; raises UserError where the disk is full."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed when it was sent)
    try:
        return file, write(file) or 0
    except OSError:
        file.close()
        raise UserError(DISK_FULL, code="disk_full") from None
    except BaseException:
        file.close()
        raise
