"""Who was where: the buildings, workers and residents of a grid on any day, from the spells that held then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from nianlun.places.actions.ground_moves import holding
from nianlun.places.models import Building, Grid, GridDuty, Residence, Resident, ResidentState
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer


def grids_on(viewer: CommunityViewer, day: date) -> list[Grid]:
    """The grids that there were on a day."""
    grids = viewer.policy.rows(Grid.objects.filter(community=viewer.community), May.GROUND)
    return list(grids.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day).order_by("code"))


def workers_on(grid: Grid, day: date) -> list[str]:
    """Who walked the grid on a day, by name."""
    duties = GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), grid=grid, starts_on__lte=day)
    return sorted(set(duties.values_list("post__user__name", flat=True)))


def lived_in(buildings: Sequence[UUID] | QuerySet[Building], day: date) -> QuerySet[Residence]:
    """The residences in these buildings that held on a day."""
    held = Residence.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), building__in=buildings, starts_on__lte=day)
    return held.exclude(resident__state=ResidentState.MERGED)


@dataclass(frozen=True, slots=True)
class House:
    """A building of the grid on a day; `people` lived there, None where the viewer may not know."""

    building: Building
    people: int | None


@dataclass(frozen=True, slots=True)
class Then:
    """A grid on a day. `residences` are those that the viewer may see, `others` how many more there were.

    `exact` says whether the numbers may be told where they are small.
    """

    houses: list[House]
    residences: QuerySet[Residence] | None
    people: int | None
    others: int
    exact: bool


def who_was(viewer: CommunityViewer, grid: Grid, day: date) -> Then:
    """Two queries for buildings and numbers; the residences are read by the page that shows them."""
    spells = holding(day).filter(grid=grid, building__community=viewer.community)
    spells = spells.filter(Q(building__retired_on=None) | Q(building__retired_on__gt=day))
    buildings = [spell.building for spell in spells.select_related("building__estate").order_by("building__code")]
    held = lived_in([building.pk for building in buildings], day)
    theirs = viewer.policy.scope(Resident, May.PEOPLE)
    sees = viewer.policy.allows(May.PEOPLE, viewer.community)
    counts = viewer.policy.allows(May.COUNTS, viewer.community)
    if not sees and not counts:
        return Then([House(building, None) for building in buildings], None, None, 0, exact=False)
    numbers = dict(held.order_by().values_list("building").annotate(Count("pk")))
    seen = held.filter(resident__in=Resident.objects.filter(theirs)) if sees else None
    if seen is not None and not counts:  # a grid worker: of others' doors not even the number
        visible = dict(seen.order_by().values_list("building").annotate(Count("pk")))
        others = sum(numbers.values()) - sum(visible.values())
        numbers = visible
    else:
        others = 0
    return Then(
        [House(building, numbers.get(building.pk, 0)) for building in buildings],
        seen,
        sum(numbers.values()),
        others,
        exact=sees,
    )
