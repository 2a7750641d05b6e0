"""The community as a tree: grids, estates, buildings and units, each with how many live there and was confirmed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Grid, Household, Resident, ResidentState, Room, Unit
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer

FEW = 5  # fewer people than this are not counted out to those who may see counts only


@dataclass(slots=True)
class Sum:
    """Rooms, how many of them were confirmed this year, households and residents of a part of the tree.

    `residents` is None where the viewer may not know, and `exact` says whether fewer than five may be counted out.
    """

    rooms: int = 0
    verified: int = 0
    households: int = 0
    residents: int | None = None
    exact: bool = True

    def add(self, other: Sum) -> None:
        self.rooms += other.rooms
        self.verified += other.verified
        self.households += other.households
        if other.residents is not None:
            self.residents = (self.residents or 0) + other.residents
        self.exact = self.exact and other.exact

    @property
    def share(self) -> int:
        """Of the rooms, confirmed this year, in per cent."""
        return round(100 * self.verified / self.rooms) if self.rooms else 0

    @property
    def said(self) -> str:
        """All of it in words."""
        people = f"　{self.people} 人" if self.people else ""
        return f"{self.rooms} 间　{self.households} 户{people}　核实 {self.share}%"

    @property
    def people(self) -> str:
        """The residents in words; empty where the viewer may not know."""
        return said_count(self.residents, exact=self.exact)


def said_count(count: int | None, *, exact: bool) -> str:
    """A number of people as its reader may know it."""
    if count is None:
        return ""
    return f"<{FEW}" if not exact and 0 < count < FEW else str(count)


@dataclass(slots=True)
class Branch:
    """One node with what is below it; `kind` is grid, estate, building or unit."""

    kind: str
    title: str
    id: UUID | None = None
    sum: Sum = field(default_factory=Sum)
    below: list[Branch] = field(default_factory=list)


def tree(viewer: CommunityViewer) -> list[Branch]:
    """The grids of the community with all below them, those without a grid last; six queries whatever its size."""
    community = viewer.community
    buildings = list(
        viewer.policy.rows(Building.objects.filter(community=community, retired_on=None), May.GROUND)
        .select_related("estate", "grid")
        .order_by("estate__code", "code")
    )
    units = _units(viewer, buildings)
    grids: dict[UUID | None, Branch] = {
        grid.pk: Branch("grid", grid.name, grid.pk) for grid in Grid.objects.filter(community=community, closed_on=None)
    }
    estates: dict[tuple[UUID | None, UUID], Branch] = {}
    for building in buildings:
        grid = grids.setdefault(building.grid_id, Branch("grid", building.grid.name if building.grid else "未划入网格"))
        key = (building.grid_id, building.estate_id)
        if key not in estates:
            estates[key] = Branch("estate", building.estate.name, building.estate_id)
            grid.below.append(estates[key])
        branch = Branch("building", building.name, building.pk, below=units[building.pk])
        estates[key].below.append(branch)
        for part in branch.below:
            for above in (branch, estates[key], grid):
                above.sum.add(part.sum)
        branch.below = [part for part in branch.below if part.title]
    return list(grids.values())


def _units(viewer: CommunityViewer, buildings: Iterable[Building]) -> dict[UUID, list[Branch]]:
    """The units of each building with their sums, and one without a title for what lies in no unit."""
    community, year = viewer.community, today().year
    rooms = Room.objects.filter(community=community, retired_on=None)
    counted: dict[Any, tuple[int, int]] = {
        unit: (number, verified)
        for unit, number, verified in rooms.order_by()
        .values("unit")
        .annotate(number=Count("pk"), verified=Count("pk", filter=Q(verified_on__year=year)))
        .values_list("unit", "number", "verified")
    }
    households = _by_unit(Household.objects.filter(community=community, ended_on=None, building__isnull=False))
    residents = _by_unit(
        Resident.objects.filter(community=community, state=ResidentState.LIVING, building__isnull=False)
    )
    parts: dict[UUID, list[tuple[UUID | None, str]]] = defaultdict(list)
    for unit in Unit.objects.filter(building__community=community).order_by("building", "position"):
        parts[unit.building_id].append((unit.pk, unit.name))
    found: dict[UUID, list[Branch]] = {}
    for building in buildings:
        sees = viewer.policy.allows_record(May.PEOPLE, building)
        counts = sees or viewer.policy.allows(May.COUNTS, viewer.community)
        found[building.pk] = [
            Branch(
                "unit",
                name,
                pk,
                Sum(
                    *counted.get(pk, (0, 0)),
                    households.get((building.pk, pk), 0),
                    residents.get((building.pk, pk), 0) if counts else None,
                    sees,
                ),
            )
            for pk, name in [*parts[building.pk], (None, "")]
        ]
    return found


def _by_unit(rows: Any) -> dict[tuple[UUID, UUID | None], int]:
    counted = rows.order_by().values_list("building", "room__unit").annotate(Count("pk"))
    return {(building, unit): number for building, unit, number in counted}
