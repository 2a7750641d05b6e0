"""The server killed in the middle of an import, twenty times: nothing is lost, nothing is doubled."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from nianlun.kernel.models import AuditRow
from nianlun.places.models import Estate
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import Status
from tests.places import make
from tests.ui.sheets.making import checked, stall_rows, xlsx

ROOT = Path(__file__).resolve().parents[3]
KILLS, ROWS = 20, 6_000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_twenty_times_each_row_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianlun.ui.sheets.checking.BATCH", 100)
    home = make.community()
    boss = make.secretary(at=home)
    viewer = CommunityViewer(boss, home, Policy(boss))
    run = checked(viewer, xlsx(stall_rows(ROWS)))
    actions.start(viewer=viewer, run=run, only_good=True)
    told = connection.settings_dict
    address = f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    if told["HOST"].startswith("/"):
        address = f"postgresql://{told['USER']}@/{told['NAME']}?host={told['HOST']}&port={told['PORT']}"
    settings = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "nianlun.settings"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.sheets.killed_worker", str(run.pk), str(KILLS), "7"],
        cwd=ROOT,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen = [int(line) for line in done.stdout.split()]
    run.refresh_from_db()
    assert len(seen) == KILLS and seen == sorted(seen)
    assert any(0 < written < ROWS for written in seen), "no kill fell into the middle"
    assert (run.status, run.written, run.left, run.done) == (Status.DONE, ROWS, 0, ROWS)
    codes = list(Estate.objects.values_list("code", flat=True))
    assert len(codes) == ROWS and len(set(codes)) == ROWS
    saved = AuditRow.objects.filter(action="stalls.saved").values_list("detail__added", flat=True)
    assert sum(saved) == ROWS
    assert AuditRow.objects.filter(action="sheet.imported").count() == 1
