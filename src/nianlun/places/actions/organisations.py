"""Writing organisations: what was checked of them, closing and reopening, taking back what a sheet made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.models import Community, Organisation, User
from nianlun.places.registers.organisation_check import OrganisationDraft
from nianlun.places.registers.organisation_fields import FIELDS, PLAIN, SECRET, UNASKED
from nianlun.places.search.index import index, unindex
from nianlun.places.search.pinyin import settled
from nianlun.ui.registers.changes import changes

COLUMNS = {
    "credit_code": ("credit_code_sealed", "credit_code_digest"),
    "phone": ("phone_sealed", "phone_digest", "phone_tail_digest"),
}


def save(
    *, acting_user: User, community: Community, drafts: Sequence[OrganisationDraft], source: str
) -> list[Organisation]:
    """Write drafts that are good, all or none; gives the organisations in the drafts' order."""
    with clashes_told():
        standing = [draft.known.pk for draft in drafts if draft.known is not None]
        rows = Organisation.objects.select_for_update(of=("self",)).filter(pk__in=standing).order_by("pk")
        joined = rows.select_related("building__estate", "room__unit", "grid").prefetch_related("estates")
        locked = {row.pk: row for row in joined}
        saved: list[Organisation] = []
        made: list[Organisation] = []
        changed: list[Organisation] = []
        told_made: list[tuple[UUID, dict[str, Any]]] = []
        told_changed: list[tuple[UUID, dict[str, Any]]] = []
        kept: list[tuple[Organisation, OrganisationDraft]] = []
        written: set[str] = set()
        about = {"source": source, "community": community.code}
        for draft in drafts:
            one = locked[draft.known.pk] if draft.known else _blank(community)
            if draft.known and draft.revision is not None and draft.revision != one.revision:
                raise StaleRevision("这家单位的资料刚刚被别人改过，没有保存。请对照后再改。")
            before = {} if draft.known is None else _told(one)
            columns = _columns(one, draft)
            for column, value in columns.items():
                setattr(one, column, value)
            estates = draft.estates if draft.estates is not None else list(one.estates.all()) if draft.known else []
            after = _told(one, estates="、".join(estate.name for estate in estates))
            differences = changes(FIELDS, before, after)
            saved.append(one)
            if draft.known is None:
                made.append(one)
                told_made.append((one.pk, {**about, "changes": differences}))
            elif differences:
                written |= set(columns)
                one.revision, one.changed_at = one.revision + 1, now()
                changed.append(one)
                told_changed.append((one.pk, {**about, "changes": differences}))
            if draft.estates is not None and "estates" in differences:
                kept.append((one, draft))
        Organisation.objects.bulk_create(made, batch_size=1_000)
        Organisation.objects.bulk_update(changed, [*written, "revision", "changed_at"], batch_size=500)
        for one, draft in kept:
            one.estates.set(draft.estates or [])
        for action, told in (("organisation.added", told_made), ("organisation.changed", told_changed)):
            if told:
                audit.record_many(
                    action, told, actor_id=acting_user.pk, kind="organisation", subdistrict_id=community.subdistrict_id
                )
        index([*made, *changed])
    return saved


def _blank(community: Community) -> Organisation:
    return Organisation(
        id=uuid7(), subdistrict_id=community.subdistrict_id, community=community, kind=str(UNASKED["kind"])
    )


def _columns(one: Organisation, draft: OrganisationDraft) -> dict[str, Any]:
    """What is to stand, by column, of all that was written."""
    values = draft.checked.values
    name = str(values.get("name") or one.name)
    said = cast("str | None", values.get("initials"))
    found: dict[str, Any] = {code: values[code] or UNASKED.get(code, "") for code in PLAIN if code in values}
    if values.get("staff") == 0:
        found["staff"] = 0
    found["initials"] = settled(name, said, before=(one.name, one.initials))
    for code in SECRET:
        if code not in values or draft.digests.get(code) == _bytes(getattr(one, f"{code}_digest")):
            continue
        plain = cast("str | None", values[code])
        found[f"{code}_sealed"] = seal(plain) if plain else ""
        found[f"{code}_digest"] = draft.digests[code]
        if code == "phone":
            found["phone_tail_digest"] = digest("phone_tail", plain) if plain else None
    if draft.placed:
        found |= {"building": draft.building, "room": draft.room, "grid": draft.grid}
    return found


def _told(one: Organisation, estates: str | None = None) -> dict[str, object]:
    """The organisation by field code, its secrets as digests: to be compared."""
    told: dict[str, object] = {code: getattr(one, code) for code in PLAIN}
    told |= {code: _bytes(getattr(one, f"{code}_digest")) for code in SECRET}
    told["estate"] = one.building.estate.name if one.building else ""
    told["building"] = one.building.name if one.building else ""
    told["unit"] = one.room.unit.name if one.room else ""
    told["room"] = one.room.number if one.room else ""
    told["grid"] = one.grid.name if one.grid else ""
    told["estates"] = "、".join(estate.name for estate in one.estates.all()) if estates is None else estates
    return told


def _bytes(found: object) -> bytes | None:
    return None if found is None else bytes(cast("bytes | memoryview", found))


@transaction.atomic
def close(*, acting_user: User, organisation: Organisation, on: date, revision: int | None = None) -> Organisation:
    """It works here no longer from that day on."""
    held = _hold(organisation, revision)
    if held.closed_on is not None:
        raise UserError(f"{held.name}已从 {held.closed_on} 起关停，不用再登记。")
    if on > today():
        raise UserError("关停日期不能晚于今天，请核对。")
    if held.opened_on and on < held.opened_on:
        raise UserError("关停日期早于开办日期，请核对。")
    return _end(held, on, "organisation.closed", acting_user)


@transaction.atomic
def reopen(*, acting_user: User, organisation: Organisation, revision: int | None = None) -> Organisation:
    """It works here again; if its building was moved to another grid meanwhile, it is there now."""
    held = _hold(organisation, revision)
    if held.closed_on is None:
        raise UserError(f"{held.name}正在营业，不用恢复。")
    if held.building is not None:
        held.grid_id = held.building.grid_id
    return _end(held, None, "organisation.reopened", acting_user)


def _hold(organisation: Organisation, revision: int | None) -> Organisation:
    held = Organisation.objects.select_for_update(of=("self",)).select_related("building").get(pk=organisation.pk)
    if revision is not None and held.revision != revision:
        raise StaleRevision("这家单位的资料刚刚被别人改过，请看过最新内容后再办理。")
    return held


def _end(held: Organisation, on: date | None, action: str, acting_user: User) -> Organisation:
    held.closed_on, held.revision, held.changed_at = on, held.revision + 1, now()
    held.save(update_fields=["closed_on", "grid", "revision", "changed_at"])
    audit.record(
        action, actor_id=acting_user.pk, kind="organisation", record_id=held.pk, subdistrict_id=held.subdistrict_id,
        detail={"community": held.community.code, **({"on": on.isoformat()} if on else {})},
    )  # fmt: skip
    index([held])
    return held


@transaction.atomic
def withdraw(*, acting_user: User, community: Community, made: Mapping[UUID, int], source: str) -> list[Organisation]:
    """Take back what a sheet made, unless somebody changed it since; gives those that stay."""
    rows = list(Organisation.objects.select_for_update().filter(community=community, pk__in=made))
    staying = [row for row in rows if row.revision != made[row.pk]]
    gone = [row for row in rows if row.revision == made[row.pk]]
    told = [(row.pk, {"community": community.code, "source": source}) for row in gone]
    audit.record_many(
        "organisation.withdrawn", told, actor_id=acting_user.pk, kind="organisation",
        subdistrict_id=community.subdistrict_id,
    )  # fmt: skip
    unindex("organisation", [row.pk for row in gone])
    Organisation.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return staying
