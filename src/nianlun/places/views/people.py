"""Pages of people's lives: moving in and out, dying, tags, relationships, taking over from another community."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access_people import RESIDENTS, access_resident
from nianlun.places.actions import people_moves, people_relationships, people_tags, people_transfer
from nianlun.places.forms_people import (
    DiedForm,
    DoorForm,
    OutForm,
    RelateForm,
    RenewForm,
    TagForm,
    TakeOverForm,
)
from nianlun.places.models import Relationship, Resident, ResidentTag
from nianlun.places.policy import May
from nianlun.places.rules.tags import shipped
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.submissions import sent_once

SHOWN = 20  # people offered by a name


def form_page(
    request: HttpRequest,
    viewer: CommunityViewer,
    form: forms.Form,
    act: Callable[[], str],
    *,
    template: str = "places/people_form.html",
    **about: Any,
) -> HttpResponse:
    """A form that does one thing: what is refused stands above it, and what is sent twice is done once.

    `act` gives the address to go to.
    """
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(sent_once(request, act, user_id=viewer.user_id))
        except StaleRevision:
            raise
        except UserError as error:
            form.add_error(None, error.message)
    told = {"community": viewer.community, "form": form, **about}
    return render(request, template, told, status=422 if form.errors else 200)


def revision_of(request: HttpRequest) -> int | None:
    """Of the record as the page showed it."""
    try:
        return int(request.POST.get("revision", ""))
    except ValueError:
        return None


def address_of(viewer: CommunityViewer, row: Resident) -> str:
    return RESIDENTS.address(row, viewer)


def about_resident(viewer: CommunityViewer, row: Resident) -> dict[str, Any]:
    return {"row": row, "revision": row.revision, "back": address_of(viewer, row), "back_said": row.name}


@never_cache
def move(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """To another door of the community, or back into it."""
    viewer, row = access_resident(request, community, pk)
    form = DoorForm(request.POST or None, viewer=viewer)

    def act() -> str:
        given = form.cleaned_data
        people_moves.move_in(
            acting_user=viewer.user, resident=row, home=form.home, relation=given["relation"], on=given["on"],
            revision=revision_of(request),
        )  # fmt: skip
        messages.success(request, f"已登记{row.name}住到{given['building']} {given['room']}。登记错了可以撤销。")
        return address_of(viewer, row)

    heading = f"{row.name}搬家" if row.state == "living" else f"{row.name}迁回"
    return form_page(request, viewer, form, act, heading=heading, submit="登记", **about_resident(viewer, row))


@never_cache
def move_out(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, row = access_resident(request, community, pk)
    form = OutForm(request.POST or None)

    def act() -> str:
        people_moves.move_out(acting_user=viewer.user, resident=row, revision=revision_of(request), **form.cleaned_data)
        messages.success(request, f"已登记{row.name}迁出。登记错了可以撤销。")
        return address_of(viewer, row)

    return form_page(
        request, viewer, form, act, heading=f"{row.name}迁出", submit="登记迁出", **about_resident(viewer, row)
    )


@never_cache
def died(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, row = access_resident(request, community, pk)
    form = DiedForm(request.POST or None)

    def act() -> str:
        people_moves.die(
            acting_user=viewer.user, resident=row, on=form.cleaned_data["on"], revision=revision_of(request)
        )
        messages.success(request, f"已登记{row.name}去世。登记错了可以撤销。")
        return address_of(viewer, row)

    return form_page(
        request, viewer, form, act, heading=f"登记{row.name}去世", submit="登记", **about_resident(viewer, row)
    )


@require_POST
def undo(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Take back the last step, the one that the page showed."""
    viewer, row = access_resident(request, community, pk)
    people_transfer.undo_last(acting_user=viewer.user, record=row, step=step_of(request))
    messages.success(request, "已撤销。")
    return redirect(after_undo(viewer, row))


def step_of(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("step", ""))
    except ValueError:
        raise UserError("表单不完整，没有撤销。请刷新页面再试。") from None


def after_undo(viewer: CommunityViewer, row: Resident) -> str:
    """The resident's page, or the list where undoing gave them back to another community."""
    if RESIDENTS.rows(viewer).filter(pk=row.pk).exists():
        return address_of(viewer, row)
    return reverse("registers:list", args=[viewer.place_code, RESIDENTS.code])


@never_cache
@sensitive_post_parameters("id_number")
def take_over(request: HttpRequest, community: str) -> HttpResponse:
    """Somebody who moves here from another community of the subdistrict, by name and ID number."""
    viewer = CommunityViewer.of(request, community, May.PEOPLE_EDIT)
    form = TakeOverForm(request.POST or None, viewer=viewer)

    def act() -> str:
        given = form.cleaned_data
        row = people_transfer.take_over(
            acting_user=viewer.user, community=viewer.community, name=given["name"], id_number=given["id_number"],
            home=form.home, relation=given["relation"], on=given["on"],
        )  # fmt: skip
        messages.success(request, f"已把{row.name}从原社区转入。")
        return address_of(viewer, row)

    back = reverse("registers:list", args=[viewer.place_code, RESIDENTS.code])
    return form_page(
        request, viewer, form, act, heading="从其他社区转入", submit="转入", back=back, back_said="居民",
        hint="本街道其他社区登记过的人，凭姓名和证件号码转过来：资料、标签一起带来，原社区的居住到这一天为止。",
    )  # fmt: skip


@never_cache
def tag(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Set a tag of those that the viewer's lines show."""
    viewer, row = access_resident(request, community, pk)
    form = TagForm(request.POST or None, viewer=viewer, lines=viewer.policy.lines_of(row))

    def act() -> str:
        people_tags.tag(acting_user=viewer.user, resident=row, **form.cleaned_data)
        messages.success(request, f"已给{row.name}加上标签。")
        return address_of(viewer, row)

    return form_page(
        request, viewer, form, act, heading=f"给{row.name}加标签", submit="保存", **about_resident(viewer, row)
    )


@never_cache
def renew_tag(request: HttpRequest, community: str, pk: UUID, tag: UUID) -> HttpResponse:
    viewer, row = access_resident(request, community, pk)
    held = _tag(viewer, row, tag)
    form = RenewForm(request.POST or None)

    def act() -> str:
        people_tags.renew(acting_user=viewer.user, tag=held, **form.cleaned_data)
        messages.success(request, "标签已续期。")
        return address_of(viewer, row)

    heading = f"{row.name}的“{shipped()[held.code].title}”续期"
    return form_page(request, viewer, form, act, heading=heading, submit="续期", **about_resident(viewer, row))


@require_POST
def end_tag(request: HttpRequest, community: str, pk: UUID, tag: UUID) -> HttpResponse:
    viewer, row = access_resident(request, community, pk)
    people_tags.end(acting_user=viewer.user, tag=_tag(viewer, row, tag))
    messages.success(request, "标签已取消。")
    return redirect(address_of(viewer, row))


def _tag(viewer: CommunityViewer, row: Resident, pk: UUID) -> ResidentTag:
    """One that holds and that the viewer's lines show; any other does not exist."""
    found, lines = people_tags.current(row).filter(pk=pk).first(), viewer.policy.lines_of(row)
    told = shipped().get(found.code) if found else None
    if found is None or told is None or not (lines is None or told.line in lines):
        raise Http404
    return found


@never_cache
def relate(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """First somebody's name, then which of those who are called so."""
    viewer, row = access_resident(request, community, pk)
    form = RelateForm(request.POST or None)
    called = request.POST.get("name", "").strip()
    found = (
        list(RESIDENTS.rows(viewer).filter(name__contains=called).exclude(pk=row.pk).order_by("name", "pk")[:SHOWN])
        if called
        else []
    )
    chosen = next((one for one in found if str(one.pk) == request.POST.get("other")), None)

    def act() -> str:
        given = form.cleaned_data
        assert chosen is not None
        people_relationships.relate(
            acting_user=viewer.user, resident=row, other=chosen, kind=given["kind"], starts_on=given["starts_on"],
            ends_on=given["ends_on"],
        )  # fmt: skip
        messages.success(request, f"已登记{chosen.name}与{row.name}的关系。")
        return address_of(viewer, row)

    about = {
        "heading": f"登记{row.name}的关系人", "found": found, "called": called, "chosen": chosen,
        "submit": "保存" if found else "查找", **about_resident(viewer, row),
    }  # fmt: skip
    if request.method == "POST" and chosen is None:
        if form.is_valid() and not found:
            form.add_error("name", "没有找到叫这个名字的居民，请核对，或先登记。")
        told = {"community": viewer.community, "form": form, **about}
        return render(request, "places/resident_relate.html", told, status=422 if form.errors else 200)
    return form_page(request, viewer, form, act, template="places/resident_relate.html", **about)


@require_POST
def end_relationship(request: HttpRequest, community: str, pk: UUID, relationship: UUID) -> HttpResponse:
    viewer, row = access_resident(request, community, pk)
    held = Relationship.objects.filter(pk=relationship, resident=row) | Relationship.objects.filter(
        pk=relationship, other=row
    )
    found = held.first()
    if found is None:
        raise Http404
    people_relationships.end(acting_user=viewer.user, relationship=found)
    messages.success(request, "关系已结束。")
    return redirect(address_of(viewer, row))
