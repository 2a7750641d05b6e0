"""100,000 residents from .xlsx: our import against django-import-export in bulk mode, in the same run.

python bench/bench_sheets.py [rows]
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from support.scratch import scratch

ROWS = 100_000
ASKED_RATIO, ASKED_MEMORY = 5, 500
BENCH = Path(__file__).resolve().parent


def main() -> None:
    if sys.argv[1:2] == ["one"]:
        print(json.dumps(_run(sys.argv[2], int(sys.argv[3]))))
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    told = {engine: _apart(engine, rows) for engine in ("sheet_theirs", "sheet_theirs held", "sheet_ours")}
    ours, theirs, held = told["sheet_ours"], told["sheet_theirs"], told["sheet_theirs held"]
    for name, one in (("ours", ours), ("django-import-export", theirs), ("  look-ups in memory", held)):
        print(
            f"{name:22}{one['rows']:>9,} rows in {one['seconds']:6.1f} s: {one['rows'] / one['seconds']:8,.0f} a second"
            f" ({one['cpu']:.1f} s of Python), {one['bad']} bad, "
            f"memory {one['peak']:.0f} MB ({one['before']:.0f} MB before)"
        )
    print(f"of ours: check {ours['check']:.1f} s, write {ours['write']:.1f} s")
    ratio, to_held = (ours["rows"] / ours["seconds"] * one["seconds"] / one["rows"] for one in (theirs, held))
    print(
        f"ratio {ratio:.1f} (asked: {ASKED_RATIO}), to look-ups in memory {to_held:.1f}; "
        f"memory asked: below {ASKED_MEMORY} MB"
    )


def _apart(engine: str, rows: int) -> dict[str, Any]:
    """Each on a database of its own with the same ground, which takes a process of its own."""
    return _told([sys.executable, __file__, "one", engine, str(rows)])


def _told(command: list[str], **options: Any) -> dict[str, Any]:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode:
        raise SystemExit(done.returncode)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _run(engine: str, rows: int) -> dict[str, Any]:
    """The import itself runs in yet another process, so that its memory is its own."""
    with tempfile.TemporaryDirectory(prefix="nianlun-bench-") as folder, scratch():
        from support.sheet_rows import community_with_rooms, write_sheet  # Django is set up by now

        sheet = Path(folder) / "residents.xlsx"
        _, ground, world = community_with_rooms(rows)
        write_sheet(sheet, rows, ground, world)
        module, *how = engine.split()
        return _told([sys.executable, "-m", f"support.{module}", str(sheet), *how], cwd=BENCH)


if __name__ == "__main__":
    main()
