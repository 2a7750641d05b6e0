"""The command's year and the web's are one: a duty stored from an item has the occurrences that the command shows."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.duties.calendar import schedules_of, year_of
from nianlun.duties.materialise import dated
from nianlun.duties.models import Duty
from nianlun.plans.reading import Item, Reading, Timing
from nianlun.plans.reading.schedule import Schedule, to_json
from tests.duties.calendar.strategies import TABLES, schedules, years


@given(years, st.lists(st.lists(schedules, max_size=3), min_size=1, max_size=3))
@settings(max_examples=50, deadline=None)
def test_stored_duties_have_the_occurrences_of_the_command(year: int, plan: list[list[Schedule]]) -> None:
    items = tuple(Item(at, at + 1, "safety", timings=tuple(Timing(0, 1, s) for s in of)) for at, of in enumerate(plan))
    by_command = year_of(Reading("检查消防", year, items=items), year, TABLES)
    for item in items:
        forms = [to_json(schedule) for schedule in schedules_of(item)]
        duty = Duty(year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), schedules=forms)
        assert dated(duty, TABLES) == [one for found, one in by_command if found is item]
