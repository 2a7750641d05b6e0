"""What was verified of the made-up rooms and when, a round that is over, and one under way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from nianlun.demo.register.ground import Ground
from nianlun.demo.register.residents import People
from nianlun.demo.register.world import World
from nianlun.kernel.bulk import copy_in
from nianlun.places.models import CONFIRMING, Confirmation, Outcome, Room, RoomUse, Round, RoundRoom, User

FOUND: dict[str, float] = {Outcome.SAME: 70, Outcome.CHANGED: 12, Outcome.ABSENT: 14, Outcome.DECLINED: 4}
NOTES = {
    Outcome.ABSENT: "敲门无人，改周末再来",
    Outcome.DECLINED: "住户表示改天再核实",
    Outcome.CHANGED: "更新了手机号",
}
ROOMS_UNDER_WAY = 120


@dataclass(slots=True)
class Verified:
    """Rounds and what they found; `write` puts it into the database, after the rooms."""

    rounds: list[Round] = field(default_factory=list)
    handed: list[RoundRoom] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)

    def write(self) -> None:
        copy_in(self.rounds)
        copy_in(self.handed)
        copy_in(self.confirmations)


def verify(
    ground: Ground, people: People, world: World, walkers: Mapping[UUID, User | None], made_by: User
) -> Verified:
    """Confirm most rooms at some time, hand out the rooms of the current round and do some of them.

    `walkers` says who walks each grid. What is verified of a room holds for who lives there.
    """
    over, current = _rounds(ground, world, made_by)
    found = Verified([over, current])
    for room in ground.rooms:
        if world.happens(0.82):
            in_round = world.happens(0.6)
            on = world.day_between(over.starts_on, over.ends_on) if in_round else world.days_ago(120, 600)
            by = walkers.get(_grid(room)) or made_by
            done = _confirm(room, on, by, over if in_round else None, world)
            found.confirmations.append(done)
            if in_round:
                found.handed.append(_walked(RoundRoom(round=over, room=room, worker=by), done))
        else:
            found.handed.append(RoundRoom(round=over, room=room, worker=walkers.get(_grid(room))))
    for room in _doors(ground, ROOMS_UNDER_WAY):
        one = RoundRoom(round=current, room=room, worker=walkers.get(_grid(room)))
        found.handed.append(one)
        if one.worker is not None and world.happens(0.42):
            done = _confirm(room, world.days_ago(0, 11), one.worker, current, world)
            found.confirmations.append(done)
            _walked(one, done)
    _tell_of_people(ground.rooms, people)
    return found


def _rounds(ground: Ground, world: World, made_by: User) -> tuple[Round, Round]:
    """One that is over, and one under way."""
    over_on = world.today - timedelta(days=75)
    quarter = (world.today.month - 1) // 3 + 1
    return Round(
        name=f"{over_on.year}年全面核实", starts_on=over_on - timedelta(days=40), ends_on=over_on, closed_on=over_on,
        made_by=made_by, **ground.place,
    ), Round(
        name=f"{world.today.year}年第{quarter}季度入户核实", starts_on=world.today - timedelta(days=12),
        ends_on=world.today + timedelta(days=18), made_by=made_by, **ground.place,
    )  # fmt: skip


def _doors(ground: Ground, count: int) -> list[Room]:
    """The first buildings' rooms, as many whole buildings as make about so many."""
    chosen: list[Room] = []
    for building in ground.buildings:
        if len(chosen) >= count:
            break
        chosen += [room for room in ground.rooms if room.building_id == building.pk]
    return chosen


def _confirm(room: Room, on: date, by: User, of: Round | None, world: World) -> Confirmation:
    outcome = Outcome.EMPTY if room.use == RoomUse.EMPTY else Outcome(world.weighed(FOUND))
    if outcome in CONFIRMING:
        room.verified_on, room.verified_by = on, by
    return Confirmation(room=room, round=of, outcome=outcome, note=NOTES.get(outcome, ""), on=on, by=by)


def _walked(one: RoundRoom, done: Confirmation) -> RoundRoom:
    one.outcome, one.note, one.revision = done.outcome, done.note, 2
    if done.outcome in CONFIRMING:
        one.done_on, one.done_by = done.on, done.by
    return one


def _tell_of_people(rooms: Sequence[Room], people: People) -> None:
    known = {room.pk: room for room in rooms if room.verified_on}
    for one in people.residents:
        if one.room_id and (room := known.get(one.room_id)):
            one.verified_on, one.verified_by_id = room.verified_on, room.verified_by_id


def _grid(room: Room) -> UUID:
    grid = room.building.grid
    assert grid is not None
    return grid.pk
