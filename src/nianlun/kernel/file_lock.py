"""Locks that the system itself drops when the last process that holds them ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType


class FileLock:
    """A lock on a file. With `inheritable`, processes started while it is held go on holding it after we let go."""

    def __init__(self, path: Path, *, inheritable: bool = False) -> None:
        self.path = path
        self.inheritable = inheritable
        self._handle: int | None = None

    @property
    def descriptor(self) -> int:
        """The open file's number, for a child that is to hold the lock too."""
        if self._handle is None:
            raise ValueError("the lock is not held")
        return self._handle

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Hold it, and say whether we do; a shared lock held already can be asked for as a sole one."""
        handle = self._handle
        if handle is None:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            os.set_inheritable(handle, self.inheritable)
        try:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(handle)
            self._handle = None
            return False
        self._handle = handle
        return True

    def let_go(self) -> None:
        """Close our end only: a child that inherited the lock keeps it."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> FileLock:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.let_go()
