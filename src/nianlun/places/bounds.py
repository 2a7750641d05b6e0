"""Where the grids of a community run, today and on other days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from nianlun.places.models import Building, Community, Grid, GridBounds
from nianlun.places.rules.shapes import Shape, inside


def bounds_on(community: Community, day: date) -> dict[Grid, GridBounds]:
    """The bounds that held on a day, by grid, of the grids that there were."""
    held = GridBounds.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day, grid__community=community
    )
    held = held.filter(Q(grid__closed_on=None) | Q(grid__closed_on__gt=day)).select_related("grid")
    return {bounds.grid: bounds for bounds in held.order_by("grid__code")}


def strays(community: Community, shapes: Mapping[Grid, Shape]) -> dict[Grid, list[Building]]:
    """The buildings that stand within a grid's shape and do not belong to it today."""
    there = list(
        Building.objects.filter(community=community, retired_on=None, longitude__isnull=False, latitude__isnull=False)
        .select_related("estate", "grid")
        .order_by("code")
    )
    points = [(float(one.longitude or 0), float(one.latitude or 0)) for one in there]
    found: dict[Grid, list[Building]] = {}
    for grid, shape in shapes.items():
        within = [one for one, is_in in zip(there, inside(shape, points), strict=True) if is_in]
        if astray := [one for one in within if one.grid_id != grid.pk]:
            found[grid] = astray
    return found
