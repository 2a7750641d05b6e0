"""Filing an entry, changing what it says, and withdrawing it; nothing is ever deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import Checked
from nianlun.ledgers.actions.booking import check_booked
from nianlun.ledgers.actions.serve import release, resume
from nianlun.ledgers.actions.writing import (
    Head,
    Refused,
    add_doer,
    differences,
    due_now,
    entry_changed,
    find_records,
    keep_digests,
    keep_verified,
    ledger_of,
    lock,
    save,
    take_files,
    taker,
    tell_at_once,
    write_values,
)
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.records import grid_on, place_of
from nianlun.ledgers.rules.flow import due_of
from nianlun.ledgers.rules.stored import values_of
from nianlun.ledgers.rules.values import check_values
from nianlun.ledgers.working_days import WorkingDays
from nianlun.places.models import Community, User

RETIRED = "这本台账已停用，不再登记新的记录；以前的记录照常能看、能办完。"


@transaction.atomic
def file_entry(
    *, acting_user: User, community: Community, held: Held, head: Head, written: Mapping[str, object]
) -> Entry:
    """A new entry; raises Refused with what must be mended, by field."""
    ledger = held.ledger
    if held.retired:
        raise UserError(RETIRED)
    checked = check_values(ledger, written, today=today(), take=taker(community))
    check_head(ledger, head, checked)
    check_booked(ledger, checked, community)
    records = find_records(ledger, checked, head, acting_user, community)
    if not checked.good:
        raise Refused(checked.errors)
    entry = Entry(
        subdistrict_id=community.subdistrict_id, community=community, ledger=ledger.ledger,
        ledger_version_id=held.version_id, overlay_version_id=held.overlay_id, overlay_above_id=held.above_id,
        status=ledger.flow.start, lines=list(head.lines or ledger.lines), occurred_on=head.occurred_on,
        recorded_at=now(), recorded_by=acting_user, late_reason=head.late_reason, doers=[acting_user.pk],
    )  # fmt: skip
    _place(entry, head, records)
    write_values(entry, ledger, checked.values)
    entry.due_on = due_of(ledger, entry.status, today(), values_of(ledger, entry.data), WorkingDays())
    if ledger.flow.states[entry.status].final:  # a visit is over when it is written down
        entry.closed_on = today()
    entry.save()
    keep_digests(entry, ledger, checked.values)
    take_files(entry, ledger, acting_user)
    audit.record(
        "entry.filed", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"ledger": entry.ledger},
    )  # fmt: skip
    tell_at_once(entry, ledger, acting_user=acting_user)
    entry_changed.send(Entry, entry=entry, acting_user=acting_user)
    return entry


@transaction.atomic
def change_entry(*, acting_user: User, pk: UUID, revision: int | None, written: Mapping[str, object]) -> Entry:
    """Change what an entry says, in the form of its own version; approvals that it had are void."""
    entry = lock(pk, revision, written)
    ledger = ledger_of(entry)
    before = values_of(ledger, entry.data, entry.sealed)
    checked = check_values(ledger, written, today=today(), before=before, take=taker(entry.community, before))
    check_booked(ledger, checked, entry.community, before, entry.pk)
    keep_verified(ledger, entry.status, before, checked)
    head = Head(entry.occurred_on, late_reason=entry.late_reason)
    find_records(ledger, checked, head, acting_user, entry.community)
    if not checked.good:
        raise Refused(checked.errors)
    changes = differences(ledger, before, checked.values)
    if not changes:
        return entry
    write_values(entry, ledger, checked.values)
    entry.due_on = None if entry.closed_on else due_now(entry, ledger)
    add_doer(entry, acting_user)
    entry.steps.filter(target="", voided=False).update(voided=True)
    save(entry)
    keep_digests(entry, ledger, checked.values)
    take_files(entry, ledger, acting_user)
    audit.record(
        "entry.changed", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"changes": changes},
    )  # fmt: skip
    tell_at_once(entry, ledger, acting_user=acting_user)
    entry_changed.send(Entry, entry=entry, acting_user=acting_user)
    return entry


@transaction.atomic
def withdraw_entry(*, acting_user: User, pk: UUID, revision: int | None, reason: str) -> Entry:
    """An entry that should not count: it stays, marked, with the reason; duties that it completed are open again."""
    entry = lock(pk, revision, {"reason": reason})
    if len(reason.strip()) < 2:
        raise UserError("请写明撤回的原因。")
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawn_reason = now(), acting_user, reason.strip()[:200]
    save(entry)
    audit.record(
        "entry.withdrawn", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"reason": entry.withdrawn_reason},
    )  # fmt: skip
    release(acting_user=acting_user, entry=entry)
    entry_changed.send(Entry, entry=entry, acting_user=acting_user)
    return entry


@transaction.atomic
def restore_entry(*, acting_user: User, pk: UUID, revision: int | None) -> Entry:
    """Undo of a withdrawal; duties that it completed are done again where they still wait."""
    locked = Entry.objects.select_for_update(of=("self",), no_key=True)
    entry = locked.select_related("community").get(pk=pk)
    if entry.withdrawn_at is None:
        return entry
    _must_find_its_room(entry)
    entry.withdrawn_at, entry.withdrawn_by, entry.withdrawn_reason = None, None, ""
    save(entry)
    audit.record(
        "entry.restored", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id,
    )  # fmt: skip
    resume(acting_user=acting_user, entry=entry)
    entry_changed.send(Entry, entry=entry, acting_user=acting_user)
    return entry


def _must_find_its_room(entry: Entry) -> None:
    """What was booked by an open entry may have been given to another meanwhile; raises Refused."""
    if entry.closed_on is not None:
        return
    ledger = ledger_of(entry)
    checked = Checked(values_of(ledger, entry.data))
    check_booked(ledger, checked, entry.community, entry=entry.pk)
    if not checked.good:
        raise Refused(checked.errors)


def check_head(ledger: Ledger, head: Head, checked: Checked) -> None:
    day = today()
    if head.occurred_on > day:
        checked.errors["occurred_on"] = "发生日期不能晚于今天。"
    elif (day - head.occurred_on).days > ledger.late_after and not head.late_reason.strip():
        checked.errors["late_reason"] = f"发生已超过 {ledger.late_after} 天，请写明补录的原因。"
    if head.subject_kind and head.subject_kind not in ledger.about:
        checked.errors["subject"] = "这本台账不登记这类对象，请重新选择。"


def _place(entry: Entry, head: Head, records: Mapping[str, Any]) -> None:
    """Where it happened: as said, else where its subject lies; the grid is that of the day."""
    building, grid = head.building_id, head.grid_id
    if head.subject_kind:
        subject = records[head.subject_id]
        entry.subject_kind, entry.subject_id, entry.subject_name = head.subject_kind, subject.pk, str(subject)[:120]
        of_subject = place_of(head.subject_kind, subject)
        building, grid = building or of_subject[0], grid or of_subject[1]
    if building is not None:
        grid = grid_on(building, head.occurred_on) or grid
    entry.building_id, entry.grid_id = building, grid
