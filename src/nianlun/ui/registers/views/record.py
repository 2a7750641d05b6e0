"""A record's page, and the history of what was done to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from nianlun.kernel.fields import Field
from nianlun.ui.registers.history import history_page
from nianlun.ui.registers.keyset import CursorLost
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.registers.rows import grouped, row_of
from nianlun.ui.slots import contents


@dataclass(frozen=True, slots=True)
class Told:
    """One field on a record's page; `shown` takes the place of the words, such as a mask with a button."""

    field: Field
    said: str
    shown: Any = None


def show(request: HttpRequest, community: str, register: Register[Any, Any], pk: UUID) -> HttpResponse:
    """All that the viewer may see of one record, and what other rooms know of it (slot `record_parts`)."""
    viewer = register.viewer(request, community, Need.SEE)
    row = row_of(register, viewer, pk)
    if row is None:
        kept = register.instead_of(pk, viewer)
        if kept is None:
            raise Http404
        return redirect(register.address(kept, viewer))
    read = register.read(row, viewer)
    groups = {
        title: [_told(request, register, row, one, read[one.code]) for one in fields]
        for title, fields in grouped(one for one in register.fields if one.code in read).items()
    }
    about = {
        **_about(register, viewer, row),
        "groups": groups,
        "parts": contents("record_parts", request, register=register, row=row),
        **register.context(row, viewer, request),
    }
    return render(request, register.detail_template, about)


def history(request: HttpRequest, community: str, register: Register[Any, Any], pk: UUID) -> HttpResponse:
    """Who did what to the record and when, the latest first, with old and new values side by side."""
    viewer = register.viewer(request, community, Need.SEE)
    row = row_of(register, viewer, pk)
    if row is None:
        raise Http404
    try:
        shown = history_page(register, row, viewer, cursor=request.GET.get("cursor", ""))
    except CursorLost:
        return redirect(request.path)
    return render(request, "ui/registers/history.html", {**_about(register, viewer, row), "shown": shown})


def _about(register: Register[Any, Any], viewer: Any, row: Any) -> dict[str, Any]:
    return {
        "register": register,
        "viewer": viewer,
        "row": row,
        "name": register.name(row),
        "list_address": reverse("registers:list", args=[viewer.place_code, register.code]),
        "address": register.address(row, viewer),
        "edit_address": reverse("registers:edit", args=[viewer.place_code, register.code, row.pk]),
        "history_address": reverse("registers:history", args=[viewer.place_code, register.code, row.pk]),
        "may_edit": register.may(viewer, Need.EDIT, row),
    }


def _told(request: HttpRequest, register: Register[Any, Any], row: Any, one: Field, said: str) -> Told:
    """A secret field may be shown by a room that lets its value be seen for a purpose (slot `secret_shown`)."""
    if not (one.secret and said):
        return Told(one, said)
    made = contents("secret_shown", request, register=register, row=row, field=one, mask=said)
    return Told(one, said, made[0] if made else None)
