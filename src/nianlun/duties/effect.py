"""What an edit of the tables does to the days of work to come, counted before it is made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.db.models import Q

from nianlun.duties.calendar import Tables
from nianlun.duties.materialise import dated
from nianlun.duties.models import Duty
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import today

MOST_DUTIES = 3000  # beyond that counting takes longer than people wait, and it is left out


def moved_by(act: Callable[[], None]) -> int | None:
    """How many times of work from today on would have another day after the act, which is not kept; None: too many.

    Raises what the act raises.
    """
    day = today()
    due = Duty.objects.filter(ended_on=None, ends_on__gte=day).filter(~Q(schedules=[]))
    duties = list(due[: MOST_DUTIES + 1])
    years = {duty.year for duty in duties} | {duty.ends_on.year for duty in duties}
    before = current_tables(years)
    with transaction.atomic():
        act()
        after = current_tables(years)
        transaction.set_rollback(True)
    if len(duties) > MOST_DUTIES:
        return None
    return sum(_moved(duty, before, after, day) for duty in duties)


def _moved(duty: Duty, before: Tables, after: Tables, day: date) -> int:
    was = {one.key: one.due for one in dated(duty, before)}
    now = {one.key: one.due for one in dated(duty, after)}
    differ = {key for key in was.keys() | now.keys() if was.get(key) != now.get(key)}
    return sum(max(filter(None, (was.get(key), now.get(key)))) >= day for key in differ)
