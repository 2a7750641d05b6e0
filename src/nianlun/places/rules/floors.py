"""How rooms of a building are numbered, and how people draw them: floors from the top down, stairways side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Drawn = TypeVar("Drawn")

MOST_UNITS, MOST_FLOORS, MOST_PER_FLOOR, MOST_ROOMS = 30, 99, 50, 3000
STYLES = {"plain": "302", "padded": "0302", "dashed": "3-2"}  # by an example: the second door on the third floor


class PatternError(ValueError):
    """A pattern of rooms that no building has; the message says which part to mend, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A building's rooms in five numbers; `through`: doors are counted on from one unit to the next on each floor."""

    units: int
    floors: int
    per_floor: int
    style: str = "plain"
    first_floor: int = 1
    through: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRoom:
    """A room that a pattern makes; `position` counts from the left within its unit's floor, from 1."""

    unit: int
    floor: int
    position: int
    number: str


def number_of(floor: int, door: int, style: str) -> str:
    """What stands on the door: 302, 0302 or 3-2; a cellar's floor is B1."""
    said = f"B{-floor}" if floor < 0 else str(floor)
    if style == "dashed":
        return f"{said}-{door}"
    return f"{said.rjust(2, '0') if style == 'padded' else said}{door:02}"


def rooms_of(pattern: Pattern) -> list[PlannedRoom]:
    """The rooms of the pattern, unit by unit from the ground up; raises PatternError."""
    for said, value, most in (
        ("单元数", pattern.units, MOST_UNITS),
        ("层数", pattern.floors, MOST_FLOORS),
        ("每层户数", pattern.per_floor, MOST_PER_FLOOR),
    ):
        if not 1 <= value <= most:
            raise PatternError(f"{said}应在 1 到 {most} 之间，请修改。")
    if pattern.style not in STYLES:
        raise PatternError("请选择门牌号的写法。")
    if not 1 <= pattern.first_floor <= pattern.floors:
        raise PatternError(f"住户从第几层起应在 1 到 {pattern.floors} 之间，请修改。")
    if (made := pattern.units * (pattern.floors - pattern.first_floor + 1) * pattern.per_floor) > MOST_ROOMS:
        raise PatternError(f"这样会生成 {made} 户，一栋楼最多 {MOST_ROOMS} 户，请核对。")
    return [
        PlannedRoom(unit, floor, door, number_of(floor, door + skipped, pattern.style))
        for unit in range(1, pattern.units + 1)
        for skipped in [(unit - 1) * pattern.per_floor if pattern.through else 0]
        for floor in range(pattern.first_floor, pattern.floors + 1)
        for door in range(1, pattern.per_floor + 1)
    ]


def floor_of(number: str) -> int | None:
    """The floor that a door's number tells, None where it tells none: 302, 0302, 3-2, 1203, B101."""
    if found := re.fullmatch(r"(\d{1,2})[-—－]\d{1,3}", number):
        return int(found[1])
    if found := re.fullmatch(r"[Bb](\d)(?:\d{2}|-\d{1,2})", number):
        return -int(found[1])
    if found := re.fullmatch(r"(\d{1,2})\d{2}[A-Za-z]?", number):
        return int(found[1]) or None
    return None


@dataclass(slots=True)
class Column(Generic[Drawn]):
    """One unit as it is drawn: `floors` from the top down, each with its cells from the left, None where no door is."""

    key: str
    title: str
    floors: list[tuple[int, list[Drawn | None]]] = field(default_factory=list)


def elevation(rooms: Iterable[tuple[str, int, int, Drawn]]) -> list[Column[Drawn]]:
    """Draw rooms given as (unit, floor, position, what to draw), in the order of their units.

    All units share their floors, so that they stand level side by side; two rooms in one place stand beside each other.
    """
    by_unit: dict[str, dict[int, dict[int, list[Drawn]]]] = {}
    for unit, floor, position, drawn in rooms:
        by_unit.setdefault(unit, {}).setdefault(floor, {}).setdefault(position, []).append(drawn)
    levels = sorted({floor for floors in by_unit.values() for floor in floors}, reverse=True)
    columns = []
    for unit, floors in by_unit.items():
        places = sorted({place for cells in floors.values() for place in cells})
        width = {place: max(len(cells.get(place, ())) for cells in floors.values()) for place in places}
        column: Column[Drawn] = Column(unit, unit)
        for floor in levels:
            row: list[Drawn | None] = []
            for place in places:
                here = floors.get(floor, {}).get(place, [])
                row += [*here, *[None] * (width[place] - len(here))]
            column.floors.append((floor, row))
        columns.append(column)
    return columns
