"""Ends a child whose parent is gone, however it went: the parent's end of a pipe closes with it."""

from __future__ import annotations

import os
import signal
import threading
import time

GRACE = 15.0  # seconds to end in order before it ends at once


def hold_on_to(pipe: int) -> None:
    """Watch the reading end of the parent's pipe, and end this process in order when the other end closes."""

    def watch() -> None:
        os.read(pipe, 1)  # nobody writes: this returns when the parent has ended
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="leash", daemon=True).start()
