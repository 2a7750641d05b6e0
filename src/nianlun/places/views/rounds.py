"""Verification: rounds and how far they are, one's own doors on the phone, and who was last confirmed when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.actions import rounds as actions
from nianlun.places.actions import verifying
from nianlun.places.confirmed import ORDERS, by_building
from nianlun.places.doors import (
    IN_ORDER,
    Stop,
    Tally,
    floors_of,
    mine,
    my_stops,
    next_door,
    progress_of,
)
from nianlun.places.forms_rounds import RoundForm, VisitForm
from nianlun.places.models import Building, Organisation, Resident, ResidentState, Round, RoundRoom, User
from nianlun.places.policy import RIGHTS, May
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.registers.keyset import CursorLost, page
from nianlun.ui.submissions import sent_once

PER_PAGE = 20
LAST = "last_door"  # of the session: the door that one was at last


def rounds(request: HttpRequest, community: str) -> HttpResponse:
    """The rounds of a community, the latest first, each with how far it is."""
    viewer = CommunityViewer.of(request, community, May.ROUNDS)
    rows = Round.objects.filter(community=viewer.community).annotate(doors=Count("rooms"), done=Count("rooms__done_on"))
    try:
        shown = page(rows, ("starts_on", "pk"), descending=True, cursor=request.GET.get("cursor", ""), size=PER_PAGE)
    except CursorLost:
        return redirect(request.path)
    lines = [(one, Tally(one.done, one.doors)) for one in shown.rows]
    about = {"community": viewer.community, "lines": lines, "shown": shown, "today": today()}
    return render(request, "places/rounds.html", about)


def new_round(request: HttpRequest, community: str) -> HttpResponse:
    """Begin a round: its doors go to whoever walks their grids."""
    viewer = CommunityViewer.of(request, community, May.ROUNDS)
    form = RoundForm(request.POST or None, community=viewer.community)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> str:
            begun = actions.begin_round(
                acting_user=viewer.user, community=viewer.community, name=given["name"],
                starts_on=given["starts_on"], ends_on=given["ends_on"], buildings=given["buildings"],
            )  # fmt: skip
            messages.success(request, f"已开始，共 {begun.doors} 户，按网格分给了网格员。")
            if begun.unassigned:
                messages.warning(request, f"有 {begun.unassigned} 户所在网格没有网格员，请在下面指定人。")
            if begun.left_out:
                messages.warning(request, f"有 {begun.left_out} 户在另一轮里还没核实，没有重复列入。")
            return reverse("places:round", args=[community, begun.round.pk])

        try:
            return redirect(sent_once(request, act, user_id=viewer.user_id))
        except UserError as error:
            form.add_error(error.code if error.code in form.fields else None, error.message)
    chosen = {str(pk) for name in ("grids", "buildings") for pk in (form[name].value() or [])}
    about = {"community": viewer.community, "form": form, "groups": _by_grid(viewer), "chosen": chosen}
    return render(request, "places/round_new.html", about, status=422 if form.errors else 200)


def _by_grid(viewer: CommunityViewer) -> list[tuple[Any, list[Building]]]:
    """Buildings under their grid of today; None for those in none."""
    rows = Building.objects.filter(community=viewer.community, retired_on=None).select_related("estate", "grid")
    counted = rows.annotate(doors=Count("rooms", filter=Q(rooms__retired_on=None)))
    groups: dict[UUID | None, tuple[Any, list[Building]]] = {}
    for building in counted.order_by("grid__code", "estate__code", "code"):
        groups.setdefault(building.grid_id, (building.grid, []))[1].append(building)
    return list(groups.values())


def show_round(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """How far a round is, by building and by worker, and what is with nobody yet."""
    viewer, one = _round(request, community, pk)
    about = {
        "community": viewer.community,
        "round": one,
        "progress": progress_of(one),
        "verifiers": _verifiers(viewer),
        "today": today(),
    }
    return render(request, "places/round.html", about)


def round_building(request: HttpRequest, community: str, pk: UUID, building: UUID) -> HttpResponse:
    """The doors of one building in a round, with whom each is and what was found."""
    viewer, one = _round(request, community, pk)
    doors = list(
        one.rooms.filter(room__building=building)
        .select_related("room__unit", "room__building__estate", "worker", "done_by")
        .order_by(*IN_ORDER)
    )
    if not doors:
        raise Http404
    about = {
        "community": viewer.community,
        "round": one,
        "building": doors[0].room.building,
        "doors": doors,
        "tally": Tally(sum(1 for door in doors if door.done_on), len(doors)),
        "verifiers": _verifiers(viewer),
    }
    return render(request, "places/round_building.html", about)


@require_POST
def hand_over(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Give ticked doors, or what is open of ticked buildings, to somebody."""
    viewer, one = _round(request, community, pk)
    to = next((user for user in _verifiers(viewer) if str(user.pk) == request.POST.get("to")), None)
    if to is None:
        raise UserError("请选择交给谁。")
    chosen = {name: _ids(request.POST.getlist(name)) for name in ("doors", "buildings")}
    moved = actions.hand_over(acting_user=viewer.user, round=one, to=to, **chosen)
    messages.success(request, f"{moved} 户已交给{to.name}。" if moved else f"这些户本来就由{to.name}核实。")
    if len(chosen["buildings"]) == 0 and (back := _ids([request.POST.get("building", "")])):
        return redirect("places:round_building", community, one.pk, back[0])
    return redirect("places:round", community, one.pk)


@require_POST
def close_round(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, one = _round(request, community, pk)
    actions.close_round(acting_user=viewer.user, round=one)
    messages.success(request, f"“{one.name}”已结束，可以重新开始。")
    return redirect("places:round", community, one.pk)


@require_POST
def reopen_round(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, one = _round(request, community, pk)
    actions.reopen_round(acting_user=viewer.user, round=one)
    messages.success(request, f"“{one.name}”重新开始，未完成的户回到各人手上。")
    return redirect("places:round", community, one.pk)


def doors(request: HttpRequest, community: str) -> HttpResponse:
    """One's own doors: the buildings, and the doors of the one that was tapped, floor by floor."""
    viewer = CommunityViewer.of(request, community, May.VERIFY)
    stops = my_stops(viewer)
    here = _stop(stops, request)
    shown = []
    if here is not None:
        rows = mine(viewer).filter(round=here.round, room__building=here.building)
        shown = list(rows.select_related("room__unit").order_by(*IN_ORDER))
    about = {
        "community": viewer.community,
        "stops": stops,
        "here": here,
        "floors": floors_of(shown),
        "tally": sum((stop.tally for stop in stops), Tally()),
        "last": _last(request, viewer),
        "runs_rounds": viewer.policy.allows(May.ROUNDS, viewer.community),
        "today": today(),
    }
    return render(request, "places/doors.html", about)


def _stop(stops: list[Stop], request: HttpRequest) -> Stop | None:
    """The building that was tapped, else the first in which something is left, else the first."""
    asked = request.GET.get("round", ""), request.GET.get("building", "")
    tapped = (stop for stop in stops if (str(stop.round.pk), str(stop.building.pk)) == asked)
    unfinished = (stop for stop in stops if stop.tally.open)
    return next(tapped, None) or next(unfinished, None) or next(iter(stops), None)


def door(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Who lives behind a door, and what was found there; then on to the next one."""
    viewer, one = _door(request, community, pk)
    form = VisitForm(request.POST or None, initial={"revision": one.revision, "note": one.note})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data

        def act() -> str:
            done = verifying.visit(acting_user=viewer.user, door=one, **given)
            following = next_door(done)
            return reverse("places:door", args=[community, following]) if following else _list_of(done, community)

        try:
            address = sent_once(request, act, user_id=viewer.user_id)
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error(error.code if error.code in form.fields else None, error.message)
        else:
            request.session[LAST] = str(one.pk)
            return redirect(address)
    about = {**_behind(one, viewer), "form": form, "last": _last(request, viewer), "chosen": form["outcome"].value()}
    return render(request, "places/door.html", about, status=422 if form.errors else 200)


def _behind(one: RoundRoom, viewer: CommunityViewer) -> dict[str, Any]:
    """What the register knows of a door."""
    theirs = viewer.policy.rows(Resident.objects.filter(room=one.room, state=ResidentState.LIVING), May.PEOPLE)
    return {
        "community": viewer.community,
        "door": one,
        "room": one.room,
        "residents": list(theirs.select_related("household", "community").order_by("household", "pk")),
        "organisations": list(Organisation.objects.filter(room=one.room, closed_on=None)),
        "may_register": viewer.policy.allows_record(May.PEOPLE_EDIT, one.room),
        "may_take_back": one.done_by_id == viewer.user_id and _is_mine(one, viewer),
        "list_address": _list_of(one, viewer.place_code),
        "following": next_door(one),
    }


def _is_mine(one: RoundRoom, viewer: CommunityViewer) -> bool:
    """Whether the word that stands is the viewer's own and on record, so that it can be taken back."""
    row = verifying.last_visit(one)
    return row is not None and row.actor_id == viewer.user_id


def _list_of(one: RoundRoom, community: str) -> str:
    query = f"?round={one.round_id}&building={one.room.building_id}"
    return reverse("places:doors", args=[community]) + query


@require_POST
def take_back(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """One's own last word on a door is taken back; the door is shown again."""
    viewer, one = _door(request, community, pk)
    verifying.take_back(acting_user=viewer.user, door=one)
    request.session.pop(LAST, None)
    messages.success(request, f"已撤销{one.room}的登记。")
    return redirect("places:door", community, one.pk)


def _last(request: HttpRequest, viewer: CommunityViewer) -> RoundRoom | None:
    """The door one was at last, as long as one's own word on it can be taken back."""
    if not (pk := request.session.get(LAST)):
        return None
    rows = RoundRoom.objects.filter(pk=pk, done_by=viewer.user, round__closed_on=None).exclude(outcome="")
    found = rows.select_related("room__unit").first()
    return found if found is not None and _is_mine(found, viewer) else None


def confirmed(request: HttpRequest, community: str) -> HttpResponse:
    """By building, when its doors were last confirmed."""
    viewer = CommunityViewer.of(request, community, May.GROUND)
    order = request.GET.get("order", "building")
    titles = ("楼栋", "网格", "户室", "本季度核实", "今年核实", "从未核实", "最早一户")
    heads = [
        (title, f"?order={'-' if order == code else ''}{code}", _way(order, code))
        for code, title in zip(ORDERS, titles, strict=True)
    ]
    about = {
        "community": viewer.community,
        "rows": by_building(viewer, order),
        "heads": heads,
        "sees_people": viewer.policy.allows(May.PEOPLE, viewer.community),
        "runs_rounds": viewer.policy.allows(May.ROUNDS, viewer.community),
    }
    return render(request, "places/confirmed.html", about)


def _way(order: str, code: str) -> str:
    return {code: "ascending", f"-{code}": "descending"}.get(order, "")


def _verifiers(viewer: CommunityViewer) -> list[User]:
    """Everybody in the community who may verify somewhere."""
    kinds = [kind for kind, rights in RIGHTS.items() if May.VERIFY in rights]
    posts = viewer.community.posts.current().filter(kind__in=kinds)
    return list(User.objects.filter(is_active=True, posts__in=posts).distinct().order_by("name"))


def _ids(said: list[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in said if one]
    except ValueError:
        raise UserError("所选的内容已经变了，请刷新页面再选。") from None


def _round(request: HttpRequest, community: str, pk: UUID) -> tuple[CommunityViewer, Round]:
    viewer = CommunityViewer.of(request, community, May.ROUNDS)
    one = Round.objects.filter(community=viewer.community, pk=pk).select_related("community", "made_by").first()
    if one is None:
        raise Http404
    return viewer, one


def _door(request: HttpRequest, community: str, pk: UUID) -> tuple[CommunityViewer, RoundRoom]:
    viewer = CommunityViewer.of(request, community, May.VERIFY)
    rows = RoundRoom.objects.filter(pk=pk, round__community=viewer.community)
    one = rows.select_related("round", "room__building__estate", "room__unit", "room__community", "done_by").first()
    if one is None:
        raise Http404
    verifying.require_door(viewer.policy, one)
    return viewer, one
