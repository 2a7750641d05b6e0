"""A community's year to take away: the plan's year whole, as `nianlun year` gives it, with what people did since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from nianlun.duties.agenda import Moment, agenda
from nianlun.duties.assignment import Hands
from nianlun.duties.feed import FeedEntry, feed
from nianlun.duties.models import Duty, OccurrenceStatus
from nianlun.duties.personal import entry_of
from nianlun.duties.year_sheet import SheetItem, year_sheet
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community


def moments_of_year(community: Community, year: int) -> list[Moment]:
    """Every time that a duty of that year's plans is due, also where that is in the next year, by its due day."""
    around = agenda(community, date(year - 1, 1, 1), date(year + 2, 12, 31))
    kept = [one for one in around if one.duty.year == year and one.status != OccurrenceStatus.VOID]
    return sorted(kept, key=lambda one: one.due)


def sheet(year: int, moments: Sequence[Moment], hands: Hands) -> bytes:
    """The year as .xlsx."""
    duties: dict[UUID, Duty] = {one.duty.pk: one.duty for one in moments}
    items = {
        pk: SheetItem(LINE_TITLES.get(duty.line, duty.line), duty.title, hands.said(pk))
        for pk, duty in sorted(duties.items(), key=lambda entry: _place(entry[1]))
    }
    return year_sheet(list(items.values()), year, [(items[one.duty.pk], one.dated) for one in moments])


def _place(duty: Duty) -> tuple[str, datetime, UUID]:
    return duty.line, duty.created_at, duty.pk


def calendar_file(
    name: str, moments: Sequence[Moment], hands: Hands, stamp: datetime, absolute: Callable[[str], str]
) -> bytes:
    """The year as .ics; an event has the identity that it has in anybody's own calendar."""
    entries: list[FeedEntry] = [entry_of(one, hands, absolute) for one in moments]
    return feed(name, entries, stamp)
