"""Moving in and out, and dying: the spells of where somebody lived never overlap, and nothing begins tomorrow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_step import Step
from nianlun.places.models import Household, Residence, Resident, ResidentState, Room, User
from nianlun.places.rules.relations import HEAD

IN, HOUSE_MOVE, OUT, DEATH = "迁入", "搬家", "迁出", "死亡"
PLACE = ("building_id", "grid_id", "room_id", "household_id")
GONE = dict.fromkeys(PLACE)


def hold(resident: Resident, revision: int | None = None) -> Resident:
    """The resident as they stand, locked; StaleRevision if somebody changed them since `revision`."""
    held = Resident.objects.select_for_update().get(pk=resident.pk)
    if revision is not None and held.revision != revision:
        raise StaleRevision("这位居民的资料刚刚被别人改过，没有保存。请对照后再办。")
    if held.state == ResidentState.MERGED:
        raise UserError("这条记录已合并到另一条，请到合并后的那一条办理。")
    return held


def not_ahead(day: date) -> None:
    """Nothing is noted before it happened."""
    if day > today():
        raise UserError("日期不能晚于今天，请核对。", code="future")


@transaction.atomic
def move_in(
    *,
    acting_user: User,
    resident: Resident,
    room_id: UUID,
    household_id: UUID,
    relation: str,
    on: date,
    revision: int | None = None,
) -> Resident:
    """They live behind this door, in this household, from that day on; where they lived before ends then."""
    not_ahead(on)
    held = hold(resident, revision)
    if held.state == ResidentState.DIED:
        raise UserError("此人已登记去世，不能再迁入。登记错了请先撤销。")
    if held.household_id == household_id and held.room_id == room_id:
        raise UserError("已经住在这一户，不用再登记。")
    step = Step()
    with clashes_told():
        before = held.state
        leave(step, held, on, HOUSE_MOVE, staying={household_id})
        settle(step, held, room_id, household_id, relation, on, IN if before == ResidentState.MOVED_OUT else HOUSE_MOVE)
    action = "resident.moved_in" if before == ResidentState.MOVED_OUT else "resident.moved"
    step.done(action, acting_user=acting_user, about=held, on=on.isoformat())
    return held


@transaction.atomic
def move_out(
    *, acting_user: User, resident: Resident, on: date, where: str = "", revision: int | None = None
) -> Resident:
    """They no longer live here from that day on; `where` in words goes to the log."""
    not_ahead(on)
    held = hold(resident, revision)
    if held.state != ResidentState.LIVING:
        raise UserError(f"此人{held.get_state_display()}，不用再登记迁出。")
    step = Step()
    with clashes_told():
        leave(step, held, on, OUT)
        step.change(held, state=ResidentState.MOVED_OUT.value, relation="", **GONE)
    step.done("resident.moved_out", acting_user=acting_user, about=held, on=on.isoformat(), where=where)
    return held


@transaction.atomic
def die(*, acting_user: User, resident: Resident, on: date, revision: int | None = None) -> Resident:
    """They died on that day, the last on which they lived here."""
    not_ahead(on)
    held = hold(resident, revision)
    if held.state == ResidentState.DIED:
        raise UserError("此人已登记去世。")
    if held.born_on and on < held.born_on:
        raise UserError("去世日期早于出生日期，请核对。")
    step = Step()
    with clashes_told():
        leave(step, held, on + timedelta(days=1), DEATH)
        step.change(held, state=ResidentState.DIED.value, died_on=on, relation="", **GONE)
    step.done("resident.died", acting_user=acting_user, about=held, on=on.isoformat())
    return held


def leave(step: Step, held: Resident, on: date, why: str, staying: Collection[UUID] = ()) -> None:
    """End where they live; a household that is left without its head has none, one without anybody ends.

    `staying`: households that do not end although they are empty for a moment.
    """
    for spell in Residence.objects.select_for_update().filter(resident=held, ends_on=None):
        step.change(spell, ends_on=on, ended_by=why)
    if held.household_id is None:
        return
    household = Household.objects.select_for_update().get(pk=held.household_id)
    if household.head_id == held.pk:
        step.change(household, head_id=None)
    others = Resident.objects.filter(household=household).exclude(pk=held.pk)
    if household.pk not in staying and not others.exists():
        step.change(household, ended_on=max(on, household.started_on))


def settle(step: Step, held: Resident, room_id: UUID, household_id: UUID, relation: str, on: date, why: str) -> None:
    """Begin to live in a household, behind a door."""
    room = Room.objects.select_related("building").get(pk=room_id)
    household = Household.objects.select_for_update().get(pk=household_id)
    if household.community_id != room.community_id or household.room_id != room_id:
        raise UserError("这一户不住在这间户室，请核对。")
    if household.ended_on is not None:
        raise UserError("这一户已经注销，请另选一户。")
    if relation == HEAD and household.head_id not in {None, held.pk}:
        raise UserError("这一户已有户主。要换户主，请到户的页面点“变更户主”。")
    step.change(
        held, state=ResidentState.LIVING.value, community_id=room.community_id, room_id=room_id,
        building_id=room.building_id, grid_id=room.building.grid_id, household_id=household_id, relation=relation,
    )  # fmt: skip
    step.add(
        Residence(
            resident=held, household=household, room_id=room_id, building_id=room.building_id, relation=relation,
            starts_on=on, began_by=why,
        )
    )  # fmt: skip
    if relation == HEAD:
        step.change(household, head_id=held.pk)
    if household.started_on > on:
        step.change(household, started_on=on)
