"""A plan's whole year: every item that was read, with every occurrence of it."""

from __future__ import annotations

from nianlun.duties.calendar.model import Occurrence, Tables, Term
from nianlun.duties.calendar.occurrences import occurrences_of_term
from nianlun.plans.reading.model import Item, Reading
from nianlun.plans.reading.schedule import Schedule


def schedules_of(item: Item) -> tuple[Schedule, ...]:
    """An item's schedules in the order of its text: what a duty stores, and so what its occurrences are counted by."""
    return tuple(timing.schedule for timing in item.timings)


def year_of(reading: Reading, year: int, tables: Tables) -> list[tuple[Item, Occurrence]]:
    """The year that a plan asks for, by due day and then in the order of the plan."""
    term = Term.of_year(year)
    dated = [
        (at, item, one)
        for at, item in enumerate(reading.items)
        for one in occurrences_of_term(schedules_of(item), term, tables)
    ]
    dated.sort(key=lambda row: (row[2].due, row[0]))
    return [(item, one) for _, item, one in dated]
