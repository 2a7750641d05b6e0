"""Ledgers at 10,000 and at 1,000,000 entries, in one subdistrict of 120,000 residents: whole requests, and a crowd.

python bench/bench_ledgers.py [entries [residents]]
"""

from __future__ import annotations

import gc
import sys
import time

from django.db import connection
from support.figures import crowd_in_words, median, p95
from support.scratch import scratch

FEW, MANY, RESIDENTS = 10_000, 1_000_000, 120_000
Spent = dict[str, list[float]]  # milliseconds by what was asked for
Found = tuple[dict[str, int], Spent, Spent]  # queries, requests, filings
HOUSEHOLD = 2.667  # people
ASKED_P95, ASKED_RATIO, ASKED_FILING, ASKED_LOADING, ASKED_CROWD = 100, 1.5, 150, 1.0, 300


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    residents = int(sys.argv[2]) if len(sys.argv) > 2 else RESIDENTS
    few = min(FEW, many // 2)
    with scratch():
        from support.entries import fill_entries
        from support.ledger_crowd import ledger_crowd
        from support.ledger_pages import filings_of, queries_of, requests_of, seconds_to_load
        from support.pages import timed
        from support.town import build

        from nianlun.ledgers.actions.indexes import tend_indexes

        print(f"80 declarations read and checked in {seconds_to_load():.2f} s (asked: {ASKED_LOADING:.0f})", flush=True)
        started = time.perf_counter()
        town = build(round(residents / HOUSEHOLD))
        print(f"{residents:,} residents made in {time.perf_counter() - started:.0f} s", flush=True)
        found = []
        for count, seed in ((few, 1), (many - few, 2)):
            started = time.perf_counter()
            fill_entries(town, count, seed)
            made = time.perf_counter()
            tended = tend_indexes()
            print(
                f"{count:,} entries made in {made - started:.0f} s, {len(tended.made)} indexes as declarations ask in"
                f" {time.perf_counter() - made:.1f} s",
                flush=True,
            )
            _settle()
            requests = requests_of(town)
            found.append((queries_of(requests), timed(requests), filings_of(town)))
        _print(found, few, many)
        print(crowd_in_words(ledger_crowd(town).told("file"), ASKED_CROWD))


def _settle() -> None:
    """As in a server, and in a database that has stood for a night: what was just made weighs on neither."""
    gc.collect()
    gc.freeze()  # the made-up town is held by this process, and no server would look through it
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def _print(
    found: list[tuple[dict[str, int], dict[str, list[float]], dict[str, list[float]]]], few: int, many: int
) -> None:
    (queries, before, filed_before), (queries_now, now, filed_now) = found
    print(f"{'p95 of a request, ms':44}{few:>10,}{many:>11,}   ratio  median  queries")
    for name, spent in now.items():
        asked = (
            f"{queries_now[name]}" if queries_now[name] == queries[name] else f"{queries[name]} → {queries_now[name]}"
        )
        _line(name, before[name], spent, ASKED_P95, asked)
    for name, spent in filed_now.items():
        _line(name, filed_before[name], spent, ASKED_FILING)
    all_before, all_now = ([one for spent in each.values() for one in spent] for each in (before, now))
    ratio = p95(all_now) / p95(all_before)
    print(
        f"all requests: p95 {p95(all_before):.0f} and {p95(all_now):.0f} ms, ratio {ratio:.2f} (asked: {ASKED_RATIO})"
    )


def _line(name: str, before: list[float], now: list[float], asked: float, more: str = "") -> None:
    note = "" if p95(now) <= asked else f"  over {asked} ms"
    ratio = p95(now) / p95(before)
    print(f"{name:44}{p95(before):10.0f}{p95(now):11.0f}{ratio:8.2f}{median(now):8.0f}  {more}{note}")


if __name__ == "__main__":
    main()
