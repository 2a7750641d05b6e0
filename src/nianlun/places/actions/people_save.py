"""Writing what was checked of residents: many new ones at once, and edits of those that stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from nianlun.kernel import audit
from nianlun.kernel.bulk import Maker, copy_in, copy_rows
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import StaleRevision
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import move_in
from nianlun.places.models import Community, Household, Residence, Resident, User
from nianlun.places.registers.homes import Home
from nianlun.places.registers.resident_check import ResidentDraft
from nianlun.places.registers.resident_fields import FIELDS, PLAIN, SECRET, UNASKED
from nianlun.places.rules.relations import HEAD
from nianlun.places.search.index import index
from nianlun.places.search.pinyin import settled
from nianlun.ui.registers.changes import changes

REGISTERED = "登记"
RESIDENTS, HOUSEHOLDS = Maker(Resident), Maker(Household)
COLUMNS = {
    "id_number": ("id_number_sealed", "id_number_digest"),
    "phone": ("phone_sealed", "phone_digest", "phone_tail_digest"),
}


def save(*, acting_user: User, community: Community, drafts: Sequence[ResidentDraft], source: str) -> list[Resident]:
    """Write drafts that are good, all or none; gives the residents in the drafts' order."""
    with clashes_told():
        new = [draft for draft in drafts if draft.known is None]
        households: list[Household] = []
        made = dict(zip(map(id, new), _add(new, community, acting_user, source, households), strict=True))
        changed = [draft for draft in drafts if draft.known is not None]
        made |= dict(zip(map(id, changed), _change(changed, community, acting_user, source), strict=True))
        saved = [made[id(draft)] for draft in drafts]
        index([made[id(draft)] for draft in new], new=True)
        index([*(made[id(draft)] for draft in changed), *households])
    return saved


def _add(
    drafts: Sequence[ResidentDraft], community: Community, acting_user: User, source: str, households: list[Household]
) -> list[Resident]:
    """New residents with their residences, and households where there are none; those go into `households` too."""
    if not drafts:
        return []
    moment, day = now(), today()
    residents = [_resident(draft, community, moment) for draft in drafts]
    households += _settle(list(zip(drafts, residents, strict=True)), community, moment)
    copy_in(residents)
    columns = ("id", "resident_id", "household_id", "room_id", "building_id", "relation", "starts_on", "ends_on",
               "began_by", "ended_by")  # fmt: skip
    lived = ((draft.checked.values.get("since") or day, one) for draft, one in zip(drafts, residents, strict=True))
    copy_rows(
        Residence, columns,
        (
            (uuid7(), one.pk, one.household_id, one.room_id, one.building_id, one.relation, since, None, REGISTERED, "")
            for since, one in lived if one.room_id
        ),
    )  # fmt: skip
    audit.record_many(
        "resident.registered", ((one.pk, {"source": source, "community": community.code}) for one in residents),
        actor_id=acting_user.pk, kind="resident", subdistrict_id=community.subdistrict_id,
    )  # fmt: skip
    return residents


def _resident(draft: ResidentDraft, community: Community, moment: datetime) -> Resident:
    values = draft.checked.values
    door = draft.door
    name = cast(str, values["name"])
    columns = {code: values.get(code) or UNASKED.get(code, "") for code in PLAIN}
    columns |= {
        "subdistrict_id": community.subdistrict_id, "community_id": community.pk, "created_at": moment,
        "changed_at": moment, "relation": values.get("relation") or "",
        "initials": settled(name, cast("str | None", values.get("initials")), person=True),
    }  # fmt: skip
    if door:
        columns |= {"room_id": door.room, "building_id": door.building.pk, "grid_id": door.building.grid_id}
    at, building = (door.at, door.building) if door else (None, None)
    return RESIDENTS.make(columns | secret_columns(draft), room=at, building=building)


def secret_columns(draft: ResidentDraft) -> dict[str, Any]:
    """The columns of the secret fields that were written: sealed, and their digests."""
    found: dict[str, Any] = {}
    for code in SECRET:
        if code not in draft.checked.values:
            continue
        plain = cast("str | None", draft.checked.values[code])
        if plain is None:
            found |= {column: "" if column.endswith("_sealed") else None for column in COLUMNS[code]}
        elif code == "phone":
            found["phone_sealed"], found["phone_digest"] = seal(plain), draft.phone_digest
            found["phone_tail_digest"] = digest("phone_tail", plain)
        else:
            found["id_number_sealed"], found["id_number_digest"] = seal(plain), draft.id_digest
    return found


def _settle(
    people: Sequence[tuple[ResidentDraft, Resident]], community: Community, moment: datetime
) -> list[Household]:
    """Put new residents into their households; gives those that stood before and got a head."""
    started: dict[int, date] = {}
    homes: dict[int, Home] = {}
    heads: dict[int, Resident] = {}
    day = today()
    for draft, one in people:
        home = draft.home
        if home is None:
            continue
        key = id(home)
        homes[key] = home
        since = cast("date | None", draft.checked.values.get("since")) or day
        started[key] = min(since, started.get(key, since))
        if one.relation == HEAD:
            heads[key] = one
    written = make_homes(homes, started, heads, community, moment)
    for draft, one in people:
        if draft.home:
            one.household_id = draft.home.id
    return written


def make_homes(
    homes: Mapping[int, Home],
    started: Mapping[int, date],
    heads: Mapping[int, Resident],
    community: Community,
    moment: datetime,
) -> list[Household]:
    """Make the households that are not there yet and index them; of all, set the heads that are given.

    Gives those that stood before and got a head.
    """
    made: list[Household] = []
    headless: dict[UUID, Resident] = {}
    for key, home in homes.items():
        if home.id is None:
            building, head = home.door.building, heads.get(key)
            columns = {
                "subdistrict_id": community.subdistrict_id, "community_id": community.pk, "code": home.code,
                "room_id": home.door.room, "building_id": building.pk, "grid_id": building.grid_id,
                "head_id": head.pk if head else None, "started_on": started[key], "created_at": moment,
                "changed_at": moment,
            }  # fmt: skip
            one = HOUSEHOLDS.make(columns, room=home.door.at, building=building, head=head)
            home.id = one.pk
            made.append(one)
        elif key in heads:
            headless[home.id] = heads[key]
    copy_in(made)
    standing = list(Household.objects.filter(pk__in=headless)) if headless else []
    for one in standing:
        one.head, one.revision, one.changed_at = headless[one.pk], one.revision + 1, moment
    Household.objects.bulk_update(standing, ["head", "revision", "changed_at"], batch_size=500)
    index(made, new=True)
    return standing


def _change(drafts: Sequence[ResidentDraft], community: Community, acting_user: User, source: str) -> list[Resident]:
    """Edits of residents that stand; nothing is written, or noted, of one that stays as it was."""
    locked = Resident.objects.select_for_update().in_bulk(sorted(draft.known.pk for draft in drafts if draft.known))
    written: set[str] = set()
    changed: list[Resident] = []
    told: list[tuple[UUID, dict[str, Any]]] = []
    saved: list[Resident] = []
    moment = now()
    for draft in drafts:
        assert draft.known is not None
        one = locked[draft.known.pk]
        saved.append(one)
        if one.revision != (draft.revision or draft.known.revision):
            raise StaleRevision("这位居民的资料刚刚被别人改过，没有保存。请对照后再改。")
        after = _new_values(one, draft)
        before = {code: value_of(one, code) for code in after}
        differences = changes(FIELDS, before, after)
        if differences:
            columns = {code: after[code] for code in differences if code not in SECRET}
            hidden = secret_columns(draft)
            columns |= {column: hidden[column] for code in differences if code in SECRET for column in COLUMNS[code]}
            for column, value in columns.items():
                setattr(one, column, value)
            written |= set(columns)
            one.revision, one.changed_at = one.revision + 1, moment
            changed.append(one)
            told.append((one.pk, {"source": source, "community": community.code, "changes": differences}))
    Resident.objects.bulk_update(changed, [*written, "revision", "changed_at"], batch_size=500)
    audit.record_many(
        "resident.changed", told, actor_id=acting_user.pk, kind="resident", subdistrict_id=community.subdistrict_id
    )
    for draft, one in zip(drafts, saved, strict=True):
        if draft.door and draft.home:
            _move(draft, one, community, acting_user)
    return saved


def _move(draft: ResidentDraft, one: Resident, community: Community, acting_user: User) -> None:
    """Another door written for somebody known: they moved there on the day given, or today."""
    assert draft.home
    since = cast("date | None", draft.checked.values.get("since")) or today()
    move_in(
        acting_user=acting_user, resident=one, home=draft.home, on=since,
        relation=str(draft.checked.values.get("relation") or one.relation),
    )  # fmt: skip


def _new_values(one: Resident, draft: ResidentDraft) -> dict[str, object]:
    """What is to stand, by field code, of the fields that were written; secrets as their digests."""
    values = draft.checked.values
    after = {code: values[code] or UNASKED.get(code, "") for code in (*PLAIN, "relation") if code in values}
    if draft.door:
        after.pop("relation", None)  # it is noted with the move
    if "name" in after or "initials" in after:
        name = cast("str | None", after.get("name")) or one.name
        hand = cast("str | None", values.get("initials"))
        after["initials"] = settled(name, hand, before=(one.name, one.initials), person=True)
    if "id_number" in values:
        after["id_number"] = draft.id_digest
    if "phone" in values:
        after["phone"] = draft.phone_digest
    return after


def value_of(one: Resident, code: str) -> object:
    """A field's value as it stands, of a secret one its digest."""
    if code in SECRET:
        found = getattr(one, f"{code}_digest")
        return None if found is None else bytes(found)
    return getattr(one, code)
