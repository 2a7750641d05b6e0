"""Households over time: joined into another (并户), split (分户), with another head."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.ids import uuid7
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import leave, not_ahead, settle
from nianlun.places.actions.people_step import Step
from nianlun.places.models import Household, Residence, Resident, ResidentState, Room, User
from nianlun.places.rules.relations import HEAD, OTHER, RELATIONS

JOINED, SPLIT = "并户", "分户"


def hold(household: Household, revision: int | None = None) -> Household:
    """The household as it stands, locked; StaleRevision if somebody changed it since `revision`."""
    held = Household.objects.select_for_update().get(pk=household.pk)
    if revision is not None and held.revision != revision:
        raise StaleRevision("这一户刚刚被别人改过，没有保存。请对照后再办。")
    if held.ended_on is not None:
        raise UserError("这一户已经注销，不能再办理。")
    return held


def members_of(household: Household) -> list[Resident]:
    """Who lives in it today, locked."""
    living = Resident.objects.select_for_update().filter(household=household, state=ResidentState.LIVING)
    return list(living.order_by("pk"))


@transaction.atomic
def join(
    *,
    acting_user: User,
    household: Household,
    into: Household,
    relations: Mapping[UUID, str],
    on: date,
    revision: int | None = None,
) -> Household:
    """Everybody of a household lives in another from that day on, behind its door; the first ends.

    `relations` to the head of the other household, by resident; who is not named is 其他.
    """
    not_ahead(on)
    first, second = (hold(one) for one in sorted((household, into), key=lambda one: one.pk))
    gone, kept = (first, second) if first.pk == household.pk else (second, first)
    if revision is not None and gone.revision != revision:
        raise StaleRevision("这一户刚刚被别人改过，没有保存。请对照后再办。")
    if gone.pk == kept.pk or gone.community_id != kept.community_id or kept.room_id is None:
        raise UserError("请选择本社区另一户。")
    members, step = members_of(gone), Step()
    with clashes_told():
        for one in members:
            move(step, one, kept, _relation(relations.get(one.pk, OTHER)), on, JOINED)
        step.change(reread(gone), ended_on=max(on, gone.started_on), joined_into_id=kept.pk, head_id=None)
    step.done(
        "household.joined", acting_user=acting_user, about=gone, on=on.isoformat(), into=kept.code,
        also=[("household.joined_by", kept), *(("resident.joined", one) for one in members)],
    )  # fmt: skip
    return kept


@transaction.atomic
def split(
    *,
    acting_user: User,
    household: Household,
    relations: Mapping[UUID, str],
    on: date,
    room_id: UUID | None = None,
    revision: int | None = None,
) -> Household:
    """Some members (those of `relations`, by what they are to the new head) are a household of their own from that day.

    It lives behind another door where one is given. One of them is its head.
    """
    not_ahead(on)
    held = hold(household, revision)
    members = members_of(held)
    leaving = [one for one in members if one.pk in relations]
    if not leaving or len(leaving) == len(members):
        raise UserError("请选择要分出去的人；全家一起搬请在每人页面办理“搬家”。")
    heads = [one for one in leaving if relations[one.pk] == HEAD]
    if len(heads) != 1:
        raise UserError("分出去的人里要有一位户主，也只能有一位。")
    where = room_id or held.room_id
    room = Room.objects.select_related("building").filter(pk=where).first() if where else None
    if room is None or room.community_id != held.community_id:
        raise UserError("请选择本社区的户室。")
    new = Household(
        id=uuid7(), subdistrict_id=held.subdistrict_id, community_id=held.community_id, kind=held.kind, room=room,
        building_id=room.building_id, grid_id=room.building.grid_id, code=_code_beside(held), started_on=on,
    )  # fmt: skip
    step = Step()
    with clashes_told():
        step.add(new)
        for one in leaving:
            move(step, one, new, _relation(relations[one.pk]), on, SPLIT)
    step.done(
        "household.split", acting_user=acting_user, about=held, on=on.isoformat(), into=new.code,
        also=[("household.split_off", new), *(("resident.split", one) for one in leaving)],
    )  # fmt: skip
    return reread(new)


@transaction.atomic
def change_head(
    *,
    acting_user: User,
    household: Household,
    head: Resident,
    relations: Mapping[UUID, str],
    revision: int | None = None,
) -> Household:
    """Another member is the head; `relations` says what the others are to them, by resident."""
    held = hold(household, revision)
    members = members_of(held)
    if head.pk not in {one.pk for one in members}:
        raise UserError("户主要在这一户现住的人里选。")
    step = Step()
    step.change(held, head_id=head.pk)
    spells = {
        spell.resident_id: spell
        for spell in Residence.objects.filter(resident__in=members, household=held, ends_on=None)
    }
    for one in members:
        relation = HEAD if one.pk == head.pk else _relation(relations.get(one.pk, one.relation))
        relation = OTHER if relation == HEAD and one.pk != head.pk else relation
        step.change(one, relation=relation)
        if spell := spells.get(one.pk):
            step.change(spell, relation=relation)
    step.done(
        "household.head_changed", acting_user=acting_user, about=held, on=today().isoformat(),
        also=[("resident.head_changed", one) for one in members],
    )  # fmt: skip
    return held


def move(step: Step, one: Resident, household: Household, relation: str, on: date, why: str) -> None:
    """One member from their household into another, wherever that lives."""
    leave(step, one, on, why, staying={household.pk})
    settle(step, one, reread(household), relation, on, why)


def reread(household: Household) -> Household:
    """As the step's own changes left it."""
    return Household.objects.select_for_update().get(pk=household.pk)


def _relation(said: str) -> str:
    if said not in RELATIONS:
        raise UserError(f"与户主关系只能填：{'、'.join(RELATIONS)}。")
    return said


def _code_beside(household: Household) -> str:
    """The code of a household split off: that of the first with a number behind it that nobody has."""
    taken: Sequence[str] = list(
        Household.objects.filter(
            subdistrict=household.subdistrict_id, code__startswith=f"{household.code[:36]}-"
        ).values_list("code", flat=True)
    )
    return next(code for number in range(2, 1000) if (code := f"{household.code[:36]}-{number}") not in taken)
