"""What of places, people, organisations and bodies can be found, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, prefetch_related_objects

from nianlun.kernel.sealing.rotation import digests_made_anew
from nianlun.places.models import (
    Body,
    BodyKind,
    Building,
    Estate,
    Grid,
    Household,
    Organisation,
    Resident,
    ResidentState,
    Room,
)
from nianlun.places.policy import GRANTS, May, Policy
from nianlun.places.search.grams import Space
from nianlun.places.search.kinds import Described, Kind, Where, describe
from nianlun.places.search.pinyin import initials
from nianlun.places.search.rebuild import after_new_digests

PARTY = "party"


def describe_all() -> None:
    """Called once at start-up."""
    digests_made_anew.connect(after_new_digests, dispatch_uid="places.search")
    people = May.PEOPLE, Space.PEOPLE
    describe(Kind("resident", "居民", Resident, _residents, _page("residents"), *people, numbers=True))
    describe(Kind("household", "户", Household, _households, _page("households"), *people))
    describe(Kind("building", "楼栋", Building, _buildings, _page("buildings"), May.GROUND))
    describe(Kind("estate", "小区", Estate, _estates, _page("estates"), May.GROUND))
    describe(Kind("grid", "网格", Grid, _grids, _page("grids"), May.GROUND))
    describe(
        Kind("organisation", "单位", Organisation, _organisations, _page("organisations"), May.GROUND, numbers=True)
    )
    describe(Kind("body", "组织和队伍", Body, _bodies, _page("bodies"), May.GROUND))
    describe(Kind("branch", "党组织", Body, _branches, _page("bodies"), May.GROUND, seen=_sees_branches))


def _page(register: str) -> Callable[[str, UUID], str]:
    return lambda community, pk: f"/c/{community}/{register}/{pk}/"


def address_of(building: Building | None, room: Room | None = None) -> str:
    """清风苑3号楼2单元302, as far as it is known; the building's estate and the room's unit must be at hand."""
    if building is None:
        return ""
    door = f"{room.unit.name}{room.number}" if room else ""
    return f"{building.estate.name}{building.name}{door}"


def _residents(records: Sequence[Resident]) -> Iterator[Described]:
    prefetch_related_objects(records, "building__estate", "room__unit")
    for one in records:
        if one.state == ResidentState.MERGED:
            continue
        address = address_of(one.building, one.room)
        gone = one.state != ResidentState.LIVING
        yield Described(
            _where(one, one.grid_id), title=one.name, gone=gone, texts=[address],
            subtitle=f"{one.get_state_display()} {address}".strip() if gone else address,
            initials=[one.initials or initials(one.name, person=True)],
            digests=[one.id_number_digest, one.phone_digest, one.phone_tail_digest],
        )  # fmt: skip


def _households(records: Sequence[Household]) -> Iterator[Described]:
    prefetch_related_objects(records, "building__estate", "room__unit", "head")
    for one in records:
        address = address_of(one.building, one.room)
        head = f"户主 {one.head.name}" if one.head else ""
        gone = one.ended_on is not None
        yield Described(
            _where(one, one.grid_id), title=address or one.code, gone=gone, texts=[one.code, head],
            subtitle=" ".join(part for part in ("已销户" if gone else "", head, one.code) if part),
        )  # fmt: skip


def _buildings(records: Sequence[Building]) -> Iterator[Described]:
    prefetch_related_objects(records, "estate", "grid")
    for one in records:
        estate = one.estate.initials or initials(one.estate.name)
        yield Described(
            _where(one, one.grid_id), title=address_of(one), gone=one.retired_on is not None,
            subtitle=" ".join(part for part in (one.grid.name if one.grid else "", one.address) if part),
            texts=[one.code, one.address],
            initials=[estate + (one.initials or initials(one.name))],
        )  # fmt: skip


def _estates(records: Sequence[Estate]) -> Iterator[Described]:
    for one in records:
        yield Described(
            _where(one), title=one.name, subtitle=one.address, texts=[one.code, one.address],
            initials=[one.initials or initials(one.name)],
        )  # fmt: skip


def _grids(records: Sequence[Grid]) -> Iterator[Described]:
    for one in records:
        yield Described(
            _where(one, one.pk), title=one.name, subtitle=one.code, texts=[one.code],
            initials=[one.initials or initials(one.name)], gone=one.closed_on is not None,
        )  # fmt: skip


def _organisations(records: Sequence[Organisation]) -> Iterator[Described]:
    prefetch_related_objects(records, "building__estate", "room__unit")
    for one in records:
        address = one.address or address_of(one.building, one.room)
        yield Described(
            _where(one, one.grid_id), title=one.name, gone=one.closed_on is not None,
            subtitle=f"{one.get_kind_display()} {address}".strip(), texts=[address, one.contact],
            initials=[one.initials or initials(one.name)],
            digests=[one.credit_code_digest, one.phone_digest, one.phone_tail_digest],
        )  # fmt: skip


def _bodies(records: Sequence[Body]) -> Iterator[Described]:
    return _groups([one for one in records if one.kind != BodyKind.BRANCH])


def _branches(records: Sequence[Body]) -> Iterator[Described]:
    return _groups([one for one in records if one.kind == BodyKind.BRANCH])


def _groups(records: Sequence[Body]) -> Iterator[Described]:
    prefetch_related_objects(records, "community")
    for one in records:
        yield Described(
            _where(one), title=one.name, subtitle=one.get_kind_display(), gone=one.closed_on is not None,
            initials=[one.initials or initials(one.name)],
        )  # fmt: skip


def _sees_branches(policy: Policy) -> Q:
    """A branch is shown to those whose line of work it is, and to whoever sees every line."""
    found = Q(pk__in=[])
    for post in policy.posts:
        if GRANTS[post.kind].every_line or PARTY in post.lines:
            found |= Q(community_id=post.community_id) if post.community_id else Q(subdistrict_id=post.subdistrict_id)
    return found


def _where(record: Any, grid_id: UUID | None = None) -> Where:
    """All these models have the columns of their place."""
    return Where(record.pk, record.subdistrict_id, record.community_id, grid_id)
