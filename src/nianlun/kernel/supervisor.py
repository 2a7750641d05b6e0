"""One supervisor for web, worker and database: they start together, and when one ends all end, in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from nianlun.kernel.postgres import Cluster

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LOG_SIZE = 4 * 1024 * 1024
WATCH_EVERY = 0.25  # seconds


class Stopped(BaseException):
    """Somebody asked us to stop."""


class ChildEndedError(Exception):
    """A process that should go on has ended; the message says which, and has its last lines."""


def last_lines(log: Path, lines: int = 20) -> str:
    """The end of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


class Child:
    """One of our processes: in a session of its own, so that Ctrl-C reaches the supervisor only, and on a leash."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, *, patience: float, shared: Sequence[int] = ()
    ) -> None:
        """Start `command`: a module and its arguments, before which the number of the leash's pipe is put.

        `shared`: open files it inherits; `patience`: seconds between being asked to end and being made to.
        """
        module, *arguments = command
        self.name, self.log, self.patience = name, log, patience
        if log.exists() and log.stat().st_size > LOG_SIZE:
            log.replace(log.with_suffix(".log.1"))
        reading, self._leash = os.pipe()
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", module, str(reading), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(reading, *shared),
                start_new_session=True,
            )
        os.close(reading)

    def watch(self) -> None:
        """Raise if it has ended."""
        if (code := self._process.poll()) is not None:
            raise ChildEndedError(
                f"{self.name} ended by itself ({code}); the end of {self.log}:\n{last_lines(self.log)}"
            )

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._leash)


@contextmanager
def stop_signals() -> Iterator[None]:
    """Inside, a signal to stop raises `Stopped` once; the next ones change nothing about a stop that is under way."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        for known in STOP_SIGNALS:
            signal.signal(known, signal.SIG_IGN)
        raise Stopped

    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(
    starts: Sequence[Callable[[], Child]],
    cluster: Cluster | None,
    is_ready: Callable[[], bool],
    say_ready: Callable[[], None],
) -> None:
    """Start the children and watch them until one ends (raises) or a signal comes; they stop in the order given.

    The database is the caller's to stop, after this.
    """
    children: list[Child] = []
    said = False
    try:
        children.extend(start() for start in starts)
        while True:
            for child in children:
                child.watch()
            if cluster is not None and not cluster.alive():
                raise ChildEndedError(
                    f"the database ended by itself; the end of {cluster.log}:\n{cluster.last_words()}"
                )
            if not said and is_ready():
                said = True
                say_ready()
            time.sleep(WATCH_EVERY)
    finally:
        for child in children:
            child.stop()
