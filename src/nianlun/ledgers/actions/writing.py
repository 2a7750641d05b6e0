"""What every write of an entry shares: its lock and revision, the records it names, and how values are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.dispatch import Signal

from nianlun.kernel import audit
from nianlun.kernel.clock import day_of, now, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.fields import Checked, FieldError
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.handed_up import nobody_may_go_on
from nianlun.ledgers.models import Entry, EntryDigest, EntryFile
from nianlun.ledgers.records import named, record_fields
from nianlun.ledgers.rules.flow import due_of, escalates, stands_verified
from nianlun.ledgers.rules.points import take
from nianlun.ledgers.rules.stored import secret_codes, to_json, values_of
from nianlun.ledgers.rules.values import Take, empty
from nianlun.ledgers.working_days import WorkingDays
from nianlun.places.models import Community, User
from nianlun.places.policy import Policy

entry_changed = Signal()  # entry, acting_user: after a write, in its transaction
TITLE_MOST = 60
VERIFIED = "已由另一位同事核验，不能再改，空着的可以补填；确实有误，请写明原因撤回，再重新登记。"


class Refused(UserError):
    """What was written cannot stand; the errors are by field code."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()) or "请改正标出的项目。", code="invalid")
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Head:
    """What every entry says beside its ledger's own fields."""

    occurred_on: date
    subject_kind: str = ""
    subject_id: str = ""
    building_id: UUID | None = None
    grid_id: UUID | None = None
    lines: Sequence[str] = field(default_factory=tuple)
    late_reason: str = ""


def lock(pk: UUID, revision: int | None, mine: Mapping[str, object]) -> Entry:
    """The entry, held until the transaction's end; a stale revision is refused with both sides."""
    locked = Entry.objects.select_for_update(of=("self",), no_key=True)  # others may go on linking to it
    entry = locked.select_related("community").get(pk=pk)
    if revision is not None and entry.revision != revision:
        ledger = ledger_of(entry)
        now_there = {code: entry.data.get(code) for code in mine}
        titles = {one.code: one.title for one in ledger.fields}
        raise StaleRevision(
            "别人刚刚改了这条记录，请核对后再保存。",
            mine=_side(mine, titles),
            theirs=_side(now_there, titles),
        )
    if entry.withdrawn_at is not None:
        raise UserError("这条记录已撤回，不能再办；确有需要，请先恢复。")
    return entry


def _side(values: Mapping[str, object], titles: Mapping[str, str]) -> str:
    return "\n".join(
        f"{titles.get(code, code)}：{value if value not in (None, '') else '（空）'}" for code, value in values.items()
    )


def ledger_of(entry: Entry) -> Ledger:
    """The declaration that an entry was written under."""
    return catalogue.held(entry.ledger_version_id, entry.overlay_version_id, entry.overlay_above_id).ledger


def save(entry: Entry) -> None:
    entry.revision += 1
    entry.changed_at = now()
    entry.save()


def add_doer(entry: Entry, user: User) -> None:
    if user.pk not in entry.doers:
        entry.doers = [*entry.doers, user.pk]


def differences(ledger: Ledger, before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[Any]]:
    """What changed, by field code: what it was and what it is; of a secret one only that it did."""
    secret = secret_codes(ledger)
    return {
        code: ["", "已修改"] if code in secret else [to_json(before.get(code)), to_json(value)]
        for code, value in after.items()
        if (code in secret and (value is not None or code in before))
        or (code not in secret and before.get(code) != value)
    }


def find_records(
    ledger: Ledger, checked: Checked, head: Head, acting_user: User, community: Community
) -> dict[str, Any]:
    """The records that values and head name; one that the writer may not see is an error as if it were not there."""
    wanted: dict[str, list[str]] = {}
    for one in record_fields(ledger):
        if value := checked.values.get(one.code):
            wanted.setdefault(one.kind, []).append(str(value))
    if head.subject_kind:
        wanted.setdefault(head.subject_kind, []).append(head.subject_id)
    if head.grid_id:
        wanted.setdefault("grid", []).append(str(head.grid_id))
    if head.building_id:
        wanted.setdefault("place", []).append(str(head.building_id))
    found = named(wanted, Policy(acting_user), community) if wanted else {}
    for one in record_fields(ledger):
        if (value := checked.values.get(one.code)) and str(value) not in found:
            checked.errors[one.code] = f"没有找到这个{one.title}，请重新选择。"
    for code, given in (("subject", head.subject_id), ("building", head.building_id), ("grid", head.grid_id)):
        if given and str(given) not in found:
            checked.errors[code] = "没有找到，请重新选择。"
    return found


def taker(community: Community, before: Mapping[str, object] | None = None) -> Take:
    """Checks points against the checklist that holds at the community, which is looked up only where one was taken.

    `before` are an entry's values: what was taken of an older version is judged by that.
    """

    def take_points(field: FieldSpec, taken: Mapping[str, Any]) -> object:
        there = catalogue.checklists_for(community, [(before or {}).get(field.code)])
        checklist = there.get(str(taken["checklist"]))
        if checklist is None:
            raise FieldError("请先选检查表。")
        return take(checklist, taken)

    return take_points


def keep_verified(ledger: Ledger, status: str, before: Mapping[str, object], checked: Checked) -> None:
    """Note an error where what a second person verified at the end is written over; what is empty may be filled."""
    if not stands_verified(ledger, status):
        return
    for code in {spec.code for spec in ledger.fields if spec.kind != "computed"} & checked.values.keys():
        was = before.get(code)
        if not empty(was) and was is not False and checked.values[code] != was:
            checked.errors[code] = VERIFIED


def write_values(entry: Entry, ledger: Ledger, values: Mapping[str, object]) -> None:
    secret = secret_codes(ledger)
    data, sealed = dict(entry.data), dict(entry.sealed)
    for code, value in values.items():
        if code in secret:
            sealed.pop(code, None)
            if value is not None:
                sealed[code] = seal(str(value))
        elif value is None:
            data.pop(code, None)
        else:
            data[code] = to_json(value)
    entry.data, entry.sealed = data, sealed
    said = str(data.get(ledger.title_of) or ledger.title)
    entry.title = said if len(said) <= TITLE_MOST else said[: TITLE_MOST - 1] + "…"


def keep_digests(entry: Entry, ledger: Ledger, values: Mapping[str, object]) -> None:
    kinds = {one.code: one.kind for one in ledger.fields if one.code in secret_codes(ledger) and one.code in values}
    if not kinds:
        return
    entry.digests.filter(field__in=kinds).delete()
    rows = []
    for code, kind in kinds.items():
        value = values[code]
        if value is None:
            continue
        rows.append(EntryDigest(entry=entry, field=code, kind=kind, digest=digest(kind, str(value))))
        if kind == "phone":
            tail = digest("phone_tail", str(value)[-4:])
            rows.append(EntryDigest(entry=entry, field=code, kind="phone_tail", digest=tail))
    EntryDigest.objects.bulk_create(rows)


def take_files(entry: Entry, ledger: Ledger, acting_user: User) -> None:
    """Files that were sent before belong to the entry now; only one's own, and only those of nobody."""
    for one in ledger.fields:
        ids = entry.data.get(one.code) if one.kind in {"photos", "files"} else [entry.data.get(one.code)]
        if one.kind in {"photos", "files", "signature"} and ids:
            fresh = EntryFile.objects.filter(pk__in=[pk for pk in ids if pk], entry=None, added_by=acting_user)
            fresh.update(entry=entry, field=one.code)


def tell_at_once(entry: Entry, ledger: Ledger, *, acting_user: User | None) -> None:
    """After it is saved: an open entry that is grave, or that nobody of the community may verify, is known above."""
    values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
    if entry.closed_on or entry.escalated_on or entry.withdrawn_at:
        return
    if escalates(ledger, values, today()):
        why = "grave"
    elif nobody_may_go_on(entry, ledger):
        why = "nobody"
    else:
        return
    entry.escalated_on = today()
    Entry.objects.filter(pk=entry.pk).update(escalated_on=entry.escalated_on)
    audit.record(
        "entry.escalated", actor_id=acting_user.pk if acting_user else None, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id, detail={"ledger": entry.ledger, "why": why},
    )  # fmt: skip


def due_now(entry: Entry, ledger: Ledger) -> date | None:
    last = entry.steps.exclude(target="").last()
    entered = day_of(last.at if last else entry.recorded_at)
    return due_of(ledger, entry.status, entered, values_of(ledger, entry.data), WorkingDays())
