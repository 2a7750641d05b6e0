"""A ledger's entries as a register: what people may see of them, and the one validator for every way in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import masked
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.entries import change_entry, file_entry, withdraw_entry
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.model import RECORDS, SECRET, Ledger, Transition
from nianlun.ledgers.models import Entry
from nianlun.ledgers.page import EntryPage
from nianlun.ledgers.registers.columns import fields_of, in_words, lines_in_words
from nianlun.ledgers.registers.drafts import EntryDraft, check_rows
from nianlun.ledgers.registers.narrowing import filters_of, orders_of
from nianlun.ledgers.rights import visible
from nianlun.ledgers.rules.flow import needed
from nianlun.ledgers.rules.stored import values_of
from nianlun.ui.registers.register import Draft, Need, Register
from nianlun.ui.slots import contents


class LedgerRegister(Register[Entry, LedgerViewer]):
    """Made anew for each request: `viewer` binds it to the ledger as it holds at a place."""

    model = Entry
    detail_template = "ledgers/entry.html"
    list_template = "ledgers/list.html"
    fixed = ("occurred_on", "subject", "building", "late_reason")
    acts = {
        "entry.filed": "登记", "entry.changed": "修改", "entry.step": "办理", "entry.withdrawn": "撤回",
        "entry.restored": "恢复", "paper.issued": "出具文书", "entry.linked": "关联任务",
        "entry.unlinked": "取消关联任务", "entry.opened": "引出记录", "entry.escalated": "上报街道",
    }  # fmt: skip

    def __init__(self, ledger: Ledger) -> None:
        self._bind(ledger)

    @property
    def bulk_steps(self) -> list[Transition]:
        """Steps that ask for nothing but a remark, so that a list can make them on many entries at once."""
        return [step for step in self.ledger.flow.steps if not needed(step) and not step.paper]

    def _bind(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.code, self.title, self.counted = ledger.ledger, ledger.title, ledger.counted  # type: ignore[misc]
        self.fields = fields_of(ledger)  # type: ignore[misc]
        own = [code for code in ledger.columns if code != ledger.title_of]
        self.columns = (ledger.title_of, "occurred_on", *own, "status")  # type: ignore[misc]
        self.filters, self.orders = filters_of(ledger), orders_of(ledger)  # type: ignore[misc]

    def viewer(self, request: HttpRequest, place_code: str, need: Need) -> LedgerViewer:
        viewer = LedgerViewer.of_ledger(request, place_code, self.code)
        self._bind(viewer.ledger)
        self.may_add = not viewer.held.retired  # type: ignore[misc]
        if need != Need.SEE and not self.may(viewer, need):
            raise PermissionDenied
        return viewer

    def may(self, viewer: LedgerViewer, need: Need, row: Entry | None = None) -> bool:
        if need == Need.SEE:
            return True
        if need == Need.SHEETS_OUT:
            return viewer.may_export
        if row is None:
            return viewer.may_write if need == Need.EDIT else viewer.may_file
        return viewer.may_write and row.withdrawn_at is None

    def rows(self, viewer: LedgerViewer) -> QuerySet[Entry]:
        entries = Entry.objects.filter(community=viewer.community, ledger=self.code)
        return visible(viewer.policy, viewer.ledger, entries).select_related(
            "recorded_by", "withdrawn_by", "building__estate", "grid", "community"
        )

    def find(self, rows: QuerySet[Entry], words: str, viewer: LedgerViewer) -> QuerySet[Entry]:
        return viewer.find(rows, words)

    def look_ahead(self, rows: Sequence[Entry], viewer: LedgerViewer) -> None:
        """How everything is called that the entries name: one query for each kind of record."""
        ids: dict[str, list[str]] = {}
        for row in rows:
            for kind, named in _named_in(row).items():
                ids.setdefault(kind, []).extend(named)
        viewer.names(ids)

    def read(self, row: Entry, viewer: LedgerViewer) -> dict[str, str]:
        ledger = ledger_of(row)
        values = values_of(ledger, row.data)
        names = viewer.names(_named_in(row))
        words: dict[str, str] = {
            "occurred_on": row.occurred_on.isoformat(), "subject": row.subject_name,
            "building": str(row.building) if row.building else "", "late_reason": row.late_reason,
            "status": self.status_of(row, ledger), "due_on": row.due_on.isoformat() if row.due_on else "",
            "lines": lines_in_words(row.lines), "recorded_by": row.recorded_by.name,
        }  # fmt: skip
        for spec in ledger.fields:
            if spec.kind in SECRET:
                words[spec.code] = masked(spec.kind, row.sealed.get(spec.code, ""))
            else:
                words[spec.code] = in_words(spec, values.get(spec.code), names)
        return {one.code: words.get(one.code, "") for one in self.fields}

    def status_of(self, row: Entry, ledger: Ledger) -> str:
        if row.withdrawn_at is not None:
            return "已撤回"
        return ledger.flow.states[row.status].title

    def cell(self, row: Entry, code: str, said: str) -> str:
        """The state as a badge, marked where it is overdue: in words too, not by colour alone."""
        if code != "status":
            return said
        state = self.ledger.flow.states.get(row.status)
        tone = "neutral" if state is None or row.withdrawn_at is not None else state.tone
        badge = format_html('<span class="badge nl-tone-{}">{}</span>', tone, said)
        if row.due_on is None or row.closed_on is not None or row.withdrawn_at is not None:
            return badge
        days = (today() - row.due_on).days
        return badge if days <= 0 else format_html('{} <span class="badge nl-late">逾期 {} 天</span>', badge, days)

    def name(self, row: Entry) -> str:
        return row.title

    def revision(self, row: Entry) -> int:
        return row.revision

    def context(self, row: Entry, viewer: LedgerViewer, request: HttpRequest) -> dict[str, Any]:
        """What the entry's page shows beside its fields; other rooms add to it through the slot `entry_parts`."""
        made = EntryPage(row, viewer)
        parts = contents("entry_parts", request, entry=row, viewer=viewer)
        return {"page": made, "sections": made.sections(), "ledger": made.ledger, "entry_parts": parts}

    # Writing
    def check(
        self, written: Sequence[Mapping[str, str]], viewer: LedgerViewer, known: Sequence[Entry | None] | None = None
    ) -> list[Draft[Entry]]:
        return list(check_rows(written, viewer, known or [None] * len(written)))

    @transaction.atomic
    def save(self, drafts: Sequence[Draft[Entry]], viewer: LedgerViewer, *, source: str) -> list[Entry]:
        return [self._save(cast(EntryDraft, draft), viewer) for draft in drafts]

    def _save(self, draft: EntryDraft, viewer: LedgerViewer) -> Entry:
        user, at = viewer.user, viewer.community
        if draft.known is None:
            return file_entry(acting_user=user, community=at, held=viewer.held, head=draft.head, written=draft.written)
        return change_entry(acting_user=user, pk=draft.known.pk, revision=draft.revision, written=draft.written)

    @transaction.atomic
    def withdraw(self, made: Mapping[UUID, int], viewer: LedgerViewer, *, source: str) -> list[Entry]:
        """Entries are never deleted: those that nobody touched since are withdrawn."""
        stay: list[Entry] = []
        for entry in Entry.objects.filter(pk__in=made, community=viewer.community).order_by("pk"):
            if entry.revision != made[entry.pk] or entry.steps.exists() or entry.opened.exists():
                stay.append(entry)
            elif entry.withdrawn_at is None:
                withdraw_entry(acting_user=viewer.user, pk=entry.pk, revision=None, reason="撤回导入")
        return stay


def _named_in(row: Entry) -> dict[str, list[str]]:
    """Ids of the records that an entry's fields name, by kind."""
    ledger = ledger_of(row)
    found: dict[str, list[str]] = {}
    for spec in ledger.fields:
        if spec.kind in RECORDS and row.data.get(spec.code):
            found.setdefault(spec.kind, []).append(str(row.data[spec.code]))
    return found
