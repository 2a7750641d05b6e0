"""Duties done place by place: which places are done and which not, and saying which places there are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from nianlun.duties import standing
from nianlun.duties.access import access_duty, access_occurrence
from nianlun.duties.models import Duty, Occurrence, OccurrenceStatus
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.fan_out import drop_places, list_places, set_fan_out
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.fan_out.counts import count_of
from nianlun.ledgers.fan_out.ground import Place, ground_of
from nianlun.ledgers.fan_out.offered import everything, found_by, pointed_at
from nianlun.ledgers.models import DutyEntry, FanOut, Over
from nianlun.ledgers.rights import may_file
from nianlun.ledgers.serving.forms_of import ledgers_of_duties
from nianlun.ledgers.serving.parts import viewer_of
from nianlun.ledgers.serving.seen import Seen, seen_of
from nianlun.places.access import signed_in
from nianlun.places.models import Estate, Grid
from nianlun.places.policy import May

PER_PAGE = 50
LEFT, DONE, ALL = "left", "done", "all"


def places(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """The places of one time of a duty: what is done, what is not, and the form for each."""
    one = access_occurrence(request, community, pk, May.GROUND)
    count = count_of(one)
    if count is None:
        raise Http404
    viewer = viewer_of(request, one)
    left = count.whole - len(count.done)
    show = str(request.GET.get("show", LEFT if left else ALL))
    listed = [place for place in count.places.values() if show == ALL or (place.pk in count.done) == (show == DONE)]
    listed.sort(key=lambda place: (place.pk in count.done, place.kind, place.name))
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    entries = _entries(request, one, list(page))
    bound, others = _forms(request, one)
    about = {
        "viewer": viewer, "one": one, "count": count, "left": left, "due": standing.due_said(one, today()),
        "show": show, "page": page, "forms": bound, "others": others if not bound else [],
        "tabs": [(LEFT, f"没有登记 {left}"), (DONE, f"已登记 {len(count.done)}"), (ALL, f"全部 {count.whole}")],
        "lines": [
            {"place": place, "done": place.pk in count.done, "entries": entries.get(place.pk, [])} for place in page
        ],
    }  # fmt: skip
    return render(request, "ledgers/fan_out/places.html", about)


def _entries(request: HttpRequest, one: Occurrence, shown: list[Place]) -> dict[UUID, list[Seen]]:
    """What the viewer may see of the entries of these places, by place."""
    links = DutyEntry.objects.filter(
        occurrence=one, place_id__in=[place.pk for place in shown], entry__withdrawn_at=None
    )
    pairs = list(links.order_by("linked_at", "pk").values_list("place_id", "entry_id"))
    seen = seen_of(viewer_of(request, one), [entry for _, entry in pairs])
    found: dict[UUID, list[Seen]] = {}
    for place, entry in pairs:
        if place is not None and entry in seen:
            found.setdefault(place, []).append(seen[entry])
    return found


def _forms(request: HttpRequest, one: Occurrence) -> tuple[list[tuple[Ledger, str]], list[tuple[Ledger, str]]]:
    """Forms that the viewer may fill: those by which the duty is done, and all others."""
    viewer = viewer_of(request, one)
    if one.status == OccurrenceStatus.VOID:
        return [], []
    held = {
        code: ledger
        for code, ledger in catalogue.ledgers_at(one.community).items()
        if may_file(viewer.policy, ledger.ledger, one.community)
    }
    codes = ledgers_of_duties([one.duty], held)[one.duty_id]
    bound: list[tuple[Ledger, str]] = []
    others: list[tuple[Ledger, str]] = []
    for code, ledger in held.items():
        address = f"{reverse('ledgers:new', args=[viewer.place_code, code])}?serves={one.pk}"
        (bound if code in codes else others).append((ledger.ledger, address))
    bound.sort(key=lambda form: codes.index(form[0].ledger))
    return bound, others


def fan_out(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Say whether a duty is done place by place, and list the places where somebody must name them."""
    duty = access_duty(request, community, pk, May.HAND_OUT)
    user, here = signed_in(request), reverse("ledgers:fan_out", args=[community, pk])
    if request.method != "POST":
        return render(request, "ledgers/fan_out/set.html", _setting(request, duty))
    act = str(request.POST.get("act", ""))
    if act == "add":
        many = list_places(acting_user=user, duty=duty.pk, places=_named(request))
        messages.success(request, f"已加上 {many} 处。")
        return redirect(here)
    if act == "drop":
        many = drop_places(acting_user=user, duty=duty.pk, places=_named(request))
        messages.success(request, f"已去掉 {many} 处。要恢复，请再加上。")
        return redirect(here)
    kind, within = _within(str(request.POST.get("within", "")))
    made = set_fan_out(
        acting_user=user, duty=duty.pk, revision=_revision(request), over=str(request.POST.get("over", "")),
        grid=within if kind == "grid" else None, estate=within if kind == "estate" else None,
    )  # fmt: skip
    messages.success(request, "已保存。")
    return redirect(here if made is not None and made.over == Over.LISTED else _back(duty))


def _setting(request: HttpRequest, duty: Duty) -> dict[str, Any]:
    at = duty.community
    fan = FanOut.objects.filter(duty=duty).first()
    there, q = everything(at), str(request.GET.get("q", "")).strip()[:40]
    many = {kind: sum(place.kind == kind for place in there.values()) for kind in ("grid", "estate", "building")}
    listed = list(ground_of(at, [fan]).of(fan).values()) if fan is not None and fan.over == Over.LISTED else []
    names, present = {place.pk for place in listed}, list(there.values())
    why, found = ("", found_by(q, there)) if q else pointed_at(duty.title, at, there)
    asked = str(request.GET.get("over", ""))
    return {
        "community": at, "duty": duty, "fan": fan, "back": _back(duty), "q": q, "offered_why": why,
        "over": fan.over if fan else (asked if asked in Over.values else ""),
        "choices": [
            (Over.GRIDS.value, Over.GRIDS.label, f"现有 {many['grid']} 个"),
            (Over.ESTATES.value, Over.ESTATES.label, f"现有 {many['estate']} 个"),
            (Over.BUILDINGS.value, Over.BUILDINGS.label, f"现有 {many['building']} 栋"),
            (Over.LISTED.value, Over.LISTED.label, "保存后再选是哪些"),
        ],
        "grids": Grid.objects.filter(community=at, closed_on=None), "estates": Estate.objects.filter(community=at),
        "listed": [
            {"kind": one.kind, "pk": one.pk, "name": one.name, "kind_title": one.kind_title, "gone": one not in present}
            for one in listed
        ],
        "found": [one for one in found if one.pk not in names],
    }  # fmt: skip


def _named(request: HttpRequest) -> list[tuple[str, UUID]]:
    """Places as forms name them, kind:id; raises UserError where none was ticked."""
    found = [_within(str(said)) for said in request.POST.getlist("place")]
    named = [(kind, pk) for kind, pk in found if pk is not None]
    if not named:
        raise UserError("请先勾选地点。")
    return named


def _within(said: str) -> tuple[str, UUID | None]:
    kind, _, pk = said.partition(":")
    try:
        return (kind, UUID(pk)) if kind else ("", None)
    except ValueError:
        raise UserError("选择的地点有误，请刷新后再选。") from None


def _revision(request: HttpRequest) -> int:
    try:
        return int(str(request.POST.get("revision", "")))
    except ValueError:
        raise UserError("页面已过期，请刷新后再试。") from None


def _back(duty: Duty) -> str:
    return reverse("duties:duty", args=[duty.community.code, duty.pk])
