"""What a desk shows: late, today, this week, coming; for oneself, everybody, one person, or what is with nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from nianlun.duties import standing
from nianlun.duties.access import open_until
from nianlun.duties.almanac import lunar_label
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.calendar import Holidays
from nianlun.duties.models import Occurrence, OccurrenceStatus, Origin, Share
from nianlun.kernel.weekdays import weekday
from nianlun.places.models import Community, User

COMING = timedelta(days=30)
MOST_ROWS = 3000
WHOSE_ME, WHOSE_ALL, WHOSE_NONE = "me", "all", "none"


@dataclass(frozen=True, slots=True)
class Row:
    """One occurrence as a line of a list."""

    one: Occurrence
    day: date  # the desk's today
    people: str  # whom it is with, in words
    behalf: str = ""  # for whom I do it: 代周以宁
    stand_in: str = ""  # who does it in my place while I am away
    can_do: bool = False  # the user may record it here; a share of another's is recorded on its own page
    may_take: bool = False
    done_shares: int = 0
    shares: int = 0  # how many shares it needs; 0 where one person does it whole

    @property
    def late(self) -> int:
        return standing.late_days(self.one, self.day)

    @property
    def due(self) -> str:
        return standing.due_said(self.one, self.day)

    @property
    def marks(self) -> list[str]:
        return standing.marks_said(self.one)

    @property
    def when(self) -> str:
        """How far off it is: 逾期3天, 今天, 明天, 周四, 12天后."""
        away = (self.one.act_on - self.day).days
        if away < 0:
            return f"逾期{-away}天"
        if away < 2:
            return ("今天", "明天")[away]
        return weekday(self.one.act_on) if self.one.act_on <= week_end(self.day) else f"{away}天后"

    @property
    def tone(self) -> str:
        away = (self.one.act_on - self.day).days
        return "late" if away < 0 else "now" if away == 0 else "soon" if away < 7 else "far"

    @property
    def outside_plan(self) -> bool:
        return self.one.duty.origin != Origin.PLAN

    @property
    def from_whom(self) -> str:
        """Who handed it over, or who charged it from outside the plan."""
        if self.one.handed_by is not None and self.one.handed_by_id != self.one.taken_by_id:
            return f"{self.one.handed_by.name}转交"
        if self.outside_plan:
            return f"{self.one.duty.get_origin_display()} · {self.one.duty.created_by.name}"
        return ""

    @property
    def chosen(self) -> str:
        """The value of its checkbox: which occurrence, and at which revision it was seen."""
        return f"{self.one.pk}:{self.one.revision}"


@dataclass(frozen=True, slots=True)
class Group:
    """A duty's rows in one list: the first is shown, more times of the same duty are folded under it."""

    first: Row
    more: list[Row]

    @property
    def times(self) -> int:
        return 1 + len(self.more)


def grouped(rows: Iterable[Row]) -> list[Group]:
    """Rows of one duty together, in the order of their first."""
    by_duty: dict[UUID, list[Row]] = {}
    for row in rows:
        by_duty.setdefault(row.one.duty_id, []).append(row)
    return [Group(found[0], found[1:]) for found in by_duty.values()]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the desk's lists."""

    code: str
    title: str
    rows: list[Row] = field(default_factory=list)

    @property
    def groups(self) -> list[Group]:
        return grouped(self.rows)


@dataclass(frozen=True, slots=True)
class StripDay:
    """A day of the week's strip."""

    day: date
    lunar: str
    off: bool
    today: bool
    count: int


def week_start(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week_end(day: date) -> date:
    return week_start(day) + timedelta(days=6)


class Desk:
    """The lists of one desk; the number of queries does not depend on how much is on it."""

    def __init__(
        self, community: Community, user: User, day: date, whose: str = WHOSE_ME, *, manages: bool = False
    ) -> None:
        """`manages`: the user hands out in the community, so may record what others did."""
        self.community, self.user, self.day, self.whose, self.manages = community, user, day, whose, manages
        self.roster = Roster(community, day)
        self.hands = Hands.of_community(self.roster)

    @cached_property
    def person(self) -> UUID | None:
        """Whose desk it is; None for everybody's and nobody's."""
        if self.whose in (WHOSE_ALL, WHOSE_NONE):
            return None
        if self.whose == WHOSE_ME:
            return self.user.pk
        try:
            return UUID(self.whose)
        except ValueError:
            return self.user.pk

    @cached_property
    def rows(self) -> list[Row]:
        """Everything open until thirty days from now that this desk is about, by day."""
        until = max(self.day + COMING, week_end(self.day))
        found = open_until(self.community, until).filter(self.scope())[:MOST_ROWS]
        return self.rows_of(found)

    def rows_of(self, found: Iterable[Occurrence]) -> list[Row]:
        """Lines for these occurrences: those that are not this desk's are left out; one query for shares."""
        occurrences = list(found)
        shared = [one.pk for one in occurrences if self.hands.required(one)]
        done: dict[UUID, set[UUID]] = {}
        for occurrence_id, user_id in Share.objects.filter(occurrence__in=shared).values_list("occurrence", "user"):
            done.setdefault(occurrence_id, set()).add(user_id)
        made = (self._row(one, done.get(one.pk, set())) for one in occurrences)
        return [row for row in made if row is not None]

    def scope(self) -> Q:
        """Which occurrences may be this desk's, in SQL; `rows_of` decides in the end."""
        people = self.hands.by_duty
        if self.whose == WHOSE_ALL:
            return Q()
        free = ~Q(taken_by__in=list(self.roster.names))  # nobody who works here has it in hand
        if self.person is None:
            with_someone = [duty for duty in people if self.hands.people(duty)]
            return free & ~Q(duty__in=with_someone)
        mine = {self.person} | self.roster.away_for(self.person)
        duties = [duty for duty in people if mine & set(self.hands.people(duty))]
        return Q(taken_by__in=mine) | (free & Q(duty__in=duties))

    def _row(self, one: Occurrence, done: set[UUID]) -> Row | None:
        required = self.hands.required(one)
        people = self.hands.with_whom(one)
        behalf = [person for person in self.hands.behalf(one, self.person or self.user.pk) if person not in done]
        if self.person is not None and not behalf:
            return None
        names = self.roster.names
        stand_in = self.roster.stand_in(self.person, one.act_on) if self.person in people and self.person else None
        for_other = bool(behalf) and behalf[0] != (self.person or self.user.pk)
        return Row(
            one,
            self.day,
            people=self.hands.occurrence_said(one),
            behalf=f"代{names.get(behalf[0], '')}" if for_other else "",
            stand_in=names.get(stand_in, "") if stand_in else "",
            can_do=bool(set(self.hands.behalf(one, self.user.pk)) - done) if required else bool(behalf) or self.manages,
            may_take=self.hands.holder(one) is None and not required and len(people) > 1 and self.user.pk in people,
            done_shares=len(done & set(required)),
            shares=len(required),
        )

    @cached_property
    def sections(self) -> list[Section]:
        """Late, today, this week and the coming thirty days; what a stand-in does for me stands apart."""
        late, now, week, coming, away = (
            Section("late", "逾期"),
            Section("today", "今天"),
            Section("week", "本周"),
            Section("coming", "之后30天"),
            Section("away", "请假或代理期间，由别人代办"),
        )
        end = week_end(self.day)
        for row in self.rows:
            if row.stand_in and not row.behalf:
                away.rows.append(row)
            elif row.one.act_on < self.day:
                late.rows.append(row)
            elif row.one.act_on == self.day:
                now.rows.append(row)
            elif row.one.act_on <= end:
                week.rows.append(row)
            else:
                coming.rows.append(row)
        return [late, now, week, coming, *([away] if away.rows else [])]

    def strip(self, holidays: Holidays) -> list[StripDay]:
        """The seven days of this week, with how much is to be done on each."""
        counts = Counter(row.one.act_on for row in self.rows)
        days = [week_start(self.day) + timedelta(days=n) for n in range(7)]
        return [
            StripDay(day, lunar_label(day), not holidays.is_working(day), day == self.day, counts[day]) for day in days
        ]

    def done_this_week(self) -> Sequence[Occurrence]:
        """What this desk's person (or everybody) recorded as done since Monday, the latest first."""
        found = (
            Occurrence.objects.filter(
                community=self.community, status=OccurrenceStatus.DONE, recorded_at__date__gte=week_start(self.day)
            )
            .select_related("duty", "done_by")
            .order_by("-recorded_at")
        )
        return list(found.filter(done_by=self.person)[:30] if self.person else found[:30])
