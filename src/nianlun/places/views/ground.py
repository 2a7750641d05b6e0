"""The tree of places, who was where, moving buildings between grids, closing a grid."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.places.access_ground import access_place
from nianlun.places.actions.ground import Act
from nianlun.places.actions.ground_grids import GridInUse, close_grid, reopen_grid
from nianlun.places.actions.ground_moves import move_buildings
from nianlun.places.forms_ground import MoveForm
from nianlun.places.models import Building, BuildingGrid, Grid
from nianlun.places.policy import May
from nianlun.places.tree import Sum, tree
from nianlun.places.viewing import CommunityViewer
from nianlun.places.where import grids_on, who_was, workers_on
from nianlun.ui.registers.keyset import CursorLost, page

PEOPLE_A_PAGE = 100
PEOPLE_KEYS = ("building__code", "resident__name", "pk")


def places(request: HttpRequest, community: str) -> HttpResponse:
    """Grids, estates, buildings and units to walk through, each with its numbers."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    grids, total = tree(viewer), Sum()
    for grid in grids:
        total.add(grid.sum)
    about = {
        "community": viewer.community,
        "grids": grids,
        "total": total,
        "grids_address": reverse("registers:list", args=[community, "grids"]),
        "buildings_address": reverse("registers:list", args=[community, "buildings"]),
        "may_change": viewer.policy.allows(May.GROUND_EDIT, viewer.community),
    }
    return render(request, "places/ground_tree.html", about)


def where(request: HttpRequest, community: str) -> HttpResponse:
    """Who was in a grid on a day, as far as the viewer may know."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    day = parse_day(request.GET.get("day")) or today()
    grids = grids_on(viewer, day)
    chosen = next((grid for grid in grids if str(grid.pk) == request.GET.get("grid")), None)
    if chosen is None and request.GET.get("grid"):
        access_place(request, community, Grid, request.GET["grid"], May.GROUND)  # else there is no such grid at all
    about: dict[str, Any] = {
        "community": viewer.community,
        "day": day,
        "grids": grids,
        "chosen": chosen,
        "asked": bool(request.GET.get("grid")),
        "buildings_address": reverse("registers:list", args=[community, "buildings"]),
        "residents_address": reverse("registers:list", args=[community, "residents"]),
    }
    if chosen is not None:
        then = who_was(viewer, chosen, day)
        about |= {"then": then, "workers": workers_on(chosen, day)}
        if then.residences is not None:
            rows = then.residences.select_related("resident", "room__unit", "building__estate")
            try:
                about["people"] = page(rows, PEOPLE_KEYS, size=PEOPLE_A_PAGE, cursor=request.GET.get("cursor", ""))
            except CursorLost:
                return redirect(f"{request.path}?grid={chosen.pk}&day={day}")
    return render(request, "places/ground_where.html", about)


def parse_day(said: str | None) -> date | None:
    """A day of an address; None for anything else."""
    try:
        return parse_date(said or "")
    except ValueError:
        return None


def move(request: HttpRequest, community: str) -> HttpResponse:
    """Bring chosen buildings into another grid from a day on."""
    viewer = CommunityViewer.of(request, community, May.GROUND_EDIT)
    given = {"buildings": request.GET.getlist("building"), "grid": request.GET.get("to"), "on": today()}
    form = MoveForm(request.POST or None, initial=given, community=viewer.community)
    later: list[BuildingGrid] = []
    if request.method == "POST" and form.is_valid():
        chosen, grid, on = (form.cleaned_data[name] for name in ("buildings", "grid", "on"))
        later = list(
            BuildingGrid.objects.filter(building__in=chosen, starts_on__gt=on)
            .select_related("building__estate", "grid")
            .order_by("building", "starts_on")
        )
        if not later or request.POST.get("replace"):
            act = Act(viewer.user, viewer.community)
            moved = move_buildings(chosen, to=grid, on=on, act=act)
            said = f"{on} 起" if on > today() else f"已从 {on} 起"
            messages.success(request, f"{moved.buildings} 栋楼{said}划到{grid.name}。")
            return redirect(f"{reverse('registers:list', args=[community, 'buildings'])}?grid={grid.pk}")
    from_grid = request.GET.get("grid", "")
    about = {
        "community": viewer.community,
        "form": form,
        "later": later,
        "groups": _by_grid(viewer, from_grid),
        "chosen": _chosen(form),
        "from_grid": from_grid,
    }
    return render(request, "places/ground_move.html", about, status=422 if form.errors or later else 200)


def _by_grid(viewer: CommunityViewer, from_grid: str) -> dict[str, list[Building]]:
    """Buildings under the grid in which they lie today, or those of one grid."""
    rows = Building.objects.filter(community=viewer.community, retired_on=None).select_related("estate", "grid")
    if from_grid:
        try:
            rows = rows.filter(grid_id=from_grid)
        except ValidationError:
            raise Http404 from None
    groups: dict[str, list[Building]] = {}
    for building in rows.order_by("grid__code", "estate__code", "code"):
        groups.setdefault(building.grid.name if building.grid else "未划入网格", []).append(building)
    return groups


def _chosen(form: MoveForm) -> set[str]:
    return {str(pk) for pk in (form["buildings"].value() or [])}


@require_POST
def close(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Close a grid; what is still open in it is listed with links."""
    viewer, grid = access_place(request, community, Grid, pk)
    try:
        close_grid(grid, act=Act(viewer.user, viewer.community))
    except GridInUse as error:
        about = {"community": viewer.community, "grid": grid, "hanging": error.hanging, "error": error}
        return render(request, "places/grid_in_use.html", about, status=error.status)
    messages.success(request, f"{grid.name}已关闭，可以重新启用。")
    return redirect("registers:record", community, "grids", grid.pk)


@require_POST
def reopen(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, grid = access_place(request, community, Grid, pk)
    reopen_grid(grid, act=Act(viewer.user, viewer.community))
    messages.success(request, f"{grid.name}已重新启用。")
    return redirect("registers:record", community, "grids", grid.pk)
