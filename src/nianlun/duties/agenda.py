"""Which occurrences a community has between two days, with how each stands: the calendar's answer and people's work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from nianlun.duties.assignment import Hands
from nianlun.duties.calendar import Mark
from nianlun.duties.calendar import Occurrence as Dated
from nianlun.duties.materialise import dated, open_or_before
from nianlun.duties.models import Duty, Occurrence, OccurrenceStatus, Origin
from nianlun.duties.tables import current_tables
from nianlun.places.models import Community
from nianlun.plans.reading.schedule import Every


@dataclass(frozen=True, slots=True)
class Moment:
    """One occurrence of a duty as a calendar shows it; `row` is the stored one, where it is stored."""

    duty: Duty
    key: str
    period_key: str
    window_start: date
    window_end: date
    due: date
    act_on: date
    marks: tuple[Mark, ...]
    status: str
    row: Occurrence | None
    daily: bool

    @property
    def done(self) -> bool:
        return self.status == OccurrenceStatus.DONE

    @property
    def in_time(self) -> bool:
        return self.row is not None and self.row.done_on is not None and self.row.done_on <= self.act_on

    @property
    def outside_plan(self) -> bool:
        return self.duty.origin != Origin.PLAN

    @property
    def dated(self) -> Dated:
        """The pure occurrence, for feed and sheet."""
        k = int(self.key.rpartition("/")[2])
        return Dated(self.period_key, k, self.window_start, self.window_end, self.due, frozenset(self.marks))

    def late(self, day: date) -> bool:
        return self.status == OccurrenceStatus.OPEN and self.act_on < day

    def tone(self, day: date) -> str:
        """done, before, late, now or open, for the look of a page."""
        if self.status in (OccurrenceStatus.DONE, OccurrenceStatus.BEFORE):
            return self.status
        return "late" if self.act_on < day else "now" if self.act_on == day else "open"


def agenda(community: Community, since: date, until: date) -> list[Moment]:
    """Everything to be done from `since` to `until`, both included, by day, line and plan's order; three queries.

    Days beyond the stored ones are asked of the calendar itself, so a page of next December is as true as today's.
    """
    touching = Q(ended_on=None) | Q(occurrences__act_on__range=(since, until))
    duties = list(
        Duty.objects.filter(touching, community=community, year__gte=since.year - 1, year__lte=until.year + 1)
        .distinct()
        .order_by("line", "created_at", "pk")
    )
    by_id = {duty.pk: duty for duty in duties}
    rows: defaultdict[UUID, dict[str, Occurrence]] = defaultdict(dict)
    for row in Occurrence.objects.filter(duty__in=duties).select_related("done_by"):
        row.duty = by_id[row.duty_id]
        rows[row.duty_id][row.key] = row
    tables = current_tables({duty.year for duty in duties} | {duty.ends_on.year for duty in duties})
    found: list[tuple[date, int, Moment]] = []
    for at, duty in enumerate(duties):
        there = rows[duty.pk]
        for one in dated(duty, tables) if duty.ended_on is None else ():
            moment = _moment(duty, one, there.pop(one.key, None))
            if since <= moment.act_on <= until:
                found.append((moment.act_on, at, moment))
        # What people had in hand stays, though the calendar has it no longer.
        found += [(row.act_on, at, _kept(duty, row)) for row in there.values() if since <= row.act_on <= until]
    return [moment for _, _, moment in sorted(found, key=lambda entry: entry[:2])]


def with_person(moments: Sequence[Moment], hands: Hands, person: UUID | None) -> list[Moment]:
    """Those with a person, or with nobody where `person` is None."""
    whose = [(moment, people_of(moment, hands)) for moment in moments]
    return [moment for moment, people in whose if (person in people if person else not people)]


def people_of(moment: Moment, hands: Hands) -> list[UUID]:
    """Whom it is with, before any leave."""
    return hands.with_whom(moment.row) if moment.row is not None else hands.people(moment.duty.pk)


def _moment(duty: Duty, one: Dated, row: Occurrence | None) -> Moment:
    return Moment(
        duty=duty,
        key=one.key,
        period_key=one.period_key,
        window_start=one.window_start,
        window_end=one.window_end,
        due=one.due,
        act_on=row.act_on if row is not None and row.postponed_to else one.due,
        marks=tuple(sorted(one.marks)),
        status=row.status if row is not None else open_or_before(duty, one),
        row=row,
        daily=isinstance(one.schedule, Every) and one.schedule.unit == "day",
    )


def _kept(duty: Duty, row: Occurrence) -> Moment:
    return Moment(
        duty=duty,
        key=row.key,
        period_key=row.period_key,
        window_start=row.window_start,
        window_end=row.window_end,
        due=row.due_on,
        act_on=row.act_on,
        marks=tuple(Mark(mark) for mark in row.marks),
        status=row.status,
        row=row,
        daily=False,
    )


def without_before(moments: Sequence[Moment]) -> list[Moment]:
    """Leave out windows that had ended before the plan stood and that nobody recorded: they are nobody's debt."""
    return [moment for moment in moments if moment.status not in (OccurrenceStatus.BEFORE, OccurrenceStatus.VOID)]
