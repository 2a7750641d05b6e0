"""Stored occurrences follow the calendar: from 60 days back to 180 ahead, without touching what people have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nianlun.duties.calendar import Occurrence as Dated
from nianlun.duties.calendar import Span, Tables, Term, occurrences_of_term
from nianlun.duties.models import Duty, Occurrence, OccurrenceStatus
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import today
from nianlun.places.models import Community
from nianlun.plans.reading.schedule import Schedule, ScheduleError, from_json
from nianlun.ui.slots import answers

BACK, AHEAD = timedelta(days=60), timedelta(days=180)
BATCH = 1000
FOLLOWING = (OccurrenceStatus.OPEN, OccurrenceStatus.BEFORE)
CALENDAR_FIELDS = ("line", "window_start", "window_end", "due_on", "marks", "act_on", "status")
# An occurrence that somebody has had in hand is kept even where the calendar no longer has it.
UNTOUCHED = Q(
    status__in=FOLLOWING, postponed_to=None, taken_by=None, shares=None, attachments=None, note="", done_on=None
)


@dataclass(slots=True)
class Changes:
    """How many stored occurrences were made, moved and removed."""

    made: int = 0
    moved: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.made or self.moved or self.removed)


def term_of(duty: Duty) -> Term:
    """The calendar's term of a duty: its plan's whole year, cut where the duty begins later or ends earlier."""
    plan = Span(date(duty.year, 1, 1), date(max(duty.year, duty.ends_on.year), 12, 31))
    since = duty.starts_on if duty.starts_on > plan.start else None
    until = duty.ends_on if duty.ends_on < plan.end else None
    return Term(plan, since, until)


def schedules_of(duty: Duty) -> list[Schedule]:
    """The duty's schedules in the order of its text; one that no longer can be read counts as none."""
    found: list[Schedule] = []
    for form in duty.schedules:
        try:
            found.append(from_json(form))
        except ScheduleError:
            continue
    return found


def dated(duty: Duty, tables: Tables) -> list[Dated]:
    """All occurrences of the duty in its year, by the one pure function of the calendar."""
    return occurrences_of_term(schedules_of(duty), term_of(duty), tables, daily="all" if duty.every_day else "working")


@transaction.atomic
def materialise(community: Community, *, only: Sequence[UUID] | None = None, day: date | None = None) -> Changes:
    """Bring the stored occurrences of a community (or of some of its duties) in line; a second run changes nothing."""
    on = day or today()
    since, until = on - BACK, on + AHEAD
    # One run for a community at a time: it is derived data, and two runs would make the same rows.
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    duties = Duty.objects.filter(community=community, ended_on=None, ends_on__gte=since, starts_on__lte=until)
    if only is not None:
        duties = duties.filter(pk__in=only)
    by_id = {duty.pk: duty for duty in duties}
    tables = current_tables({duty.year for duty in by_id.values()} | {duty.ends_on.year for duty in by_id.values()})
    stored: defaultdict[UUID, dict[str, Occurrence]] = defaultdict(dict)
    for row in Occurrence.objects.filter(duty__in=by_id):
        stored[row.duty_id][row.key] = row
    changes, new, moved, gone = Changes(), [], [], []
    for duty in by_id.values():
        there = stored[duty.pk]
        keys = set()
        for one in dated(duty, tables):
            keys.add(one.key)
            if (row_now := there.get(one.key)) is None:
                if since <= one.due <= until:
                    new.append(_row(duty, one))
            elif row_now.status in FOLLOWING and _follow(row_now, duty, one):
                moved.append(row_now)
        gone += [row.pk for key, row in there.items() if key not in keys and row.status in FOLLOWING]
    changes.made = len(Occurrence.objects.bulk_create(new, batch_size=BATCH))
    changes.moved = _save_moved(moved)
    changes.removed = remove_untouched(gone)
    return changes


def remove_untouched(ids: Iterable[UUID]) -> int:
    """Remove the open occurrences among these that nobody has had in hand."""
    free = set(Occurrence.objects.filter(UNTOUCHED, pk__in=list(ids)).values_list("pk", flat=True))
    for kept in answers("occurrences_kept", ids=free):  # something of another room hangs on them
        free -= kept
    locked = Occurrence.objects.select_for_update().filter(pk__in=free, status__in=FOLLOWING, taken_by=None)
    _, counts = Occurrence.objects.filter(UNTOUCHED, pk__in=[row.pk for row in locked]).delete()
    return counts.get("duties.Occurrence", 0)


def open_or_before(duty: Duty, one: Dated) -> OccurrenceStatus:
    """What an occurrence is until people work on it: a window that ended before adoption is nobody's debt."""
    return OccurrenceStatus.BEFORE if one.window_end < duty.adopted_on else OccurrenceStatus.OPEN


def _row(duty: Duty, one: Dated) -> Occurrence:
    return Occurrence(
        duty=duty,
        community_id=duty.community_id,
        line=duty.line,
        period_key=one.period_key,
        key=one.key,
        k=one.k,
        window_start=one.window_start,
        window_end=one.window_end,
        due_on=one.due,
        act_on=one.due,
        marks=sorted(one.marks),
        status=open_or_before(duty, one),
    )


def _follow(row: Occurrence, duty: Duty, one: Dated) -> bool:
    """Set what the calendar says; a day that somebody postponed it to stays. Tells whether anything changed."""
    before = tuple(getattr(row, name) for name in CALENDAR_FIELDS)
    row.line, row.window_start, row.window_end, row.due_on = duty.line, one.window_start, one.window_end, one.due
    row.marks = sorted(one.marks)
    row.act_on = row.postponed_to or one.due
    row.status = open_or_before(duty, one)
    return before != tuple(getattr(row, name) for name in CALENDAR_FIELDS)


def _save_moved(rows: Sequence[Occurrence]) -> int:
    """Save what the calendar says of those that are as they were read: who worked on one meanwhile comes first."""
    if not rows:
        return 0
    as_read = {row.pk: row.revision for row in rows}
    locked = Occurrence.objects.select_for_update().filter(pk__in=as_read).values_list("pk", "revision")
    same = {pk for pk, revision in locked if as_read[pk] == revision}
    kept = [row for row in rows if row.pk in same]
    Occurrence.objects.bulk_update(kept, CALENDAR_FIELDS, batch_size=BATCH)
    return len(kept)
