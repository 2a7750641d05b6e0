"""What a person's own calendar holds: what is theirs to do, or done by them, in every community where they work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from uuid import UUID

from django.db.models import Max, Q
from django.urls import reverse

from nianlun.duties.agenda import Moment, agenda, people_of
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.feed import FeedEntry, FeedStatus
from nianlun.duties.models import OccurrenceStatus, Share
from nianlun.kernel.clock import CHINA
from nianlun.kernel.models import AuditRow
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community, Post, User

BACK, AHEAD = timedelta(days=60), timedelta(days=366)
SUMMARY = 60
STATUSES: dict[str, FeedStatus] = {OccurrenceStatus.DONE: "done", OccurrenceStatus.VOID: "void"}


@dataclass(frozen=True, slots=True)
class PersonalCalendar:
    """The entries, what they were made from said in one short mark, and when anything behind them last changed."""

    name: str
    entries: list[FeedEntry]
    mark: str
    changed_at: datetime


def personal_calendar(user: User, day: date, absolute: Callable[[str], str]) -> PersonalCalendar:
    """From sixty days back to a year ahead; `absolute` makes an address of the site whole."""
    posts = Post.objects.current().filter(user=user).exclude(community=None)
    communities = list(Community.objects.filter(pk__in=posts.values("community")).select_related("subdistrict"))
    entries: list[FeedEntry] = []
    for community in communities:
        prefix = f"{community.name} " if len(communities) > 1 else ""
        entries += _of_community(community, user, day, prefix, absolute)
    name = f"年轮 {user.name}"
    return PersonalCalendar(name, entries, _mark(name, entries), _changed_at(communities, day))


def _of_community(
    community: Community, user: User, day: date, prefix: str, absolute: Callable[[str], str]
) -> list[FeedEntry]:
    hands = Hands.of_community(Roster(community, day))
    moments = [one for one in agenda(community, day - BACK, day + AHEAD) if one.status != OccurrenceStatus.BEFORE]
    stored = [one.row.pk for one in moments if one.row is not None]
    mine_done = set(Share.objects.filter(occurrence__in=stored, user=user).values_list("occurrence", flat=True))
    found = []
    for one in moments:
        behalf = in_whose_place(one, hands, user.pk)
        if behalf is None:
            continue
        shared = one.row is not None and one.row.pk in mine_done
        for_other = f"代{hands.roster.names.get(behalf, '')} " if behalf != user.pk else ""
        found.append(entry_of(one, hands, absolute, prefix=for_other + prefix, done=shared))
    return found


def entry_of(
    one: Moment, hands: Hands, absolute: Callable[[str], str], *, prefix: str = "", done: bool = False
) -> FeedEntry:
    """An occurrence as a calendar's event; `done` where the reader's share is, though others' are not."""
    owners = hands.said(one.duty.pk)
    return FeedEntry(
        duty=str(one.duty.pk),
        occurrence=one.dated,
        summary=f"{prefix}{one.duty.title}"[:SUMMARY],
        sentence=one.duty.title,
        line=LINE_TITLES.get(one.duty.line, one.duty.line),
        owners=(owners,) if owners else (),
        status="done" if done else STATUSES.get(one.status, "open"),
        act_on=one.act_on,
        link=absolute(_address(hands.roster.community, one)),
    )


def in_whose_place(one: Moment, hands: Hands, user_id: UUID) -> UUID | None:
    """Themselves, or the person for whom they stand in; None where the occurrence is not in this user's calendar.

    While somebody is away, what is open is in the calendar of the stand-in alone.
    """
    people = people_of(one, hands)
    if one.status != OccurrenceStatus.OPEN:
        done_by = one.row.done_by_id if one.row is not None else None
        return user_id if user_id in people or done_by == user_id else None
    away = {person: hands.roster.stand_in(person, one.act_on) for person in people}
    if user_id in away and away[user_id] is None:
        return user_id
    return next((person for person, stand_in in away.items() if stand_in == user_id), None)


def _address(community: Community, one: Moment) -> str:
    """The page of what is stored; of the duty, where the day is too far off for that."""
    if one.row is not None:
        return reverse("duties:occurrence", args=[community.code, one.row.pk])
    return reverse("duties:duty", args=[community.code, one.duty.pk])


def _mark(name: str, entries: Sequence[FeedEntry]) -> str:
    """The same for the same entries, in whatever process it is made."""
    said = [
        (
            one.duty, one.occurrence.key, one.occurrence.due, one.occurrence.window_start, one.occurrence.window_end,
            sorted(one.occurrence.marks), one.summary, one.sentence, one.line, one.owners, one.status, one.act_on,
            one.link,
        )
        for one in entries
    ]  # fmt: skip
    return sha256(repr((name, said)).encode()).hexdigest()[:32]


def _changed_at(communities: Sequence[Community], day: date) -> datetime:
    """Every write leaves an audit row; and the days shown move on at midnight."""
    midnight = datetime.combine(day, time.min, CHINA)
    about = Q(subdistrict_id=None) | Q(subdistrict_id__in={community.subdistrict_id for community in communities})
    latest = AuditRow.objects.filter(about).aggregate(latest=Max("at"))["latest"]
    return max(midnight, latest) if latest else midnight
