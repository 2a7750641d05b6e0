"""Moving in and out, and dying: the spells of where somebody lived never overlap, and nothing begins tomorrow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.ids import uuid7
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_step import Step
from nianlun.places.models import Household, Residence, Resident, ResidentState, Room, User
from nianlun.places.registers.homes import Home
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
    home: Home,
    relation: str,
    on: date,
    revision: int | None = None,
) -> Resident:
    """They live in this household, which is made if need be, from that day on; where they lived before ends then."""
    not_ahead(on)
    held = hold(resident, revision)
    if held.state == ResidentState.DIED:
        raise UserError("此人已登记去世，不能再迁入。登记错了请先撤销。")
    if home.id is not None and held.household_id == home.id:
        raise UserError("已经住在这一户，不用再登记。")
    step = Step()
    with clashes_told():
        before = held.state
        household = open_home(step, home, held.community_id, held.subdistrict_id, on)
        leave(step, held, on, HOUSE_MOVE, staying={household.pk})
        settle(step, held, household, relation, on, IN if before == ResidentState.MOVED_OUT else HOUSE_MOVE)
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


def open_home(step: Step, home: Home, community_id: UUID, subdistrict_id: UUID, on: date) -> Household:
    """The household of a home, locked; made as a part of the step where there is none yet."""
    if home.id is not None:
        return Household.objects.select_for_update().get(pk=home.id)
    made = Household(
        id=uuid7(), subdistrict_id=subdistrict_id, community_id=community_id, code=home.code, started_on=on,
        room_id=home.door.room, building_id=home.door.building.pk, grid_id=home.door.building.grid_id,
    )  # fmt: skip
    step.add(made)
    home.id = made.pk
    return made


def settle(step: Step, held: Resident, household: Household, relation: str, on: date, why: str) -> None:
    """Begin to live in a household, behind its door."""
    if household.ended_on is not None or household.room_id is None:
        raise UserError("这一户已经注销，请另选一户。")
    if relation == HEAD and household.head_id not in {None, held.pk}:
        raise UserError("这一户已有户主。要换户主，请到户的页面点“变更户主”。")
    room = Room.objects.select_related("building").get(pk=household.room_id)
    step.change(
        held, state=ResidentState.LIVING.value, community_id=room.community_id, room_id=room.pk,
        building_id=room.building_id, grid_id=room.building.grid_id, household_id=household.pk, relation=relation,
    )  # fmt: skip
    step.add(
        Residence(
            resident=held, household=household, room=room, building_id=room.building_id, relation=relation,
            starts_on=on, began_by=why,
        )
    )  # fmt: skip
    if relation == HEAD:
        step.change(household, head_id=held.pk)
    if household.started_on > on:
        step.change(household, started_on=on)
