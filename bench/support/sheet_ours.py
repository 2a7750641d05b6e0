"""One sheet through our own import, from the file to written residents; prints seconds and memory as JSON."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from support.figures import peak_memory
from support.scratch import join

join()

from nianlun.places.models import Community, Resident, User  # noqa: E402 (Django is set up first)
from nianlun.places.policy import Policy  # noqa: E402
from nianlun.places.viewing import CommunityViewer  # noqa: E402
from nianlun.ui.registers.register import registered  # noqa: E402
from nianlun.ui.sheets import actions  # noqa: E402
from nianlun.ui.sheets.running import apply_run, check_run  # noqa: E402


def main() -> None:
    user, community = User.objects.get(username="keeper"), Community.objects.get(code="bench")
    viewer, register = CommunityViewer(user, community, Policy(user)), registered("residents")
    data = Path(sys.argv[1]).read_bytes()
    before, computed = peak_memory(), time.process_time()
    started = time.perf_counter()
    run = actions.upload(viewer=viewer, register=register, name="居民.xlsx", data=data)
    actions.set_columns(viewer=viewer, run=run, register=register, columns=run.columns)
    check_run(str(run.pk))
    checked = time.perf_counter()
    run.refresh_from_db()
    actions.start(viewer=viewer, run=run, only_good=True)
    apply_run(str(run.pk))
    ended = time.perf_counter()
    run.refresh_from_db()
    told = {
        "rows": Resident.objects.count(), "check": checked - started, "write": ended - checked,
        "seconds": ended - started, "cpu": time.process_time() - computed,
        "before": before, "peak": peak_memory(), "bad": run.bad, "status": run.status,
    }  # fmt: skip
    print(json.dumps(told))


main()
