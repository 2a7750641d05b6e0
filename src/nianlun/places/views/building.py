"""Acts on a building and its rooms: rooms from a pattern, units, retiring and bringing back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.access_ground import access_place
from nianlun.places.actions import ground_buildings as actions
from nianlun.places.actions.ground import Act
from nianlun.places.forms_ground import RoomsForm, UnitForm
from nianlun.places.models import Building, Room
from nianlun.places.rules.floors import elevation


def make_rooms(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Describe a building's rooms in a few numbers, look at what that makes, and make them."""
    viewer, building = access_place(request, community, Building, pk)
    form = RoomsForm(request.POST or None, initial={"floors": building.floors, "units": building.units.count() or 1})
    planned = None
    if request.method == "POST" and form.is_valid():
        try:
            planned = actions.plan_rooms(building, form.pattern())
            if request.POST.get("make"):
                made = actions.make_rooms(building, form.pattern(), act=Act(viewer.user, viewer.community))
                messages.success(request, f"已生成 {made} 户。")
                return redirect("registers:record", community, "buildings", building.pk)
        except UserError as error:
            form.add_error(None, error.message)
    drawn = planned and elevation((f"{room.unit}单元", room.floor, room.position, room) for room in planned.rooms)
    about = {"community": viewer.community, "building": building, "form": form, "planned": planned, "units": drawn}
    return render(request, "places/building_rooms.html", about, status=422 if form.errors else 200)


@require_POST
def add_unit(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, building = access_place(request, community, Building, pk)
    name = _name(request)
    actions.add_unit(building, name, act=Act(viewer.user, viewer.community))
    messages.success(request, f"已添加{name}。")
    return redirect("registers:record", community, "buildings", building.pk)


@require_POST
def rename_unit(request: HttpRequest, community: str, pk: UUID, unit: UUID) -> HttpResponse:
    viewer, building = access_place(request, community, Building, pk)
    found = building.units.filter(pk=unit).select_related("building").first()
    if found is None:
        raise Http404
    actions.rename_unit(found, _name(request), act=Act(viewer.user, viewer.community))
    messages.success(request, "已改名。")
    return redirect("registers:record", community, "buildings", building.pk)


def _name(request: HttpRequest) -> str:
    form = UnitForm(request.POST)
    if not form.is_valid():
        raise UserError("请填写单元名称，最多 20 个字，如 2单元。")
    return str(form.cleaned_data["name"])


@require_POST
def retire_building(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    return _retire(request, community, Building, pk)


@require_POST
def retire_room(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    return _retire(request, community, Room, pk)


@require_POST
def bring_back_building(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    return _bring_back(request, community, Building, pk)


@require_POST
def bring_back_room(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    return _bring_back(request, community, Room, pk)


def _retire(request: HttpRequest, community: str, model: type[Building] | type[Room], pk: UUID) -> HttpResponse:
    viewer, place = access_place(request, community, model, pk)
    actions.retire(place, on=today(), act=Act(viewer.user, viewer.community))
    messages.success(request, f"{place}已停用，可以恢复。")
    return _page_of(community, place)


def _bring_back(request: HttpRequest, community: str, model: type[Building] | type[Room], pk: UUID) -> HttpResponse:
    viewer, place = access_place(request, community, model, pk)
    actions.bring_back(place, act=Act(viewer.user, viewer.community))
    messages.success(request, f"{place}已恢复。")
    return _page_of(community, place)


def _page_of(community: str, place: Building | Room) -> HttpResponse:
    return redirect("registers:record", community, "buildings" if isinstance(place, Building) else "rooms", place.pk)
