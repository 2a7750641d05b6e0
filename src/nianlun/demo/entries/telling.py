"""Telling stories: an entry is filed on a day, goes its way step by step, and stops where today is reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, repeat
from typing import Any, cast
from uuid import UUID

from nianlun.demo.entries.book import Book, NotOffered
from nianlun.demo.entries.neighbourhood import Subject
from nianlun.demo.entries.pictures import picture
from nianlun.demo.entries.tables import Case, Story, Way, parts, stories
from nianlun.demo.entries.words import Teller
from nianlun.demo.register.world import World
from nianlun.kernel.clock import CHINA, frozen
from nianlun.ledgers.actions.writing import Head, Refused, ledger_of
from nianlun.ledgers.declarations.model import FollowOn, Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rules.flow import needed, step_of
from nianlun.places.models import User

YEAR, LATELY = 365, 14  # days
RECENT = 0.12  # of all, besides those that fall into these days anyway: a desk has work on it
LATE, WITHDRAWN, STUCK, PICTURED = 0.05, 0.02, 0.25, 0.06  # of all entries
FORGOTTEN = 45  # days within which somebody may have forgotten a step; before that others saw to it
MOST_PICTURES = 14  # of a community
TRIES = 6
DEEPEST = 2  # an entry opens one that opens one, and no more
EVERY_DAY = frozenset({"visit", "shift", "emergency_call", "team"})  # the others are entered in the office


@dataclass
class Telling:
    """The stories of one community. What a ledger refuses is left out, and told in `refused`."""

    book: Book
    world: World
    moment: datetime
    refused: list[str] = field(default_factory=list)

    def tell(self, share: float) -> None:
        """So much of a year's stories, then what is still lacking of any state."""
        for code, story in stories().items():
            if code not in self.book.held:
                continue
            for _ in range(max(1, round(story.a_year * share))):
                day = self.world.days_ago(0, LATELY if self.world.happens(RECENT) else YEAR + story.back)
                self._story(code, story, day if code in EVERY_DAY else self._working(day))
            for _ in range(TRIES):  # a story may come to nothing: its room is taken, nobody is there to verify
                for way, steps in self._lacking(code, story):
                    self._story(code, story, self._begun(story, steps), Way(share=1, steps=steps, only=way.only), True)

    def _lacking(self, code: str, story: Story) -> Iterator[tuple[Way, list[str]]]:
        """The shortest way to each state in which no entry of the ledger stands now."""
        ledger = self.book.held[code].ledger
        there = {entry.status for entry in self.book.entries if entry.ledger == code and not entry.withdrawn_at}
        reached: dict[str, tuple[Way, list[str]]] = {}
        for way in story.paths:
            status = ledger.flow.start
            for number in range(len(way.steps) + 1):
                if number:
                    step = step_of(ledger, story.code_of(way.steps[number - 1]))
                    status = step.target if step else status
                if status not in reached or number < len(reached[status][1]):
                    reached[status] = way, way.steps[:number]
        yield from (found for status, found in reached.items() if status not in there)

    def _begun(self, story: Story, steps: Sequence[str]) -> date:
        """A day so long ago that the steps are just made."""
        days = sum(int(story.steps[code].after.split("..")[1]) for code in steps if code in story.steps)
        return self.world.today - timedelta(days=days + 2 * len(steps))

    def _story(self, code: str, story: Story, day: date, way: Way | None = None, whole: bool = False) -> None:
        cases = [case for case in story.cases if way is None or case.sort == way.only]
        case = self.world.weighed({number: one.share for number, one in enumerate(cases)})
        self._begin(code, story, cases[case], day, way, whole)

    def _begin(self, code: str, story: Story, case: Case, day: date, way: Way | None, whole: bool) -> None:
        ledger = self.book.held[code].ledger
        lines = case.lines or story.lines or ledger.lines
        by = self.book.around.writer(ledger, lines)
        subject = self._subject(story, by)
        if story.about and subject is None:
            return
        teller = self._teller(by, subject)
        written = self._written(ledger, {**story.values, **case.values}, teller, day)
        late = not whole and self.world.happens(LATE)
        entered = day + timedelta(days=ledger.late_after + self.world.chance.randint(1, 6)) if late else day
        at = self._moment(min(entered, self.world.today), 9)
        reason = self.world.pick(parts()["late"]) if (at.date() - day).days > ledger.late_after else ""
        entry = self._file(by, code, self._head(day, subject, lines, reason), subject, written, at)
        if entry is not None:
            self._go_on(entry, story, way or self._way(story, case.sort), teller, at, whole, 0)

    def _file(
        self, by: User, code: str, head: Head, subject: Subject | None, written: dict[str, object], at: datetime
    ) -> Entry | None:
        try:
            return self.book.file(by, code, head, subject, written, at)
        except Refused as error:
            self.refused.append(f"{code}: {error.errors}")
            return None

    def _go_on(
        self, entry: Entry, story: Story, way: Way, teller: Teller, at: datetime, whole: bool, depth: int
    ) -> None:
        """Pictures, what it opens by itself, its steps, what is opened by hand, and sometimes the end of it."""
        self._picture(entry, story)
        if depth < DEEPEST:
            self._open_automatic(entry, at, depth)
        steps: Iterable[str] = way.steps
        if way.steps and not whole and (self.moment - at).days < FORGOTTEN and self.world.happens(STUCK):
            steps = way.steps[: self.world.chance.randrange(len(way.steps))]  # somebody forgot it
        elif way.again:
            steps = chain(way.steps, repeat(way.again))
        for code in steps:
            moved = self._step(entry, story, code, teller, at, whole)
            if moved is None:
                break
            at = moved
        if depth < DEEPEST:
            self._open_by_hand(entry, story, at, depth)
        if not whole and depth == 0 and entry.closed_on is None and self.world.happens(WITHDRAWN * 3):
            gone = self._moment(at.date() + timedelta(days=1), 15)
            if gone <= self.moment:
                self.book.withdraw(entry, entry.recorded_by, self.world.pick(parts()["withdrawn"]), gone)

    def _step(self, entry: Entry, story: Story, key: str, teller: Teller, at: datetime, whole: bool) -> datetime | None:
        """One step by as many people as it wants; None where it is not made (yet)."""
        ledger = ledger_of(entry)
        code, told = story.code_of(key), story.steps.get(key)
        step = step_of(ledger, code)
        if step is None:
            return None
        after = int(teller.words(told.after if told else "0..2", at.date()))
        day = self._working(at.date() + timedelta(days=after))
        if whole:
            day = min(day, self.world.today)
        moment = self._moment(day, at.hour + 1 if day == at.date() else 9)
        if moment > self.moment or moment < at:
            return None
        note = teller.words(self.world.pick(told.note), day) if told and told.note else ""
        signed: list[UUID] = []
        for _ in range(step.approvals):
            by = self.book.around.stepper(step, entry, ledger, signed)
            if by is None:
                return None
            wanted = {name: said for name, said in (told.values if told else {}).items() if name in needed(step)}
            with frozen(moment):
                teller.known.update({f"its_{name}": str(kept) for name, kept in entry.data.items()})
                written = self._written(ledger, wanted, teller, day)
                for name in told.adds if told else ():
                    written[name] = [*entry.data.get(name, []), *cast(list[object], written[name])]
            try:
                moved = self.book.step(entry, code, by, written, note, moment)
            except (NotOffered, Refused) as error:
                self.refused.append(f"{entry.ledger}.{code}: {getattr(error, 'errors', error)}")
                return None
            signed.append(by.pk)
            if moved:
                return moment
            moment += timedelta(minutes=25)
            if moment > self.moment:
                return None
        return None

    def _open_automatic(self, entry: Entry, at: datetime, depth: int) -> None:
        with frozen(at):
            there = self.book.automatic(entry)
        for follow, part, names in there:
            with frozen(at):
                taken = self.book.taken_over(entry, follow, names)
            self._open(entry, follow, part, taken, entry.recorded_by, at, depth)

    def _open_by_hand(self, entry: Entry, story: Story, at: datetime, depth: int) -> None:
        for follow in ledger_of(entry).follow_ons:
            share = story.opens.get(follow.title, 0)
            if follow.opens == "duty" or not share:
                continue
            with frozen(at):
                there = self.book.parts(entry, follow)
            for part, names in list(there.items())[:1]:
                if self.world.happens(share):
                    with frozen(at):
                        taken = self.book.taken_over(entry, follow, names)
                    self._open(entry, follow, part, taken, entry.recorded_by, at, depth)

    def _open(
        self, entry: Entry, follow: FollowOn, part: str, taken: dict[str, object], by: User, at: datetime, depth: int
    ) -> None:
        """The opened entry begins with what it takes over, the rest is told by its own tables."""
        held, story = self.book.held.get(follow.opens), stories().get(follow.opens)
        if held is None or story is None:
            return
        case = self.world.pick([one for one in story.cases if not one.sort] or story.cases)
        fits = entry.subject_kind in held.ledger.about
        subject = self.book.subjects.get(entry.pk) if fits else None
        teller = self._teller(by, subject)
        day = at.date()
        made = self._written(held.ledger, {**story.values, **case.values}, teller, day)
        written = self._fitting(held.ledger, {**made, **taken})
        head = Head(
            day, building_id=entry.building_id, grid_id=entry.grid_id, lines=case.lines or story.lines,
        )  # fmt: skip
        opened = self._file(by, follow.opens, head, subject, written, at)
        if opened is None:
            return
        self.book.link(entry, opened, follow, part, by, at)
        self._go_on(opened, story, self._way(story, self._sort_of(opened, story)), teller, at, False, depth + 1)

    def _fitting(self, ledger: Ledger, written: dict[str, object]) -> dict[str, object]:
        known = {spec.code for spec in ledger.fields}
        return {code: value for code, value in written.items() if code in known and value not in (None, "")}

    def _picture(self, entry: Entry, story: Story) -> None:
        if story.pictures and len(self.book.files) < MOST_PICTURES and self.world.happens(PICTURED):
            self.book.keep_picture(entry, story.pictures, picture(self.world))

    def _sort_of(self, opened: Entry, story: Story) -> str:
        said = str(opened.data.get(story.sort_by, "")) if story.sort_by else ""
        return said if any(way.only == said for way in story.paths) else ""

    def _way(self, story: Story, sort: str) -> Way:
        ways = [way for way in story.paths if way.only == sort]
        return ways[self.world.weighed({number: way.share for number, way in enumerate(ways)})]

    def _subject(self, story: Story, by: User) -> Subject | None:
        if not story.about:
            return None
        record = self.book.around.pick(story.about, by)
        kinds = {"aged": "person", "team": "body", "branch": "body"}
        return Subject(kinds.get(story.about, story.about), record) if record is not None else None

    def _teller(self, by: User, subject: Subject | None) -> Teller:
        known = {"writer": by.name, "name": self._called(subject) if subject else "社区"}
        return Teller(self.world, self.book.around, known)

    def _called(self, subject: Subject) -> str:
        """A household by its head, as people speak of it."""
        record = subject.record
        named = record.head if subject.kind == "household" and record.head else record
        return str(record) if subject.kind == "place" else str(getattr(named, "name", "") or record)

    def _written(self, ledger: Ledger, said: dict[str, Any], teller: Teller, day: date) -> dict[str, object]:
        specs = {spec.code: spec for spec in ledger.fields}
        made = {code: teller.value(value, specs[code], day) for code, value in said.items() if code in specs}
        return {code: value for code, value in made.items() if value is not None}

    def _head(self, day: date, subject: Subject | None, lines: Sequence[str], reason: str) -> Head:
        building, grid = None, None
        if subject is not None and subject.kind != "body":
            at_place = subject.kind == "place"
            building = subject.record.pk if at_place else subject.record.building_id
            grid = self.book.around.grid_on(building, day) or subject.record.grid_id
        return Head(day, building_id=building, grid_id=grid, lines=lines, late_reason=reason)

    def _working(self, day: date) -> date:
        while not self.book.holidays.is_working(day):
            day += timedelta(days=1)
        return day

    def _moment(self, day: date, hour: int) -> datetime:
        """In office hours; today not later than now."""
        at = datetime.combine(day, time(min(hour, 20), self.world.chance.randrange(60)), CHINA)
        if day == self.world.today and at > self.moment:
            return self.moment - timedelta(seconds=60 - min(hour, 20))
        return at
