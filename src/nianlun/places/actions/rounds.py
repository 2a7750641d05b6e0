"""Rounds of verification: beginning one, handing its doors to people, closing it and taking it up again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from nianlun.kernel import audit
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.models import Building, Community, GridDuty, Post, Room, Round, RoundRoom, User
from nianlun.places.policy import May, Policy

LONGEST = 366  # days of a round


@dataclass(frozen=True, slots=True)
class Begun:
    """A round, how many doors it has, how many of them are with nobody yet, and how many were left out.

    A door that another round still has open is left out: it is not knocked at twice.
    """

    round: Round
    doors: int
    unassigned: int
    left_out: int


@transaction.atomic
def begin_round(
    *,
    acting_user: User,
    community: Community,
    name: str,
    starts_on: date,
    ends_on: date,
    buildings: Iterable[Building],
) -> Begun:
    """Hand every door of these buildings to whoever walks its grid today."""
    if ends_on < starts_on:
        raise UserError("结束日期不能早于开始日期。", code="ends_on")
    if ends_on < today():
        raise UserError("结束日期已经过去，请核对。", code="ends_on")
    if (ends_on - starts_on).days > LONGEST:
        raise UserError("一轮核实最长一年，请把结束日期改早。", code="ends_on")
    chosen = [building.pk for building in buildings]
    rooms = list(
        Room.objects.filter(community=community, building__in=chosen, retired_on=None)
        .select_related("building")
        .order_by("building__code", "unit__position", "floor", "position")
    )
    if not rooms:
        raise UserError("所选的楼栋里还没有户室，请先生成户室，或选别的楼栋。", code="buildings")
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)  # two rounds begun at once share no door
    still_open = RoundRoom.objects.filter(room__building__in=chosen, done_on=None, round__closed_on=None)
    elsewhere = set(still_open.values_list("room_id", flat=True))
    fresh = [room for room in rooms if room.pk not in elsewhere]
    if not fresh:
        raise UserError("所选楼栋的户室都在另一轮核实里还没完成，请先完成或结束那一轮。", code="buildings")
    made = Round.objects.create(
        subdistrict_id=community.subdistrict_id, community=community, name=name, starts_on=starts_on, ends_on=ends_on,
        made_by=acting_user,
    )  # fmt: skip
    hands = _hands(community, fresh)
    doors = [RoundRoom(round=made, room=room, worker_id=hands.get(room.building_id)) for room in fresh]
    copy_in(doors)
    unassigned = sum(1 for door in doors if door.worker_id is None)
    _note("round.begun", made, acting_user, count=len(doors), buildings=[str(pk) for pk in chosen])
    return Begun(made, len(doors), unassigned, len(elsewhere))


def _hands(community: Community, rooms: Sequence[Room]) -> dict[UUID, UUID]:
    """Who gets which building: the walker of its grid; of several, each building goes to who has fewest doors yet."""
    day = today()
    held = Post.objects.current().filter(community=community)
    duties = GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day, post__in=held)
    walkers: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for grid, user in duties.order_by("starts_on", "pk").values_list("grid_id", "post__user_id"):
        if user not in walkers[grid]:
            walkers[grid].append(user)
    sizes = Counter(room.building_id for room in rooms)
    grids = {room.building_id: room.building.grid_id for room in rooms}
    load: Counter[UUID] = Counter()
    found: dict[UUID, UUID] = {}
    for building, size in sizes.items():
        lies_in = grids[building]
        if lies_in is None or not walkers[lies_in]:
            continue
        least = min(walkers[lies_in], key=lambda one: load[one])
        load[least] += size
        found[building] = least
    return found


@transaction.atomic
def hand_over(
    *,
    acting_user: User,
    round: Round,
    to: User,
    doors: Iterable[UUID] = (),
    buildings: Iterable[UUID] = (),
) -> int:
    """Give doors that are still open, by themselves or by whole buildings, to somebody who may verify there."""
    held = _hold(round)
    must_be_open(held)
    chosen = Q(pk__in=list(doors)) | Q(room__building__in=list(buildings))
    rows = RoundRoom.objects.select_for_update(of=("self",)).filter(chosen, round=held, done_on=None)
    found = list(rows.select_related("room__building"))
    if not found:
        raise UserError("没有选中未完成的户室，请先勾选。")
    policy = Policy(to)
    if outside := [door.room for door in found if not policy.allows_record(May.VERIFY, door.room)]:
        raise UserError(
            f"{to.name}不能核实{outside[0].building}等 {len(outside)} 户，请先在岗位里加上这些网格，或选别人。"
        )
    moved = [door for door in found if door.worker_id != to.pk]
    RoundRoom.objects.filter(pk__in=[door.pk for door in moved]).update(worker=to, revision=F("revision") + 1)
    if moved:
        _note("round.handed_over", held, acting_user, count=len(moved), to=str(to.pk))
    return len(moved)


@transaction.atomic
def close_round(*, acting_user: User, round: Round) -> Round:
    """Nobody is asked any more; what is open stays as it is and counts as not confirmed."""
    held = _hold(round)
    must_be_open(held)
    return _turn(held, today(), "round.closed", acting_user)


@transaction.atomic
def reopen_round(*, acting_user: User, round: Round) -> Round:
    """Its open doors are asked for again."""
    held = _hold(round)
    if held.closed_on is None:
        raise UserError("这一轮还没结束，不用重新开始。")
    doubled = RoundRoom.objects.filter(
        room__in=held.rooms.filter(done_on=None).values("room"), done_on=None, round__closed_on=None
    ).count()
    if doubled:
        raise UserError(f"有 {doubled} 户已经列入后来的一轮，不能重新开始。请在后来的一轮里核实。")
    return _turn(held, None, "round.reopened", acting_user)


def must_be_open(round: Round) -> None:
    if round.closed_on is not None:
        raise UserError(f"“{round.name}”已于 {round.closed_on} 结束，请先重新开始这一轮。")


def _hold(round: Round) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("community").get(pk=round.pk)


def _turn(held: Round, closed_on: date | None, action: str, acting_user: User) -> Round:
    held.closed_on, held.revision = closed_on, held.revision + 1
    held.save(update_fields=["closed_on", "revision"])
    _note(action, held, acting_user)
    return held


def _note(action: str, round: Round, acting_user: User, **detail: object) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="round", record_id=round.pk, subdistrict_id=round.subdistrict_id,
        detail={"community": round.community.code, "title": round.name, **detail},
    )  # fmt: skip
