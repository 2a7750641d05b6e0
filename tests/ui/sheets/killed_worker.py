"""A worker to be killed: forks a process that applies an import, as often as it is told, and kills it in the middle.

    DATABASE_URL=… python -m tests.ui.sheets.killed_worker <import's id> <kills> <seed>

Prints, for each kill, how many rows the import had written by then; at last it lets one process finish.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time

import django
from django.db import connection

django.setup()  # before what holds models
from nianlun.ui.registers.register import register  # noqa: E402
from nianlun.ui.sheets.models import ImportRun  # noqa: E402
from nianlun.ui.sheets.running import apply_run  # noqa: E402
from tests.ui.sheets.stalls import Stalls  # noqa: E402


def main(run_id: str, kills: int, seed: int) -> int:
    register(Stalls())
    moments = random.Random(seed)
    for _ in range(kills):
        worker = work(run_id)
        time.sleep(moments.uniform(0.02, 0.25))
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
        print(ImportRun.objects.get(pk=run_id).written, flush=True)
        connection.close()
    _, status = os.waitpid(work(run_id), 0)
    return status


def work(run_id: str) -> int:
    """A process of its own that applies the import; gives its id."""
    child = os.fork()
    if child:
        return child
    apply_run(run_id)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
