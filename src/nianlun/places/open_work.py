"""What still hangs on a grid: every room says what of its own is open there, so that none is closed over its head."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nianlun.kernel.clock import today
from nianlun.places.models import Building, BuildingGrid, Grid, Household, Resident, ResidentState, RoundRoom
from nianlun.ui import slots

SLOT = "grid_open_work"  # filled with functions of a `grid` that give a Hanging, or None where nothing is open


@dataclass(frozen=True, slots=True)
class Hanging:
    """Something that is open in a grid: how it is called, how many, and where it can be seen to."""

    title: str
    count: int
    counted: str
    address: str

    def __str__(self) -> str:
        return f"{self.title} {self.count} {self.counted}"


def hanging_on(grid: Grid) -> list[Hanging]:
    """All that is open in the grid today or planned for it, of this room and of every other."""
    return [*_places(grid), *slots.answers(SLOT, grid=grid)]


def _places(grid: Grid) -> Iterator[Hanging]:
    here = grid.community.code

    def listed(register: str) -> str:
        return f"/c/{here}/{register}/?grid={grid.pk}"

    coming = BuildingGrid.objects.filter(grid=grid, starts_on__gt=today(), building__retired_on=None)
    rounds = RoundRoom.objects.filter(room__building__grid=grid, done_on=None, round__closed_on=None)
    for title, count, counted, address in (
        ("楼栋", Building.objects.filter(grid=grid, retired_on=None).count(), "栋", listed("buildings")),
        ("已安排划入的楼栋", coming.count(), "栋", listed("buildings")),
        ("现住居民", Resident.objects.filter(grid=grid, state=ResidentState.LIVING).count(), "人", listed("residents")),
        ("在册户", Household.objects.filter(grid=grid, ended_on=None).count(), "户", listed("households")),
        ("未完成的核实", rounds.count(), "户", f"/c/{here}/rounds/"),
    ):
        if count:
            yield Hanging(title, count, counted, address)
