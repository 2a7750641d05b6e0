"""What an entry's page shows: its state and steps, what it says in its shape, how it came here, what it led to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.timezone import localtime

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import UNREADABLE, masked
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.checklist import Checklist, Point
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec, Ledger, State
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.handed_up import others_may
from nianlun.ledgers.models import Entry, EntryFile, EntryLink, EntryStep, IssuedPaper, OpenedDuty
from nianlun.ledgers.papers import number_of, title_of
from nianlun.ledgers.registers.columns import head_of, in_words, lines_in_words
from nianlun.ledgers.rights import actor_of, may_file, may_reveal, may_withdraw, visible
from nianlun.ledgers.rules.flow import offered
from nianlun.ledgers.rules.following import label_of, papers_now, parts_of
from nianlun.ledgers.rules.parts import RESULTS
from nianlun.ledgers.rules.stored import from_json, values_of

TONES = {"met": "good", "part": "waiting", "failed": "bad", "absent": "neutral"}
FILES = {"photos", "files", "signature"}


@dataclass(frozen=True, slots=True)
class Taken:
    """A point of a checklist as it was taken."""

    point: Point
    result: str
    tone: str
    remark: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One field of the page; `shape` is words, table, points or files."""

    title: str
    said: str
    shape: str = "words"
    rows: list[list[tuple[str, str]]] = field(default_factory=list)  # of a table, each cell with its heading
    points: list[Taken] = field(default_factory=list)
    files: list[EntryFile] = field(default_factory=list)
    reveal: str = ""  # the address that shows a secret value for a purpose, where the viewer may have it
    code: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A step that the viewer's post may make; `why_not` where something else stands against it."""

    title: str
    address: str
    why_not: str
    approved: int
    approvals: int
    good: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A follow-on that can be opened now: a link to the form, or for a duty a press."""

    title: str
    label: str
    address: str
    duty: bool = False
    place: int = 0
    part: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    """An entry that this one opened, or that opened this one, as far as the viewer may see it."""

    entry: Entry
    ledger: Ledger
    follow_on: str
    address: str

    @property
    def state(self) -> State | None:
        return self.ledger.flow.states.get(self.entry.status)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of how an entry came here."""

    title: str
    who: str
    at: datetime
    note: str = ""
    approval: bool = False
    voided: bool = False


@dataclass
class EntryPage:
    """Made for each request; a fixed number of queries, whatever the entry holds."""

    entry: Entry
    viewer: LedgerViewer

    def __post_init__(self) -> None:
        self.ledger = ledger_of(self.entry)
        self.values = {**values_of(self.ledger, self.entry.data, self.entry.sealed), "status": self.entry.status}
        self.state = self.ledger.flow.states[self.entry.status]
        self.steps: list[EntryStep] = list(self.entry.steps.select_related("by"))
        self.files = {str(one.pk): one for one in self.entry.files.all()}
        self.checklists = catalogue.checklists_for(self.viewer.community, self.values.values())
        self.held = catalogue.readable_at(self.viewer.community)
        self.duties: list[OpenedDuty] = list(self.entry.opened_duties.select_related("duty"))
        self.links = list(EntryLink.objects.filter(source=self.entry).select_related("target"))

    @property
    def overdue(self) -> int:
        """Days past the day by which its state asks to be left; 0 where it is in time."""
        entry = self.entry
        if entry.due_on is None or entry.closed_on is not None or entry.withdrawn_at is not None:
            return 0
        return max(0, (today() - entry.due_on).days)

    @property
    def may_withdraw(self) -> bool:
        return may_withdraw(self.viewer.policy, self.entry)

    # What it says
    def sections(self, codes: list[str] | None = None, *, empty: bool = False) -> dict[str, list[Shown]]:
        """By heading; `codes` are the fields of a printed page, `empty` keeps those that hold nothing."""
        found: dict[str, list[Shown]] = {"基本": list(self._head())}
        names = self.viewer.names(self._ids())
        by_code = {spec.code: spec for spec in self.ledger.fields}
        specs = [by_code[code] for code in codes if code in by_code] if codes else list(self.ledger.fields)
        for spec in specs:
            shown = self._shown(spec, names)
            if shown.said or shown.rows or shown.points or shown.files or (empty and not spec.retired):
                found.setdefault(spec.group or "内容", []).append(shown)
        of_counts = {spec.title for spec in specs if spec.kind == "computed" and not spec.unit}
        of_counts |= {f"{spec.title}（{spec.unit}）" for spec in specs if spec.kind == "computed"}
        return {title: some for title, some in found.items() if any(one.title not in of_counts for one in some)}

    def _head(self) -> Iterator[Shown]:
        entry = self.entry
        titles = {one.code: one.title for one in head_of(self.ledger)}
        said: list[tuple[str, Any]] = [
            (titles["occurred_on"], entry.occurred_on.isoformat()), (titles["subject"], entry.subject_name),
            (titles["building"], entry.building or ""), ("网格", entry.grid or ""),
            (titles["late_reason"], entry.late_reason), ("条线", lines_in_words(entry.lines)),
            ("登记人", f"{entry.recorded_by.name}，{localtime(entry.recorded_at):%Y-%m-%d %H:%M}"),
        ]  # fmt: skip
        return (Shown(title, str(words)) for title, words in said if words)

    def _ids(self) -> dict[str, list[str]]:
        ids: dict[str, list[str]] = {}
        for spec in self.ledger.fields:
            if spec.kind in RECORDS and self.entry.data.get(spec.code):
                ids.setdefault(spec.kind, []).append(str(self.entry.data[spec.code]))
        return ids

    def _shown(self, spec: FieldSpec, names: dict[str, str]) -> Shown:
        title = f"{spec.title}（{spec.unit}）" if spec.unit else spec.title
        if spec.kind in SECRET:
            return self._secret(spec, title)
        raw = self.entry.data.get(spec.code)
        value = from_json(raw, spec)
        if spec.kind == "table" and isinstance(value, list):
            rows = [[(one.title, in_words(one, row.get(one.code), {})) for one in spec.columns] for row in value]
            return Shown(title, "", "table", rows)
        if spec.kind == "checklist" and isinstance(value, dict):
            return Shown(title, *self._taken(value))
        if spec.kind in FILES:
            ids = raw if isinstance(raw, list) else [raw]
            return Shown(title, "", "files", files=[self.files[str(pk)] for pk in ids if str(pk) in self.files])
        return Shown(title, in_words(spec, value, names))

    def _secret(self, spec: FieldSpec, title: str) -> Shown:
        mask = masked(spec.kind, self.entry.sealed.get(spec.code, ""))
        may = mask not in ("", UNREADABLE) and may_reveal(self.viewer.policy, self.entry)
        at = (self.viewer.place_code, self.ledger.ledger, self.entry.pk, spec.code)
        return Shown(title, mask, reveal=reverse("ledgers:reveal", args=at) if may else "", code=spec.code)

    def _taken(self, value: dict[str, Any]) -> tuple[str, str, list[list[tuple[str, str]]], list[Taken]]:
        checklist: Checklist | None = self.checklists.get(str(value.get("checklist")))
        if checklist is None:
            return "检查表已停用", "words", [], []
        answers = value.get("points", {})
        points = [
            Taken(point, RESULTS.get(one["result"], ""), TONES.get(one["result"], "neutral"), one.get("remark", ""))
            for point in checklist.points
            if (one := _answer(answers.get(point.code)))
        ]
        score = value.get("score")
        said = checklist.title if score is None else f"{checklist.title}：{score} 分"
        return said, "points", [], points

    # What can be done
    @property
    def buttons(self) -> list[Button]:
        """Steps that the viewer's posts make, each with why it cannot be made now."""
        if self.entry.withdrawn_at is not None:
            return []
        entry, viewer = self.entry, self.viewer
        there = offered(
            self.ledger, entry.status, self.values, entry.doers, actor_of(viewer.policy, entry), today(),
            lambda step: others_may(step, entry, sensitive=self.ledger.sensitive),
        )  # fmt: skip
        made = []
        for one in there:
            code = one.step.code
            approved = {made.by_id for made in self.steps if made.step == code and not made.target and not made.voided}
            address = reverse("ledgers:step", args=[viewer.place_code, self.ledger.ledger, entry.pk, code])
            why_not = "您已经同意过了，还需要其他人同意。" if viewer.user_id in approved else one.why_not
            tone = self.ledger.flow.states[one.step.target].tone
            made.append(Button(one.step.title, address, why_not, len(approved), one.step.approvals, tone != "bad"))
        return made

    @property
    def openings(self) -> list[Opening]:
        """Follow-ons that hold now, of points and rows one each; what was opened already is no longer offered."""
        if self.entry.withdrawn_at is not None:
            return []
        opened = {(link.follow_on, link.part) for link in self.links}
        opened |= {(one.follow_on, one.part) for one in self.duties}
        found = []
        for place, follow in enumerate(self.ledger.follow_ons):
            held = self.held.get(follow.opens)
            duty = follow.opens == "duty"
            if not duty and (
                held is None
                or held.retired
                or not may_file(self.viewer.policy, held.ledger, self.viewer.community)
            ):  # fmt: skip
                continue
            if follow.automatic:
                continue
            for part, names in parts_of(self.ledger, follow, self.values, self.checklists, today()).items():
                if follow.each and (follow.title, part) in opened:
                    continue
                label = label_of(names, "") if follow.each else ""
                found.append(self._opening(follow.opens, follow.title, label, place, part, duty=duty))
        return found

    def _opening(self, opens: str, title: str, label: str, place: int, part: str, *, duty: bool) -> Opening:
        at = self.viewer.place_code
        if duty:
            address = reverse("ledgers:open_duty", args=[at, self.ledger.ledger, self.entry.pk])
        else:
            address = f"{reverse('ledgers:new', args=[at, opens])}?from={self.entry.pk}&follow={place}&part={part}"
        return Opening(title, label, address, duty, place, part)

    # How it came here
    @property
    def timeline(self) -> list[Happened]:
        entry = self.entry
        came = [Happened("登记", entry.recorded_by.name, entry.recorded_at)]
        came += [
            Happened(step.title, step.by.name, step.at, step.note, approval=not step.target, voided=step.voided)
            for step in self.steps
        ]
        if entry.withdrawn_at is not None and entry.withdrawn_by is not None:
            came.append(Happened("撤回", entry.withdrawn_by.name, entry.withdrawn_at, entry.withdrawn_reason))
        return came

    @property
    def papers(self) -> list[tuple[str, str, date, str]]:
        """Of each that was issued: title, number, day, address."""
        issued: list[IssuedPaper] = list(self.entry.papers.order_by("pk"))
        at = (self.viewer.place_code, self.ledger.ledger, self.entry.pk)
        return [
            (title_of(one), number_of(one), one.issued_on, reverse("ledgers:paper", args=[*at, one.pk]))
            for one in issued
        ]

    @property
    def to_hand_out(self) -> list[tuple[str, str]]:
        """Papers that can be handed out by a press: code and title."""
        if self.entry.withdrawn_at is not None or not self.viewer.may_write:
            return []
        there = papers_now(self.ledger, self.entry.data, self.entry.status, today())
        return [(code, PAPERS[code].title) for code in there]

    @property
    def opened(self) -> list[Linked]:
        return self._linked([(link.target, link.follow_on) for link in self.links])

    @property
    def opened_by(self) -> list[Linked]:
        links = EntryLink.objects.filter(target=self.entry).select_related("source")
        return self._linked([(link.source, link.follow_on) for link in links])

    def _linked(self, pairs: list[tuple[Entry, str]]) -> list[Linked]:
        seen: set[UUID] = set()
        for code in {entry.ledger for entry, _ in pairs}:
            if held := self.held.get(code):
                ids = [entry.pk for entry, _ in pairs if entry.ledger == code]
                rows = Entry.objects.filter(pk__in=ids, community=self.viewer.community)
                seen |= set(visible(self.viewer.policy, held.ledger, rows).values_list("pk", flat=True))
        return [
            Linked(
                entry, self.held[entry.ledger].ledger, follow,
                reverse("registers:record", args=[self.viewer.place_code, entry.ledger, entry.pk]),
            )
            for entry, follow in pairs
            if entry.pk in seen
        ]  # fmt: skip


def _answer(taken: Any) -> dict[str, str] | None:
    if isinstance(taken, dict):
        return taken
    return {"result": str(taken)} if taken else None
