"""How long the calendar of a plan of 150 items takes for one year: python bench/bench_year.py"""

from __future__ import annotations

import time
from itertools import cycle, islice

from nianlun.duties.calendar import Term, occurrences_of_term
from nianlun.duties.calendar.shipped import shipped_tables
from nianlun.plans.reading.schedule import Deadline, Every, Named, On, OnDate, Point, Schedule, Window

ITEMS = 150
YEAR = 2027
# What a plan of a community holds: much that is monthly or at a festival, little that is daily, a third without a time.
MIX: tuple[tuple[Schedule, ...], ...] = (
    (Every("month"),),
    (),
    (Every("quarter", on=On(part="end")),),
    (Named("春节", "before"), Named("国庆节", "before")),
    (Every("week", on=On(weekday=2)),),
    (),
    (Deadline(Point(6, None, "end")),),
    (Every("year", times=2),),
    (Named("暑假"), Every("week")),
    (),
    (Window(Point(3), Point(10)),),
    (Named("节假日"),),
    (Every("half_month"),),
    (OnDate(Point(4, 22)),),
    (Every("day"),),
)


def main() -> None:
    started = time.perf_counter()
    tables = shipped_tables(YEAR)
    loaded = time.perf_counter()
    print(f"tables, first time: {(loaded - started) * 1000:.0f} ms")
    plan = list(islice(cycle(MIX), ITEMS))
    for title in ("year, first time", "year, again"):
        started = time.perf_counter()
        count = sum(len(occurrences_of_term(schedules, Term.of_year(YEAR), tables)) for schedules in plan)
        print(f"{title}: {ITEMS} items, {count} occurrences in {(time.perf_counter() - started) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
