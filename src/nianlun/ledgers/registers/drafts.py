"""Rows of a sheet or the API, checked as entries: words become values, names become records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

from nianlun.kernel.clock import today
from nianlun.kernel.fields import Checked, FieldError, check
from nianlun.kernel.sealing.seal import masked
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.entries import check_head
from nianlun.ledgers.actions.writing import Head, keep_verified, ledger_of
from nianlun.ledgers.declarations.model import RECORDS, SECRET, Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.registers.columns import HEAD_CODES, ONLY_ON_PAGES, head_of
from nianlun.ledgers.registers.naming import Named
from nianlun.ledgers.rules.stored import values_of
from nianlun.ledgers.rules.values import check_values, read_value
from nianlun.ui.registers.register import Draft

KINDS_OF_SUBJECT = ("person", "organisation", "body", "household", "place")


@dataclass(slots=True)
class EntryDraft(Draft[Entry]):
    """What the action that files or changes the entry is given."""

    head: Head = field(default_factory=lambda: Head(date.min))
    written: dict[str, object] = field(default_factory=dict)


def check_rows(
    written: Sequence[Mapping[str, str]], viewer: LedgerViewer, known: Sequence[Entry | None]
) -> list[EntryDraft]:
    """One draft for each row, in order; records are looked up for all rows at once."""
    named = Named(_wanted(written, viewer), viewer.policy, viewer.community)
    return [_draft(row, viewer, one, named) for row, one in zip(written, known, strict=True)]


def _wanted(written: Sequence[Mapping[str, str]], viewer: LedgerViewer) -> dict[str, list[str]]:
    """Words of the rows that may name records, by kind."""
    wanted: dict[str, list[str]] = {}
    kinds = {spec.code: spec.kind for spec in viewer.ledger.fields if spec.kind in RECORDS}
    about = [kind for kind in KINDS_OF_SUBJECT if kind in viewer.ledger.about]
    called = _called_field(viewer.ledger)
    for row in written:
        for one in about if row.get(called) else ():
            wanted.setdefault(one, []).append(row[called].strip())
        for code, kind in kinds.items():
            if row.get(code):
                wanted.setdefault(kind, []).append(row[code].strip())
        if row.get("building"):
            wanted.setdefault("place", []).append(row["building"].strip())
        for kind in about if row.get("subject") else ():
            wanted.setdefault(kind, []).append(row["subject"].strip())
    return wanted


def _draft(row: Mapping[str, str], viewer: LedgerViewer, known: Entry | None, named: Named) -> EntryDraft:
    ledger = viewer.ledger if known is None else ledger_of(known)
    said_of_head = {code: said for code, said in row.items() if code in HEAD_CODES}
    if known is None:
        _day_from_field(ledger, row, said_of_head)
    head = check(head_of(ledger), said_of_head, partial=known is not None)
    errors = dict(head.errors)
    values: dict[str, object] = {}
    for spec in ledger.fields:
        if spec.code not in row or spec.kind in ONLY_ON_PAGES or spec.retired:
            continue
        said = row[spec.code].strip()
        if spec.kind in RECORDS and said:
            found, wrong = named.id_of(spec.kind, said)
            if wrong:
                errors[spec.code] = wrong
            values[spec.code] = found
        elif spec.kind in SECRET and "*" in said:
            if known is None or masked(spec.kind, known.sealed.get(spec.code, "")) != said:
                errors[spec.code] = f"{spec.title}里有 *，请填完整的号码；不改就保持原样。"
        else:
            values[spec.code] = said
    called = _called_field(ledger)
    if known is None and called and not str(values.get(called) or "").strip() and head.values.get("subject"):
        values[called] = head.values["subject"]
    before = values_of(ledger, known.data, known.sealed) if known else {}
    checked = check_values(ledger, values, today=today(), before=before)
    checked.errors = {**checked.errors, **errors}
    if known is not None:
        keep_verified(ledger, known.status, before, checked)
    draft = EntryDraft(checked, known, written=values)
    if known is None and "occurred_on" in head.values:
        draft.head = _head(head, viewer, named, errors, str(values.get(called) or ""))
        checked.errors.update(errors)
        check_head(ledger, draft.head, checked)
    return draft


def _called_field(ledger: Ledger) -> str:
    """The field that holds the subject's name, where the ledger has one."""
    return next((spec.code for spec in ledger.fields if spec.take_over == "subject.name"), "")


def _day_from_field(ledger: Ledger, row: Mapping[str, str], said_of_head: dict[str, str]) -> None:
    """A sheet with one day says it once: what was planned ahead is entered today."""
    if said_of_head.get("occurred_on", "").strip() or not row.get(ledger.dated_by, "").strip():
        return
    spec = next(spec for spec in ledger.fields if spec.code == ledger.dated_by)
    with suppress(FieldError):
        day = cast(date, read_value(row[ledger.dated_by], spec))
        said_of_head["occurred_on"] = min(day, today()).isoformat()


def _head(head: Checked, viewer: LedgerViewer, named: Named, errors: dict[str, str], called: str) -> Head:
    """`called` is a name beside no subject: it is whom the entry is about where one record alone goes by it."""
    kind, subject = "", ""
    if said := head.values.get("subject"):
        tried = [(one, *named.id_of(one, str(said))) for one in KINDS_OF_SUBJECT if one in viewer.ledger.about]
        found = [(one, pk) for one, pk, wrong in tried if pk]
        if len(found) == 1:
            kind, subject = found[0]
        else:
            several = (wrong for _, _, wrong in tried if wrong.startswith("有"))
            errors["subject"] = next(several, f"没有找到“{said}”，请先登记，或核对写法。")
    elif called:
        alike = [(one, named.id_of(one, called)[0]) for one in KINDS_OF_SUBJECT if one in viewer.ledger.about]
        alike = [(one, pk) for one, pk in alike if pk]
        kind, subject = alike[0] if len(alike) == 1 else ("", "")
    building: UUID | None = None
    if said := head.values.get("building"):
        pk, wrong = named.id_of("place", str(said))
        if wrong:
            errors["building"] = wrong
        building = UUID(pk) if pk else None
    return Head(
        cast(date, head.values["occurred_on"]), kind, subject, building,
        late_reason=str(head.values.get("late_reason") or ""),
    )  # fmt: skip
