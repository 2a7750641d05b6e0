"""Which building lies in which grid from when: moves now, in the past and to come, and all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.ground import Act
from nianlun.places.models import (
    Building,
    BuildingGrid,
    Findable,
    Grid,
    Household,
    Organisation,
    Resident,
    ResidentState,
)
from nianlun.places.search.index import index
from nianlun.places.search.kinds import kinds_of

FURTHEST = timedelta(days=366 * 2)  # ahead: a move is planned for the next year, not for the next decade


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did: how many buildings change grid, and how many had a later move, planned or done, taken back."""

    buildings: int
    replaced: int


@transaction.atomic
def move_buildings(buildings: Iterable[Building], *, to: Grid, on: date, act: Act) -> Moved:
    """From that day on the buildings lie in the grid, whatever was noted of later days; an earlier day is history.

    Today's grid follows at once with all that hangs on it, a day to come is followed by the nightly job.
    """
    wanted = {building.pk for building in buildings}
    held = list(
        Building.objects.select_for_update(of=("self",)).filter(pk__in=wanted).select_related("estate").order_by("pk")
    )
    grid = Grid.objects.select_for_update().get(pk=to.pk)  # so that it is not closed meanwhile
    _refuse(held, grid, on)
    replaced = move_spells(held, grid, on)
    was = {building.pk: building.grid_id for building in held}
    follow_spells(Building.objects.filter(pk__in=wanted))
    _note(held, was, grid, on, replaced, act)
    return Moved(len(held), len(replaced))


def _refuse(buildings: Sequence[Building], grid: Grid, on: date) -> None:
    if not buildings:
        raise UserError("没有选中楼栋，请先勾选要划转的楼栋。")
    if any(building.community_id != grid.community_id for building in buildings):
        raise UserError("楼栋只能划到本社区的网格。")
    if retired := [str(building) for building in buildings if building.retired_on]:
        raise UserError(f"{'、'.join(retired[:5])}已停用，请先恢复再划转。")
    if grid.closed_on is not None:
        raise UserError(f"{grid.name}已关闭，请先重新启用，或选别的网格。")
    if on < grid.opened_on:
        raise UserError(f"{grid.name}从 {grid.opened_on} 起才有。请选这天或以后，或先把网格的启用日期改早。")
    if on > today() + FURTHEST:
        raise UserError("日期太远，请选两年以内。")


def move_spells(buildings: Sequence[Building], grid: Grid, on: date) -> dict[UUID, list[str]]:
    """Write the spells; gives, by building, the later spells that were taken back, in words. In a transaction."""
    ids = [building.pk for building in buildings]
    later = BuildingGrid.objects.filter(building__in=ids, starts_on__gte=on).select_related("grid")
    replaced: dict[UUID, list[str]] = {}
    for spell in later.order_by("starts_on"):
        replaced.setdefault(spell.building_id, []).append(f"{spell.starts_on} 起 {spell.grid.name}")
    later.delete()
    holding = BuildingGrid.objects.filter(building__in=ids, starts_on__lt=on).filter(
        Q(ends_on=None) | Q(ends_on__gte=on)
    )  # one that ends on this very day in the same grid goes on
    staying = {spell.building_id: spell.pk for spell in holding.filter(grid=grid)}
    BuildingGrid.objects.filter(pk__in=staying.values()).update(ends_on=None)
    holding.exclude(grid=grid).update(ends_on=on)
    BuildingGrid.objects.bulk_create(
        BuildingGrid(building=building, grid=grid, starts_on=on) for building in buildings if building.pk not in staying
    )
    return replaced


def _note(
    buildings: Sequence[Building],
    was: dict[UUID, UUID | None],
    grid: Grid,
    on: date,
    replaced: dict[UUID, list[str]],
    act: Act,
) -> None:
    names = dict(Grid.objects.filter(pk__in={pk for pk in was.values() if pk}).values_list("pk", "name"))
    told = [
        (
            building.pk,
            {
                "community": act.community.code,
                "on": on.isoformat(),
                "grid": str(grid.pk),
                "replaced": replaced.get(building.pk, []),
                "changes": {
                    "grid": [names.get(former, "") if (former := was[building.pk]) else "", f"{grid.name}（{on} 起）"]
                },
            },
        )
        for building in buildings
    ]
    audit.record_many("building.moved", told, actor_id=act.user.pk, kind="building", subdistrict_id=grid.subdistrict_id)


def follow_spells(buildings: QuerySet[Building]) -> int:
    """Bring today's grid of these buildings, and of all that hangs on them, in line with their spells; gives how many.

    In a transaction. What is in line already is not written.
    """
    today_in = Subquery(holding(today()).filter(building=OuterRef("pk")).values("grid")[:1])
    compared = buildings.annotate(today_in=today_in).values_list("pk", "grid", "today_in")
    behind = [pk for pk, grid, spell in compared if grid != spell]
    if behind:
        Building.objects.filter(pk__in=behind).update(grid=today_in, revision=F("revision") + 1, changed_at=now())
        index(list(Building.objects.filter(pk__in=behind).select_related("estate", "grid")))
    lying = buildings.order_by().values("pk")
    _follow(Resident.objects.filter(building__in=lying, state=ResidentState.LIVING))
    _follow(Household.objects.filter(building__in=lying, ended_on=None))
    _follow(Organisation.objects.filter(building__in=lying, closed_on=None))
    return len(behind)


def holding(day: date) -> QuerySet[BuildingGrid]:
    """The spells of buildings that hold on a day."""
    return BuildingGrid.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def _follow(rows: QuerySet[Any]) -> None:
    """These records get the grid of their building, and so does the search box, which shows them by it."""
    elsewhere = rows.exclude(grid=F("building__grid")).exclude(grid=None, building__grid=None)
    if not (moved := list(elsewhere.values_list("pk", flat=True))):
        return
    theirs = Building.objects.filter(pk=OuterRef("building")).values("grid")[:1]
    rows.model._default_manager.filter(pk__in=moved).update(grid=Subquery(theirs))
    now_in = rows.model._default_manager.filter(pk=OuterRef("record_id")).values("grid")[:1]
    kinds = [kind.code for kind in kinds_of(rows.model)]
    Findable.objects.filter(kind__in=kinds, record_id__in=moved).update(grid=Subquery(now_in))
