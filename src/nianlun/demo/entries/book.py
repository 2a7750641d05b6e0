"""A community's entries as they are made up: written by the rules that the actions go by, kept to be stored in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from nianlun.demo.entries.neighbourhood import Neighbourhood, Subject
from nianlun.duties.calendar.working_days import Holidays
from nianlun.kernel.clock import CHINA, frozen, today
from nianlun.kernel.fields import Checked, FieldError
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import unseal
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.entries import check_head
from nianlun.ledgers.actions.writing import Head, Refused, add_doer, differences, ledger_of, write_values
from nianlun.ledgers.declarations.model import FieldSpec, FollowOn, Ledger, Transition
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.models import Entry, EntryDigest, EntryFile, EntryLink, EntryStep, IssuedPaper
from nianlun.ledgers.papers import body_of
from nianlun.ledgers.rules.flow import due_of, enough, escalates, needed, offered, sends_back, step_of
from nianlun.ledgers.rules.following import Names, filled, parts_of, secret_fills
from nianlun.ledgers.rules.points import take
from nianlun.ledgers.rules.stored import secret_codes, values_of
from nianlun.ledgers.rules.values import check_values
from nianlun.places.models import Community, User
from nianlun.places.search.index import index

NIGHT = time(0, 25)  # when what was not settled in time is made known


class NotOffered(Exception):
    """A step that the flow does not offer to this person now."""


@dataclass
class Book:
    """One community's entries with steps, links, papers and audit rows; `write` puts them into the database."""

    community: Community
    around: Neighbourhood
    holidays: Holidays
    entries: list[Entry] = field(default_factory=list)
    steps: list[EntryStep] = field(default_factory=list)
    links: list[EntryLink] = field(default_factory=list)
    files: list[EntryFile] = field(default_factory=list)
    subjects: dict[UUID, Subject] = field(default_factory=dict)  # by entry
    _papers: list[tuple[datetime, IssuedPaper]] = field(default_factory=list)
    _audit: list[AuditRow] = field(default_factory=list)
    _digests: dict[tuple[UUID, str, str], EntryDigest] = field(default_factory=dict)
    _approvals: defaultdict[UUID, list[EntryStep]] = field(default_factory=lambda: defaultdict(list))

    _booked: set[tuple[object, object]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.held = catalogue.ledgers_at(self.community)
        self.checklists = self.around.checklists

    def file(
        self, by: User, code: str, head: Head, subject: Subject | None, written: Mapping[str, object], at: datetime
    ) -> Entry:
        """As `file_entry` does; raises Refused."""
        held = self.held[code]
        ledger = held.ledger
        with frozen(at):
            checked = check_values(ledger, written, today=today(), take=self._take)
            check_head(ledger, head, checked)
            self._book(ledger, checked)
            if not checked.good:
                raise Refused(checked.errors)
            entry = Entry(
                subdistrict_id=self.community.subdistrict_id, community=self.community, ledger=code,
                ledger_version_id=held.version_id, overlay_version_id=held.overlay_id, status=ledger.flow.start,
                lines=list(head.lines or ledger.lines), occurred_on=head.occurred_on, recorded_at=at,
                recorded_by=by, late_reason=head.late_reason, doers=[by.pk], created_at=at, changed_at=at,
                building_id=head.building_id, grid_id=head.grid_id,
            )  # fmt: skip
            if subject is not None:
                entry.subject_kind, entry.subject_id = subject.kind, subject.record.pk
                entry.subject_name = str(subject.record)[:120]
                self.subjects[entry.pk] = subject
            write_values(entry, ledger, checked.values)
            entry.due_on = self._due(ledger, entry)
            if ledger.flow.states[entry.status].final:
                entry.closed_on = today()
        self.entries.append(entry)
        self._keep_digests(entry, ledger, checked.values)
        self._tell("entry.filed", entry, by, at, {"ledger": code})
        self._tell_at_once(entry, ledger, by, at)
        return entry

    def automatic(self, entry: Entry) -> list[tuple[FollowOn, str, Names]]:
        """What it opens by itself: follow-on, part, and the names that the opened one takes over."""
        return [
            (follow, part, names)
            for follow in ledger_of(entry).follow_ons
            if follow.automatic
            for part, names in self.parts(entry, follow).items()
        ]

    def parts(self, entry: Entry, follow: FollowOn) -> dict[str, Names]:
        ledger = ledger_of(entry)
        values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
        return parts_of(ledger, follow, values, self.checklists, today())

    def taken_over(self, entry: Entry, follow: FollowOn, names: Names) -> dict[str, object]:
        """What the opened entry begins with."""
        secret = secret_codes(ledger_of(entry)) | frozenset(entry.sealed)
        written: dict[str, object] = dict(filled(follow, names, secret, today()))
        of_secret = secret_fills(follow, frozenset(entry.sealed))
        written.update({code: unseal(entry.sealed[name]) for code, name in of_secret.items()})
        return written

    def link(self, source: Entry, target: Entry, follow: FollowOn, part: str, by: User, at: datetime) -> None:
        self.links.append(EntryLink(source=source, target=target, follow_on=follow.title[:40], part=part[:60]))
        self._tell("entry.opened", source, by, at, {"ledger": target.ledger, "target": str(target.pk)})

    def step(self, entry: Entry, code: str, by: User, written: Mapping[str, object], note: str, at: datetime) -> bool:
        """As `make_step` does; says whether the entry moved. Raises Refused, or NotOffered."""
        ledger = ledger_of(entry)
        step = step_of(ledger, code)
        with frozen(at):
            if step is None or not self._is_offered(step, entry, ledger, by):
                raise NotOffered(f"{entry.ledger} {entry.status} {code} {by.username}")
            before = values_of(ledger, entry.data, entry.sealed)
            checked = check_values(
                ledger, {name: value for name, value in written.items() if name in needed(step)}, today=today(),
                before=before, needs=step.needs, take=self._take,
            )  # fmt: skip
            if step.note == "must" and len(note) < 2:
                checked.errors["note"] = "请写明原因。"
            wrong = {name: said for name, said in checked.errors.items() if name in {*needed(step), "note"}}
            if wrong:
                raise Refused(wrong)
            changes = differences(ledger, before, checked.values)
            write_values(entry, ledger, checked.values)
            approvals = [one.by_id for one in self._approvals[entry.pk] if one.step == code]
            done, count = enough(step, approvals, self.around.actor(by))
            made = EntryStep(
                entry=entry, step=code, title=step.title, source=entry.status, target=step.target if done else "",
                note=note, by=by, at=at,
            )  # fmt: skip
            self.steps.append(made)
            if done:
                self._arrive(entry, ledger, step, by, at)
            else:
                self._approvals[entry.pk].append(made)
            entry.revision, entry.changed_at = entry.revision + 1, at
        self._keep_digests(entry, ledger, checked.values)
        if done and step.paper:
            self._issue(entry, step.paper, by, at, note)
        detail = {"step": step.title, "to": made.target, "approvals": count, "changes": changes}
        self._tell("entry.step", entry, by, at, detail)
        self._tell_at_once(entry, ledger, by, at)
        return done

    def withdraw(self, entry: Entry, by: User, reason: str, at: datetime) -> None:
        entry.withdrawn_at, entry.withdrawn_by, entry.withdrawn_reason = at, by, reason
        entry.revision, entry.changed_at = entry.revision + 1, at
        self._tell("entry.withdrawn", entry, by, at, {"reason": reason})

    def keep_picture(self, entry: Entry, code: str, made: EntryFile) -> None:
        """A picture that was sent with the entry's form."""
        made.entry, made.field = entry, code
        made.community, made.added_by, made.added_at = self.community, entry.recorded_by, entry.recorded_at
        entry.data = {**entry.data, code: [*entry.data.get(code, []), str(made.pk)]}
        self.files.append(made)

    def write(self) -> None:
        for entry in self.entries:
            if entry.withdrawn_at is None:
                self._escalate(entry, today())
        self._number()
        Entry.objects.bulk_create(self.entries, batch_size=500)
        EntryStep.objects.bulk_create(self.steps, batch_size=1_000)
        EntryLink.objects.bulk_create(self.links)
        EntryDigest.objects.bulk_create(self._digests.values())
        EntryFile.objects.bulk_create(self.files)
        IssuedPaper.objects.bulk_create(paper for _, paper in self._papers)
        AuditRow.objects.bulk_create(sorted(self._audit, key=lambda row: row.at), batch_size=1_000)
        index(self.entries, new=True)

    def _book(self, ledger: Ledger, checked: Checked) -> None:
        """A room is wanted once a day: whoever comes later goes without."""
        if ledger.booked is None:
            return
        wanted = checked.values.get(ledger.booked.what), checked.values.get(ledger.booked.day)
        if wanted in self._booked:
            checked.errors[ledger.booked.what] = "这一天已经安排了活动，请换时间或地点。"
        self._booked.add(wanted)

    def _take(self, spec: FieldSpec, taken: Mapping[str, Any]) -> object:
        checklist = self.checklists.get(str(taken["checklist"]))
        if checklist is None:
            raise FieldError("请先选检查表。")
        return take(checklist, taken)

    def _is_offered(self, step: Transition, entry: Entry, ledger: Ledger, by: User) -> bool:
        values = values_of(ledger, entry.data, entry.sealed)
        there = offered(ledger, entry.status, values, entry.doers, self.around.actor(by), today())
        return any(one.step.code == step.code and not one.why_not for one in there)

    def _arrive(self, entry: Entry, ledger: Ledger, step: Transition, by: User, at: datetime) -> None:
        self._escalate(entry, at.date())
        for approval in self._approvals.pop(entry.pk, []):
            approval.voided = True
        final = ledger.flow.states[step.target].final
        entry.status = step.target
        if sends_back(ledger, step):  # the doers begin anew
            entry.doers = []
        elif not step.second_person:
            add_doer(entry, by)
        entry.closed_on = today() if final else None
        if final or not self._escalates(entry, ledger):
            entry.escalated_on = None
        entry.due_on = None if final else self._due(ledger, entry)

    def _due(self, ledger: Ledger, entry: Entry) -> date | None:
        values = values_of(ledger, entry.data, entry.sealed)
        return due_of(ledger, entry.status, today(), values, self.holidays.is_working)

    def _escalates(self, entry: Entry, ledger: Ledger) -> bool:
        values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
        return escalates(ledger, values, today())

    def _tell_at_once(self, entry: Entry, ledger: Ledger, by: User, at: datetime) -> None:
        """What is grave is known above on the same day."""
        with frozen(at):
            if entry.closed_on or entry.escalated_on or not self._escalates(entry, ledger):
                return
        entry.escalated_on = at.date()
        self._tell("entry.escalated", entry, by, at, {"ledger": entry.ledger, "why": "grave"})

    def _escalate(self, entry: Entry, day: date) -> None:
        """In the night after its day, where the state that it leaves only now says so."""
        limit = ledger_of(entry).flow.states[entry.status].limit
        if (
            entry.closed_on
            or entry.escalated_on
            or entry.due_on is None
            or entry.due_on >= day
            or limit is None
            or limit.then != "escalate"
        ):
            return
        entry.escalated_on = max(entry.due_on, entry.recorded_at.date()) + timedelta(days=1)
        if entry.escalated_on > day:
            entry.escalated_on = None
            return
        at = datetime.combine(entry.escalated_on, NIGHT, CHINA)
        self._tell("entry.escalated", entry, None, at, {"ledger": entry.ledger, "due_on": str(entry.due_on)})

    def _issue(self, entry: Entry, code: str, by: User, at: datetime, note: str) -> None:
        with frozen(at):
            made = IssuedPaper(
                entry=entry, community=self.community, code=code, year=at.year, number=0,
                body={**body_of(entry, code), "note": note}, issued_on=at.date(), issued_by=by,
            )  # fmt: skip
        self._papers.append((at, made))

    def _number(self) -> None:
        """Papers are numbered in the order in which they were issued, however their stories were told."""
        last: defaultdict[tuple[str, int], int] = defaultdict(int)
        for at, paper in sorted(self._papers, key=lambda one: one[0]):
            last[paper.code, paper.year] += 1
            paper.number = last[paper.code, paper.year]
            detail = {"paper": PAPERS[paper.code].title, "number": paper.number}
            self._tell("paper.issued", paper.entry, paper.issued_by, at, detail)

    def _keep_digests(self, entry: Entry, ledger: Ledger, values: Mapping[str, object]) -> None:
        kinds = {one.code: one.kind for one in ledger.fields if one.code in secret_codes(ledger)}
        for code, kind in kinds.items():
            if not (value := values.get(code)):
                continue
            made = {kind: str(value), **({"phone_tail": str(value)[-4:]} if kind == "phone" else {})}
            for of_kind, plain in made.items():
                kept = EntryDigest(entry=entry, field=code, kind=of_kind, digest=digest(of_kind, plain))
                self._digests[entry.pk, code, of_kind] = kept

    def _tell(self, action: str, entry: Entry, by: User | None, at: datetime, detail: dict[str, Any]) -> None:
        self._audit.append(
            AuditRow(
                at=at, actor_id=by.pk if by else None, action=action, kind="entry", record_id=entry.pk,
                subdistrict_id=entry.subdistrict_id, detail=detail,
            )
        )  # fmt: skip
