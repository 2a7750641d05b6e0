"""The form of a new record, and of an edit: errors beside their fields, questions asked once, clashes side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.fields import Field
from nianlun.ui.registers.inputs import Input, mark, marks, same
from nianlun.ui.registers.register import Need, Register
from nianlun.ui.registers.rows import grouped, row_of
from nianlun.ui.registers.writing import NeedsConfirmation, NotGood, checked_draft, saved
from nianlun.ui.submissions import sent_once


@dataclass(slots=True)
class Form:
    """A form as it is shown: what stands in the fields, and what stands in the way of saving it."""

    register: Register[Any, Any]
    viewer: Any
    row: Any | None
    values: dict[str, str]
    shown: Mapping[str, str]  # marks of what stood in the fields when the form was opened
    revision: int | None = None
    errors: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    theirs: dict[str, str] = field(default_factory=dict)  # after a clash: what somebody else has saved
    there: Any | None = None  # the record that a new one would double
    status: int = 200

    def inputs(self) -> dict[str, list[Input]]:
        """By heading; what is fixed since the record was made is shown among them and not asked."""
        suggested = self.register.suggestions(self.viewer)
        written = {one.code for one in self.register.written_fields(self.viewer, self.row)}
        read = self.register.read(self.row, self.viewer) if self.row is not None else {}
        told = {code: read[code] for code in self.register.fixed if code in read}
        fields = [one for one in self.register.fields if one.code in written or one.code in told]
        return {
            title: [
                self._input(one, suggested.get(one.code, ()))
                if one.code in written
                else Input(one, told[one.code], asked=False)
                for one in some
            ]
            for title, some in grouped(fields).items()
        }

    def _input(self, one: Field, suggestions: Sequence[str]) -> Input:
        value, theirs = self.values.get(one.code, ""), self.theirs.get(one.code)
        return Input(
            one,
            value,
            self.errors.get(one.code, ""),
            suggestions,
            theirs=None if theirs is None or same(one, theirs, value) else theirs,
            mine=self.shown.get(one.code) != mark(one, value),
        )


@never_cache
def new(request: HttpRequest, community: str, register: Register[Any, Any]) -> HttpResponse:
    """Add a record; the address may say what stands in the fields at first."""
    viewer = register.viewer(request, community, Need.EDIT)
    if not register.may_add or not register.may(viewer, Need.EDIT):
        raise PermissionDenied
    open_fields = {one.code for one in register.written_fields(viewer, None) if not one.secret}
    if request.method != "POST":
        given = {code: said for code, said in request.GET.dict().items() if code in open_fields}
        return _page(request, Form(register, viewer, None, given, {}))
    form = _sent(request, register, viewer, None)

    def next_address(row: Any) -> str:
        if "next" not in request.POST:
            return register.address(row, viewer)
        carried = {code: form.values[code] for code in register.carried if form.values.get(code)}
        query = f"?{urlencode(carried)}" if carried else ""
        return reverse("registers:new", args=[community, register.code]) + query

    return _save(request, form, next_address)


@never_cache
def edit(request: HttpRequest, community: str, register: Register[Any, Any], pk: UUID) -> HttpResponse:
    """Change a record. Whoever saves second is shown both sides, field by field, and chooses."""
    viewer = register.viewer(request, community, Need.EDIT)
    row = row_of(register, viewer, pk)
    if row is None:
        raise Http404
    if not register.may(viewer, Need.EDIT, row):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, _fresh(register, viewer, row))
    form = _sent(request, register, viewer, row)
    return _save(request, form, lambda saved_row: register.address(saved_row, viewer))


def _fresh(register: Register[Any, Any], viewer: Any, row: Any) -> Form:
    read = register.read(row, viewer)
    shown = marks(register.written_fields(viewer, row), read)
    return Form(register, viewer, row, read, shown, register.revision(row))


def _sent(request: HttpRequest, register: Register[Any, Any], viewer: Any, row: Any | None) -> Form:
    """The form as it came back."""
    fields = register.written_fields(viewer, row)
    values = {one.code: str(request.POST[one.code]) for one in fields if one.code in request.POST}
    try:
        shown = json.loads(str(request.POST.get("shown", "{}")))
        revision = int(str(request.POST["revision"])) if row is not None else None
    except (KeyError, ValueError):
        raise UserError("表单不完整，没有保存。请重新打开再填。") from None
    return Form(register, viewer, row, values, shown if isinstance(shown, dict) else {}, revision)


def _save(request: HttpRequest, form: Form, address_of: Callable[[Any], str]) -> HttpResponse:
    register, viewer = form.register, form.viewer
    written = {code: said for code, said in form.values.items() if not _left(request, form, code)}

    def act() -> str:
        draft = checked_draft(register, viewer, written, form.row, form.revision)
        row = saved(register, viewer, draft, source="form", confirmed=request.POST.getlist("confirmed"))
        return address_of(row)

    try:
        address = sent_once(request, act, user_id=viewer.user_id)
    except NotGood as error:
        form.errors, form.there, form.status = error.errors, error.there, error.status
    except NeedsConfirmation as error:
        form.warnings, form.status = error.warnings, error.status
    except StaleRevision as error:
        _meet(form, error)
    except UserError as error:
        form.errors, form.status = {"": error.message}, error.status
    else:
        messages.success(request, "已保存。")
        return redirect(address)
    return _page(request, form)


def _left(request: HttpRequest, form: Form, code: str) -> bool:
    """Whether a field stays as it is: theirs was chosen, or a secret one came back as it was shown."""
    if request.POST.get(f"side-{code}") == "theirs":
        return True
    one = next(one for one in form.register.fields if one.code == code)
    return one.secret and form.row is not None and form.shown.get(code) == mark(one, form.values[code])


def _meet(form: Form, error: StaleRevision) -> None:
    """Put what was saved meanwhile beside what was written; what was not touched here begins with theirs."""
    row = row_of(form.register, form.viewer, form.row.pk) if form.row is not None else None
    if row is None:
        raise error
    fresh = _fresh(form.register, form.viewer, row)
    form.row, form.revision, form.theirs = row, fresh.revision, fresh.values
    form.status = error.status


def _page(request: HttpRequest, form: Form) -> HttpResponse:
    register, viewer = form.register, form.viewer
    listed = reverse("registers:list", args=[viewer.place_code, register.code])
    groups = form.inputs()
    about = {
        "form": form,
        "register": register,
        "viewer": viewer,
        "groups": groups,
        "clashes": [one for some in groups.values() for one in some if one.theirs is not None],
        "whole": form.errors.get("", ""),
        "there": register.address(form.there, viewer) if form.there is not None else "",
        "wrong": [one for some in groups.values() for one in some if one.error],
        "shown": json.dumps(form.shown),
        "list_address": listed,
        "back": register.address(form.row, viewer) if form.row is not None else listed,
        "heading": f"修改 {register.name(form.row)}" if form.row is not None else f"新增{register.title}",
    }
    return render(request, register.form_template, about, status=form.status)
