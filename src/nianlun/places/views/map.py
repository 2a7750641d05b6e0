"""The map: grids drawn, looked through and saved from a day on; GeoJSON in and out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.views.decorators.http import require_GET

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.ground import Act
from nianlun.places.actions.ground_grids import set_bounds
from nianlun.places.bounds import bounds_on, strays
from nianlun.places.forms_ground import BoundsFileForm, BoundsForm
from nianlun.places.models import Building, Grid, GridBounds
from nianlun.places.policy import May
from nianlun.places.rules.geojson import FileError, Known, Read, read_collection, warn_of_overlaps, write_collection
from nianlun.places.rules.shapes import Shape, area
from nianlun.places.tiles import tiles
from nianlun.places.viewing import CommunityViewer
from nianlun.places.views.ground import parse_day

COLOURS = 8  # in map.css


def show(request: HttpRequest, community: str) -> HttpResponse:
    """Look at the grids; whoever may change the ground draws them and saves their bounds."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    day = parse_day(request.GET.get("day")) or today()
    held = bounds_on(viewer.community, day)
    form = None
    if viewer.policy.allows(May.GROUND_EDIT, viewer.community):
        form = BoundsForm(
            request.POST or None, initial={"grid": request.GET.get("grid")}, community=viewer.community
        )  # fmt: skip
    elif request.method == "POST":
        CommunityViewer.of(request, community, May.GROUND_EDIT)
    if form is not None and request.method == "POST" and form.is_valid():
        grid, shape, starts_on = (form.cleaned_data[name] for name in ("grid", "shape", "starts_on"))
        try:
            _set(request, viewer, {grid: shape}, form.cleaned_data["starts_on"])
        except UserError as error:
            form.add_error("starts_on", error.message)
        else:
            messages.success(request, f"已保存{grid.name}从 {starts_on} 起的范围。")
            return redirect(f"{request.path}?{urlencode({'day': max(starts_on, today())})}")
    about = _about(viewer, held, form) | {"day": day, "is_today": day == today()}
    response = render(request, "places/map.html", about, status=422 if form is not None and form.errors else 200)
    if (background := tiles()) is not None:
        response._csp_update = {"img-src": [background.origin]}  # type: ignore[attr-defined]
    return response


@dataclass(frozen=True, slots=True)
class Listed:
    """A grid in the list below the map, with the number of its colour and, where it is drawn, its bounds and size."""

    grid: Grid
    colour: int
    bounds: GridBounds | None = None
    hectares: float | None = None


def _about(viewer: CommunityViewer, held: Mapping[Grid, GridBounds], form: BoundsForm | None) -> dict[str, Any]:
    grids = Grid.objects.filter(community=viewer.community, closed_on=None).order_by("code")
    listed = [
        Listed(grid, place % COLOURS, held[grid], area(held[grid].shape) / 10_000)
        if grid in held
        else Listed(grid, place % COLOURS)
        for place, grid in enumerate(grids)
    ]
    points = Building.objects.filter(community=viewer.community, retired_on=None, longitude__isnull=False)
    background, here = tiles(), viewer.place_code
    drawn = {
        "grids": [
            {"id": str(one.grid.pk), "name": one.grid.name, "colour": one.colour, "shape": one.bounds.shape}
            for one in listed
            if one.bounds is not None
        ],
        "names": {str(one.grid.pk): [one.grid.name, one.colour] for one in listed},
        "buildings": [
            [one.longitude, one.latitude, str(one), reverse("registers:record", args=[here, "buildings", one.pk])]
            for one in points.select_related("estate")
        ],
        "tiles": [background.address, background.attribution] if background else None,
    }
    return {"community": viewer.community, "listed": listed, "drawn": drawn, "form": form}


def _set(request: HttpRequest, viewer: CommunityViewer, shapes: Mapping[Grid, Shape], starts_on: Any) -> None:
    """Save bounds, and say which buildings within them belong to other grids, and which grids they overlap."""
    set_bounds(shapes, starts_on=starts_on, act=Act(viewer.user, viewer.community))
    for grid, astray in strays(viewer.community, shapes).items():
        query = urlencode([("to", grid.pk), *(("building", one.pk) for one in astray)])
        messages.warning(
            request,
            format_html(
                "{}的范围里有 {} 栋楼还不属于它：{}{}。<a href=\"{}?{}\">划过来</a>",
                grid.name, len(astray), "、".join(str(one) for one in astray[:5]), "等" if len(astray) > 5 else "",
                reverse("places:move_buildings", args=[viewer.place_code]), query,
            ),
        )  # fmt: skip
    drawn = {grid: bounds.shape for grid, bounds in bounds_on(viewer.community, max(starts_on, today())).items()}
    read = [Read(grid.name, shape=shape) for grid, shape in (drawn | dict(shapes)).items()]
    warn_of_overlaps(read)
    names = {grid.name for grid in shapes}
    said = [(f"{one.title}{words}",) for one in read if one.title in names for words in one.warnings]
    if said:
        messages.warning(request, format_html_join("", "<div>{}</div>", said))


def import_bounds(request: HttpRequest, community: str) -> HttpResponse:
    """A file of grids: first looked through, feature by feature, then saved from a day on."""
    viewer = CommunityViewer.of(request, community, May.GROUND_EDIT)
    form = BoundsFileForm(request.POST or None, request.FILES or None)
    read: list[Read] = []
    if request.method == "POST" and form.is_valid():
        grids = {str(grid.pk): grid for grid in Grid.objects.filter(community=viewer.community, closed_on=None)}
        known = [Known(key, grid.code, grid.name) for key, grid in grids.items()]
        try:
            read = read_collection(form.cleaned_data["text"], known)
            good = {grids[one.grid.key]: one.shape for one in read if one.good and one.grid and one.shape}
            if request.POST.get("save") and good:
                _set(request, viewer, good, form.cleaned_data["starts_on"])
                messages.success(request, f"已保存 {len(good)} 个网格的范围。")
                return redirect("places:map", community)
        except FileError as error:
            form.add_error(None, str(error))
        except UserError as error:
            form.add_error("starts_on", error.message)
    about = {
        "community": viewer.community,
        "form": form,
        "read": read,
        "good": sum(one.good for one in read),
        "bad": sum(not one.good for one in read),
        "text": form.cleaned_data.get("text", "") if form.is_bound else "",
    }
    return render(request, "places/map_import.html", about, status=422 if form.errors else 200)


@require_GET
def export(request: HttpRequest, community: str) -> HttpResponse:
    """The grids of today or of a day, as a GeoJSON file."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    day = parse_day(request.GET.get("day")) or today()
    held = bounds_on(viewer.community, day)
    text = write_collection((grid.code, grid.name, bounds.shape, bounds.starts_on) for grid, bounds in held.items())
    response = HttpResponse(text, content_type="application/geo+json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="grids-{viewer.place_code}-{day}.geojson"'
    return response
