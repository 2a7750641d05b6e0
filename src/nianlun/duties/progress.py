"""How a plan's year stands: figures, each with the list of what it counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from nianlun.duties.agenda import Moment, agenda, people_of, without_before
from nianlun.duties.assignment import Hands
from nianlun.duties.models import Duty, OccurrenceStatus
from nianlun.duties.month import YearRow, without_daily_repeats
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import Community

# What a figure counts among occurrences; the address of its list uses the name.
COUNTED: dict[str, tuple[str, Callable[[Moment, date], bool]]] = {
    "due": ("至今应办", lambda one, day: one.act_on < day or one.done),
    "done": ("已完成", lambda one, day: one.done),
    "in_time": ("其中按时", lambda one, day: one.done and one.in_time),
    "late": ("逾期未办", lambda one, day: one.late(day)),
    "ahead": ("后续待办", lambda one, day: one.status == OccurrenceStatus.OPEN and one.act_on >= day),
}
# The same for duties.
LACKING: dict[str, str] = {"duties": "任务数", "no_owner": "待分工", "no_date": "未写时限"}


@dataclass(frozen=True, slots=True)
class LineProgress:
    """One line of work of a year, in figures."""

    code: str
    title: str
    duties: int
    no_owner: int
    no_date: int
    counts: dict[str, int]

    @property
    def share(self) -> int | None:
        """Percent done of what was to be done by now; None where nothing was."""
        return round(100 * self.counts["done"] / self.counts["due"]) if self.counts["due"] else None


class Progress:
    """A community's year: its duties, its occurrences, and whom they are with."""

    def __init__(self, community: Community, year: int, day: date, hands: Hands) -> None:
        self.community, self.year, self.day, self.hands = community, year, day, hands
        self.duties = list(
            Duty.objects.filter(community=community, year=year, ended_on=None).order_by("line", "created_at", "pk")
        )
        self.moments = without_before(agenda(community, date(year, 1, 1), date(year, 12, 31)))

    def of_line(self, code: str) -> LineProgress:
        return self._figures(code, LINE_TITLES.get(code, code), lambda line: line == code)

    def lines(self) -> list[LineProgress]:
        """Every line of work that has a duty or an occurrence, in the order of the lines."""
        there = {duty.line for duty in self.duties} | {moment.duty.line for moment in self.moments}
        return [self.of_line(code) for code in LINE_TITLES if code in there]

    def whole(self) -> LineProgress:
        return self._figures("", "合计", lambda _: True)

    def lacking(self, what: str, line: str = "") -> list[Duty]:
        """The duties that a figure of LACKING counts."""
        tests: dict[str, Callable[[Duty], bool]] = {
            "duties": lambda _: True,
            "no_owner": lambda duty: not self.hands.people(duty.pk),
            "no_date": lambda duty: not duty.schedules,
        }
        return [duty for duty in self.duties if tests[what](duty) and line in ("", duty.line)]

    def counted(self, what: str, line: str = "") -> list[Moment]:
        """The occurrences that a figure of COUNTED counts."""
        _, test = COUNTED[what]
        return [one for one in self.moments if test(one, self.day) and line in ("", one.duty.line)]

    @cached_property
    def _carried(self) -> dict[UUID | None, list[Moment]]:
        """What each person has to do in the year; None: what nobody has. With several people, it is with each."""
        found: defaultdict[UUID | None, list[Moment]] = defaultdict(list)
        for moment in without_daily_repeats(self.moments):
            people: list[UUID | None] = [*people_of(moment, self.hands)]
            for person in people or [None]:
                found[person].append(moment)
        return dict(found)

    def carried(self, person: UUID | None, month: int | None = None) -> list[Moment]:
        """The occurrences that a cell of the load counts, or with no month those of its whole row."""
        return [one for one in self._carried.get(person, []) if month in (None, one.act_on.month)]

    def load(self) -> list[YearRow]:
        """How much each person has to do in each month, and what nobody has."""
        names = self.hands.roster.names
        people: list[tuple[UUID | None, str]] = [*sorted(names.items(), key=lambda entry: entry[1])]
        if None in self._carried:
            people.append((None, "待分工"))
        rows = []
        for person, name in people:
            counts = Counter(one.act_on.month for one in self.carried(person))
            rows.append(YearRow(str(person or "none"), name, [counts[month] for month in range(1, 13)]))
        return rows

    def said(self, duty: Duty, one: Moment | None) -> str:
        """Whom it is with, in words: who took the occurrence or was handed it, else whom the duty is assigned to."""
        return self.hands.said(duty.pk) if one is None or one.row is None else self.hands.occurrence_said(one.row)

    def _figures(self, code: str, title: str, belongs: Callable[[str], bool]) -> LineProgress:
        duties: Sequence[Duty] = [duty for duty in self.duties if belongs(duty.line)]
        moments = [moment for moment in self.moments if belongs(moment.duty.line)]
        return LineProgress(
            code,
            title,
            duties=len(duties),
            no_owner=sum(not self.hands.people(duty.pk) for duty in duties),
            no_date=sum(not duty.schedules for duty in duties),
            counts={name: sum(test(one, self.day) for one in moments) for name, (_, test) in COUNTED.items()},
        )
