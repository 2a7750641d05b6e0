"""Writing grids: adding and changing, closing and opening again, and their bounds over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Q

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import Field
from nianlun.places.actions.ground import Act, Write, lock_one, record_act, touch, write_places
from nianlun.places.models import Building, Grid, GridBounds, GridDuty
from nianlun.places.open_work import Hanging, hanging_on
from nianlun.places.rules.shapes import Shape, area
from nianlun.places.search.index import index


class GridInUse(UserError):
    """A grid that cannot be closed yet; `hanging` says what is open in it, with where to see to it."""

    def __init__(self, grid: Grid, hanging: Sequence[Hanging]) -> None:
        said = "、".join(str(one) for one in hanging)
        super().__init__(f"{grid.name}还有：{said}。请先划到别的网格或办完，再关闭。", code="in_use")
        self.hanging = list(hanging)


@transaction.atomic
def save_grids(writes: Sequence[Write[Grid]], *, act: Act, fields: Sequence[Field]) -> list[Grid]:
    """Add and change grids; the buildings of one that got another name are found by it."""
    written = write_places(Grid, writes, act, fields)
    index(list(Building.objects.filter(grid__in=written.changed).select_related("estate", "grid")))
    return written.records


@transaction.atomic
def close_grid(grid: Grid, *, act: Act, revision: int | None = None) -> Grid:
    """From today on there is no such grid, and nobody walks it; raises GridInUse while anything is open in it."""
    grid = lock_one(grid, revision)
    if grid.closed_on is not None:
        return grid
    if hanging := hanging_on(grid):
        raise GridInUse(grid, hanging)
    grid.closed_on = today()
    _store(grid)
    GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=grid.closed_on), grid=grid).update(ends_on=grid.closed_on)
    record_act("grid.closed", grid, act)
    return grid


@transaction.atomic
def reopen_grid(grid: Grid, *, act: Act) -> Grid:
    """Undo of closing: those who walked it until then walk it again."""
    grid = lock_one(grid)
    if grid.closed_on is None:
        return grid
    ended = GridDuty.objects.filter(grid=grid, ends_on=grid.closed_on, post__user__is_active=True)
    ended.filter(Q(post__ends_on=None) | Q(post__ends_on__gte=today())).update(ends_on=None)
    grid.closed_on = None
    _store(grid)
    record_act("grid.reopened", grid, act)
    return grid


def _store(grid: Grid) -> None:
    touch(grid)
    grid.save(update_fields=["closed_on", "revision", "changed_at"])
    index([grid])


@transaction.atomic
def set_bounds(shapes: Mapping[Grid, Shape], *, starts_on: date, act: Act) -> None:
    """From that day on the grids run so, whatever was drawn for later days; how they ran before is kept.

    The shapes are those that `rules.shapes.read_shape` gave.
    """
    grids = list(Grid.objects.select_for_update().filter(pk__in=[grid.pk for grid in shapes]).order_by("pk"))
    if closed := [grid.name for grid in grids if grid.closed_on is not None]:
        raise UserError(f"{'、'.join(closed)}已关闭，请先重新启用再画范围。")
    if early := [f"{grid.name}（{grid.opened_on}）" for grid in grids if starts_on < grid.opened_on]:
        raise UserError(f"生效日期早于网格启用日期：{'、'.join(early)}。请选启用当天或以后。")
    kept = GridBounds.objects.filter(grid__in=grids)
    kept.filter(starts_on__gte=starts_on).delete()
    kept.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on)).update(ends_on=starts_on)
    GridBounds.objects.bulk_create(
        GridBounds(grid=grid, shape=shape, starts_on=starts_on) for grid, shape in shapes.items()
    )
    for grid, shape in shapes.items():
        record_act("grid.bounds_set", grid, act, on=starts_on.isoformat(), square_metres=round(area(shape)))
