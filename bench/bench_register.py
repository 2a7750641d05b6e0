"""The register at 120,000 residents and at 1,200: whole requests, and fifty people at once.

python bench/bench_register.py [residents of the large town]
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time

from support.figures import crowd_in_words

HOUSEHOLD = 2.667  # people; so many residents live in a town of households
LARGE, SMALL = 120_000, 1_200
ASKED_P95, ASKED_RATIO, ASKED_CROWD = 100, 1.5, 300


def main() -> None:
    if sys.argv[1:2] == ["town"]:
        print(json.dumps(_town(int(sys.argv[2]), crowd_too=len(sys.argv) > 3)))
        return
    large = int(sys.argv[1]) if len(sys.argv) > 1 else LARGE
    small_town, large_town = _measured(SMALL), _measured(large, "crowd")
    print(f"register: {large_town['residents']:,} residents made in {large_town['made']:.0f} s")
    print(f"{'p95 of a request, ms':42}{small_town['residents']:>10,}{large_town['residents']:>10,}   ratio")
    for name, (middle, worst) in large_town["pages"].items():
        before = small_town["pages"][name][1]
        note = "" if worst <= ASKED_P95 else "  over 100 ms"
        print(f"{name:42}{before:10.0f}{worst:10.0f}{worst / before:8.2f}   median {middle:.0f}{note}")
    for town in (small_town, large_town):
        print(f"all requests, {town['residents']:,} residents: p95 {town['p95']:.0f} ms")
    ratio = large_town["p95"] / small_town["p95"]
    print(f"ratio {ratio:.2f} (asked: {ASKED_RATIO}), p95 asked: {ASKED_P95} ms")
    print(crowd_in_words(large_town["crowd"], ASKED_CROWD))


def _measured(residents: int, *more: str) -> dict[str, object]:
    """Each town in a process and a database of its own."""
    command = [sys.executable, __file__, "town", str(residents), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.returncode)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _town(residents: int, *, crowd_too: bool) -> dict[str, object]:
    from support.scratch import scratch  # sets up Django, which what follows needs

    with scratch():
        from support.figures import median, p95
        from support.pages import measure, people_in
        from support.register_crowd import register_crowd
        from support.town import build

        started = time.perf_counter()
        town = build(round(residents / HOUSEHOLD))
        made = time.perf_counter() - started
        gc.collect()
        gc.freeze()  # the made-up town is held by this process, and no server would look through it
        pages = measure(town)
        found: dict[str, object] = {
            "residents": people_in(town),
            "made": made,
            "pages": {name: (median(spent), p95(spent)) for name, spent in pages.items()},
            "p95": p95([one for spent in pages.values() for one in spent]),
        }
        if crowd_too:
            found["crowd"] = register_crowd(town).told("write")
        return found


if __name__ == "__main__":
    main()
