"""Starts the reading process, gives it the bytes and takes the rows; if it dies, that is a fault of the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from nianlun.kernel.paths import PACKAGE
from nianlun.ui.sheets.limits import READING_SECONDS
from nianlun.ui.sheets.reading.faults import Fault, SheetRefused

Rows = list[list[str]]
WORKER = "nianlun.ui.sheets.reading.worker"
PASSED_ON = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")  # of the environment; keys and passwords stay out


@dataclass(frozen=True, slots=True)
class Peek:
    """One worksheet at first sight: its first rows of text, and how many rows it has in all.

    `first` is the column at which its rows begin, `place` its place in the file, both counted from 0.
    """

    name: str
    hidden: bool
    rows: Rows
    height: int
    first: int
    place: int


def peek(data: bytes, name: str = "") -> list[Peek]:
    """The worksheets that have something in them; raises SheetRefused."""
    found = [Peek(**one) for line in _ask(data, name, "peek") for one in json.loads(line)]
    found = [one for one in found if any(any(cell.strip() for cell in row) for row in one.rows)]
    if not found:
        raise SheetRefused(Fault.EMPTY, name)
    return found


def rows(data: bytes, place: int, name: str = "") -> Iterator[tuple[int, Rows]]:
    """(number of the first row, rows) a few hundred at a time; raises SheetRefused, perhaps in the middle."""
    for line in _ask(data, name, "rows", str(place)):
        number, some = json.loads(line)
        yield number, some


def _ask(data: bytes, name: str, *arguments: str) -> Iterator[str]:
    """The lines that the process says, without the last one, which says how it ended."""
    environment = {key: os.environ[key] for key in PASSED_ON if key in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", WORKER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**environment, "PYTHONPATH": str(PACKAGE.parent), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdin and process.stdout
    feeder = threading.Thread(target=_feed, args=(process, data), daemon=True)
    timer = threading.Timer(READING_SECONDS, process.kill)
    feeder.start()
    timer.start()
    ended: object = Fault.TOO_HEAVY.name  # what it means when the process says nothing more
    try:
        for raw in process.stdout:
            line = raw.decode()
            if line.startswith('{"end"'):
                ended = json.loads(line)["end"]
                break
            yield line
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        feeder.join()
        process.stdout.close()
    if ended is not None:
        raise SheetRefused(Fault[str(ended)], name)


def _feed(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin
    with suppress(OSError), process.stdin as pipe:
        pipe.write(data)
