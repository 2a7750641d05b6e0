"""Who was last confirmed when, by building: how many doors this quarter, this year, before, never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Room
from nianlun.places.policy import May
from nianlun.places.rules.freshness import quarter_start
from nianlun.places.viewing import CommunityViewer

ORDERS = ("building", "grid", "doors", "quarter", "year", "never", "oldest")


@dataclass(frozen=True, slots=True)
class BuildingFreshness:
    """Doors of a building by when they were confirmed; `year` counts those of this quarter too."""

    building: Building
    doors: int = 0
    quarter: int = 0
    year: int = 0
    never: int = 0
    oldest: date | None = None

    def share(self, count: int) -> int:
        """In per cent of the doors, never rounded up to all of them."""
        return 100 * count // self.doors if self.doors else 0

    @property
    def quarter_share(self) -> int:
        return self.share(self.quarter)

    @property
    def year_share(self) -> int:
        return self.share(self.year)

    @property
    def never_share(self) -> int:
        return self.share(self.never)


def by_building(viewer: CommunityViewer, order: str) -> list[BuildingFreshness]:
    """Two queries; sorted by a column of ORDERS, from the top down with a minus before it."""
    day = today()
    this_quarter, this_year = Q(verified_on__gte=quarter_start(day)), Q(verified_on__year=day.year)
    counted = (
        Room.objects.filter(community=viewer.community, retired_on=None)
        .order_by()
        .values_list("building")
        .annotate(
            doors=Count("pk"), quarter=Count("pk", filter=this_quarter), year=Count("pk", filter=this_year),
            never=Count("pk", filter=Q(verified_on=None)), oldest=Min("verified_on"),
        )
    )  # fmt: skip
    counts = {building: numbers for building, *numbers in counted}
    rows = Building.objects.filter(community=viewer.community, retired_on=None).select_related("estate", "grid")
    seen = viewer.policy.rows(rows, May.GROUND).order_by("estate__code", "code")
    found = [BuildingFreshness(building, *counts[building.pk]) for building in seen if building.pk in counts]
    column = order.removeprefix("-")
    if column not in ORDERS or column == "building":
        return found[::-1] if order == "-building" else found
    return sorted(found, key=lambda one: _key(one, column), reverse=order.startswith("-"))


def _key(one: BuildingFreshness, column: str) -> tuple[bool, object]:
    if column == "grid":
        return one.building.grid is None, one.building.grid.code if one.building.grid else ""
    if column == "oldest":
        return one.oldest is not None, one.oldest or date.min  # never is the oldest of all
    if column == "doors":
        return False, one.doors
    return False, getattr(one, f"{column}_share")
