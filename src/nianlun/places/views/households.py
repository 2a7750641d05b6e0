"""Pages of a household's life: a child is born, it splits, joins another, has another head."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.places.access_people import HOUSEHOLDS, RESIDENTS, access_household
from nianlun.places.actions import people_households, people_transfer
from nianlun.places.forms_people import BirthForm, HeadForm, JoinForm, SplitForm
from nianlun.places.models import Household
from nianlun.places.registers.people_pages import members
from nianlun.places.viewing import CommunityViewer
from nianlun.places.views.people import form_page, revision_of, step_of

MEMBERS = "places/household_form.html"


def address_of(viewer: CommunityViewer, row: Household) -> str:
    return HOUSEHOLDS.address(row, viewer)


def about(viewer: CommunityViewer, row: Household) -> dict[str, Any]:
    back = {"back": address_of(viewer, row), "back_said": HOUSEHOLDS.name(row)}
    return {"row": row, "revision": row.revision, **back}


@never_cache
def born(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """A child is registered into the household, living there since birth."""
    viewer, row = access_household(request, community, pk)
    form = BirthForm(request.POST or None)

    def act() -> str:
        given = form.cleaned_data
        shown = HOUSEHOLDS.read(row, viewer)
        written = {code: shown[code] for code in ("estate", "building", "unit", "room")}
        day = given["born_on"].isoformat()
        written |= {"household": row.code, "since": day, "born_on": day}
        written |= {code: given[code] for code in ("name", "sex", "relation")}
        draft = RESIDENTS.check([written], viewer)[0]
        if draft.checked.errors:
            raise UserError(" ".join(draft.checked.errors.values()))
        made = RESIDENTS.save([draft], viewer, source="form")[0]
        messages.success(request, f"已登记{made.name}。有了身份证号后请补上。")
        return RESIDENTS.address(made, viewer)

    return form_page(request, viewer, form, act, heading="登记新生儿", submit="登记", **about(viewer, row))


@never_cache
def split(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, row = access_household(request, community, pk)
    form = SplitForm(request.POST or None, members=members(row))

    def act() -> str:
        new = people_households.split(
            acting_user=viewer.user, household=row, relations=form.relations(), on=form.cleaned_data["on"],
            revision=revision_of(request),
        )  # fmt: skip
        messages.success(request, f"已分户，新户编号 {new.code}。登记错了可以撤销。")
        return address_of(viewer, new)

    hint = "选出要分出去的人，其中一位是新户的户主。新户先住在原来的户室；要搬走的，再到各人页面登记“搬家”。"
    return form_page(
        request, viewer, form, act, template=MEMBERS, heading="分户", submit="分户", hint=hint, **about(viewer, row)
    )


@never_cache
def join(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, row = access_household(request, community, pk)
    others = HOUSEHOLDS.rows(viewer).filter(ended_on=None).exclude(pk=row.pk).order_by("code")
    form = JoinForm(request.POST or None, members=members(row), others=others)

    def act() -> str:
        kept = people_households.join(
            acting_user=viewer.user, household=row, into=form.cleaned_data["into"], relations=form.relations(),
            on=form.cleaned_data["on"], revision=revision_of(request),
        )  # fmt: skip
        messages.success(request, "已并户，原户注销。登记错了可以撤销。")
        return address_of(viewer, kept)

    hint = "这一户的人全部住到另一户，这一户注销。"
    return form_page(
        request, viewer, form, act, template=MEMBERS, heading="并户", submit="并户", hint=hint, **about(viewer, row)
    )


@never_cache
def head(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    viewer, row = access_household(request, community, pk)
    there = members(row)
    form = HeadForm(request.POST or None, members=there)

    def act() -> str:
        chosen = next(one for one in there if str(one.pk) == form.cleaned_data["head"])
        people_households.change_head(
            acting_user=viewer.user, household=row, head=chosen, relations=form.relations(),
            revision=revision_of(request),
        )  # fmt: skip
        messages.success(request, f"户主已改为{chosen.name}。登记错了可以撤销。")
        return address_of(viewer, row)

    return form_page(
        request, viewer, form, act, template=MEMBERS, heading="变更户主", submit="变更户主", **about(viewer, row)
    )


@require_POST
def undo(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """Take back the last step, the one that the page showed."""
    viewer, row = access_household(request, community, pk)
    people_transfer.undo_last(acting_user=viewer.user, record=row, step=step_of(request))
    messages.success(request, "已撤销。")
    there = HOUSEHOLDS.rows(viewer).filter(pk=row.pk).exists()
    return (
        redirect(address_of(viewer, row)) if there else redirect("registers:list", viewer.place_code, HOUSEHOLDS.code)
    )
