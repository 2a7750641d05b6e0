"""The form of one entry or of one step: its head, its groups of controls, and what stands in the way of saving it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.writing import taker
from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import RECORDS, FieldSpec, Ledger, Transition
from nianlun.ledgers.fan_out.ground import Place
from nianlun.ledgers.forms.controls import Choice, Control
from nianlun.ledgers.forms.raw import Raw
from nianlun.ledgers.models import Entry, EntryFile
from nianlun.ledgers.records import is_id
from nianlun.ledgers.registers.columns import in_words
from nianlun.ledgers.rules.standing import Standing, standing
from nianlun.ledgers.rules.stored import values_of

KIND_TITLES = {
    "person": "居民",
    "household": "户",
    "organisation": "单位",
    "body": "组织",
    "place": "楼栋",
    "user": "同事",
}


@dataclass
class EntryForm:
    """`head` is what every entry says beside its ledger's fields, as it was written; a step has none."""

    viewer: LedgerViewer
    ledger: Ledger
    fields: list[FieldSpec]
    raw: Raw
    head: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)  # of work, that a new entry counts for
    serves: list[UUID] = field(default_factory=list)  # times of duties that a new entry completes
    place: Place | None = None  # for which of their places, where they are done place by place
    entry: Entry | None = None
    step: Transition | None = None
    note: str = ""
    revision: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    theirs: Raw = field(default_factory=dict)  # after a clash, by field code: what somebody else has saved
    touched: frozenset[str] = frozenset()  # what was changed here, after a clash
    found: dict[str, list[Choice]] = field(default_factory=dict)
    asked_of: dict[str, str] = field(default_factory=dict)  # hidden values that go with the form
    status: int = 200

    @cached_property
    def standing(self) -> Standing:
        before = values_of(self.ledger, self.entry.data, self.entry.sealed) if self.entry else {}
        needs = self.step.needs if self.step else ()
        written = {code: value for code, value in self.raw.items() if "*" not in str(value)}
        return standing(
            self.ledger, written, today=today(), before=before, needs=needs, take=taker(self.viewer.community, before)
        )

    @cached_property
    def groups(self) -> dict[str, list[Control]]:
        """By heading, in the order of the declaration."""
        names = self._names()
        files = self._files()
        groups: dict[str, list[Control]] = {}
        for spec in self.fields:
            heading = self.step.title if self.step else (spec.group or "内容")
            groups.setdefault(heading, []).append(self._control(spec, names, files))
        return groups

    @property
    def wrong(self) -> list[Control]:
        return [one for some in self.groups.values() for one in some if one.error]

    @property
    def clashes(self) -> list[Control]:
        return [one for some in self.groups.values() for one in some if one.theirs is not None]

    @property
    def late_after(self) -> int:
        return self.ledger.late_after

    def _control(self, spec: FieldSpec, names: dict[str, str], files: dict[str, EntryFile]) -> Control:
        raw = self.raw.get(spec.code, "")
        said = ""
        if spec.kind in RECORDS:
            said = names.get(str(raw), "")
        elif spec.kind == "computed":
            said = in_words(spec, self.standing.values.get(spec.code), {})
        theirs = self.theirs.get(spec.code)
        clash = bool(self.theirs) and (theirs or "") != (raw or "")
        ids = raw if isinstance(raw, list) else [raw]
        held = [files[pk] for pk in ids if pk in files] if spec.kind in {"photos", "files", "signature"} else []
        return Control(
            spec, spec.code, raw, self.errors.get(spec.code, ""), spec.code in self.standing.shown,
            spec.code in self.standing.required, said, self._words(spec, theirs) if clash else None,
            spec.code in self.touched, self.found.get(spec.code, ()), held,
            self._checklists if spec.kind == "checklist" else {},
        )  # fmt: skip

    def _words(self, spec: FieldSpec, raw: Any) -> str:
        """The other side of a clash, for people."""
        if spec.kind in RECORDS:
            return self.viewer.names({spec.kind: [str(raw or "")]}).get(str(raw), "")
        if spec.kind in {"choice", "choices", "table", "photos", "files", "checklist"}:
            return in_words(spec, raw, {})
        return str(raw or "")

    @cached_property
    def _checklists(self) -> dict[str, Checklist]:
        """Those of the ledger's lines first."""
        there = catalogue.checklists_for(self.viewer.community, self.entry.data.values() if self.entry else ())
        return dict(sorted(there.items(), key=lambda one: (one[1].line not in self.ledger.lines, one[1].line)))

    def _names(self) -> dict[str, str]:
        ids: dict[str, list[str]] = {}
        for spec in self.fields:
            if spec.kind in RECORDS and self.raw.get(spec.code):
                ids.setdefault(spec.kind, []).append(str(self.raw[spec.code]))
        return self.viewer.names(ids)

    def _files(self) -> dict[str, EntryFile]:
        """Files that the form holds, by id: those of this entry, and those that the writer has just sent."""
        ids: list[str] = []
        for spec in self.fields:
            value = self.raw.get(spec.code)
            if spec.kind in {"photos", "files"} and isinstance(value, list):
                ids += value
            elif spec.kind == "signature" and value:
                ids.append(str(value))
        ids = [one for one in ids if is_id(one)]
        if not ids:
            return {}
        there = EntryFile.objects.filter(pk__in=ids, community=self.viewer.community)
        return {
            str(one.pk): one
            for one in there
            if one.added_by_id == self.viewer.user.pk or (self.entry and one.entry_id == self.entry.pk)
        }
