"""The households that a batch of people are to live in: those that stand, and those to be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from nianlun.kernel.ids import uuid7
from nianlun.places.models import Community, Household
from nianlun.places.registers.doors import Door

CODES = 6  # codes that are tried for a door


@dataclass(slots=True)
class Home:
    """A household as a batch knows it: `id` is None until it is made."""

    code: str
    door: Door
    id: UUID | None = None
    head: bool = False  # somebody is its head already, or will be by this batch


@dataclass(frozen=True, slots=True)
class NoHome:
    """Why the household cannot be told, and what to write."""

    message: str


class Homes:
    """Which household each door and code means, for one batch; two or three queries whatever its size."""

    def __init__(self, community: Community, doors: Iterable[Door], codes: Iterable[str]) -> None:
        by_room = {door.room: door for door in doors}
        named = {code for code in codes if code}
        self._open: dict[UUID, list[Home]] = defaultdict(list)
        self._coded: dict[str, Home | NoHome] = {}
        living = Household.objects.filter(room__in=by_room, ended_on=None)
        for pk, code, room, head in living.values_list("pk", "code", "room_id", "head_id").order_by("code"):
            home = Home(code, by_room[room], pk, head is not None)
            self._open[room].append(home)
            self._coded[code] = home
        # A code is one household's in the whole subdistrict: what others bear cannot be given again.
        wanted = named | {door.code for door in by_room.values()}
        self._look_up(community, wanted - set(self._coded))
        taken = [door for door in by_room.values() if door.room not in self._open and door.code in self._coded]
        if taken:
            self._look_up(community, {code for door in taken for code in _codes(door)} - set(self._coded))

    def _look_up(self, community: Community, codes: set[str]) -> None:
        """Why a code that somebody bears cannot be given."""
        others = Household.objects.filter(subdistrict=community.subdistrict_id, code__in=codes)
        for code, ended_on, of in others.values_list("code", "ended_on", "community_id"):
            if of != community.pk:
                self._coded[code] = NoHome("这个户编号已被别的社区使用，请换一个。")
            elif ended_on:
                self._coded[code] = NoHome("这个户编号的户已经注销，请换一个。")
            else:
                self._coded[code] = NoHome("这个户编号登记在别的户室，请核对户编号和户室。")

    def find(self, door: Door, code: str) -> Home | NoHome:
        """The household behind a door, by its code where one is written; a new one where there is none yet."""
        if code:
            known = self._coded.get(code)
            if isinstance(known, Home) and known.door.room != door.room:
                return NoHome("同一个户编号写在了两间户室，请核对。")
            return known or self._make(door, code)
        there = self._open[door.room]
        if len(there) > 1:
            return NoHome(f"这间户室住着几户，请填户编号：{'、'.join(home.code for home in there)}。")
        return there[0] if there else self._make(door, self._free(door))

    def _make(self, door: Door, code: str) -> Home:
        home = Home(code, door)
        self._coded[code] = home
        self._open[door.room].append(home)
        return home

    def _free(self, door: Door) -> str:
        """The door's code, or with a number behind it where households of the past have it."""
        return next((code for code in _codes(door) if code not in self._coded), f"{door.code}-{uuid7().hex[-6:]}")


def _codes(door: Door) -> list[str]:
    return [door.code, *(f"{door.code}-{number}" for number in range(2, CODES))]
