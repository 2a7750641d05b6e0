"""Which occurrences a duty has: the one function that desk, calendar, feed, export and the stored rows all ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from nianlun.duties.calendar.arrange import arrange
from nianlun.duties.calendar.due import Draft
from nianlun.duties.calendar.every import drafts_of_every
from nianlun.duties.calendar.model import Daily, Occurrence, Tables, Term, due_between
from nianlun.duties.calendar.named import drafts_of_named
from nianlun.duties.calendar.points import draft_at_plans_end, drafts_of_point
from nianlun.plans.reading.schedule import Every, Named, Schedule


def occurrences_of_term(
    schedules: Sequence[Schedule], term: Term, tables: Tables, *, daily: Daily = "working"
) -> list[Occurrence]:
    """All occurrences of a duty in a plan's year, by due day.

    Each is known by (period key, k): k counts the duty's occurrences of one period in the order of its schedules and,
    within a schedule, of the year. Nothing here depends on the days asked for, so neither does an identity.
    """
    counts: Counter[str] = Counter()
    found: list[Occurrence] = []
    for schedule, draft in _drafts(schedules, term, tables, daily):
        counts[draft.period_key] += 1
        if draft.in_force:
            k, window = counts[draft.period_key], draft.window
            found.append(Occurrence(draft.period_key, k, window.start, window.end, draft.due, draft.marks, schedule))
    return sorted(found, key=lambda one: (one.due, one.window_start, one.period_key, one.k))


def _drafts(
    schedules: Sequence[Schedule], term: Term, tables: Tables, daily: Daily
) -> Iterator[tuple[Schedule | None, Draft]]:
    if not schedules:
        yield None, draft_at_plans_end(term, tables)
    for arranged in arrange(schedules, term, tables):
        match arranged.schedule:
            case Every() as every:
                drafts = drafts_of_every(every, arranged.bounds, term, tables, "all" if arranged.days_off else daily)
            case Named() as named:
                drafts = drafts_of_named(named, term, tables)
            case point:
                drafts = iter([drafts_of_point(point, term, tables)])
        for draft in drafts:
            yield arranged.schedule, draft


def occurrences(
    schedules: Sequence[Schedule],
    term: Term,
    tables: Tables,
    since: date,
    until: date,
    *,
    daily: Daily = "working",
) -> list[Occurrence]:
    """The duty's occurrences that are due from `since` to `until`, both included."""
    return due_between(occurrences_of_term(schedules, term, tables, daily=daily), since, until)
