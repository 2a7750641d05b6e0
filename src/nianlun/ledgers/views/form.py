"""The form of a new entry and of an edit: errors beside their fields, clashes side by side, nothing typed is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.access import HELD, LedgerViewer, access_entry, ledger_at, version_mark
from nianlun.ledgers.actions.entries import RETIRED, change_entry, file_entry
from nianlun.ledgers.actions.follow_ons import link_opened
from nianlun.ledgers.actions.serve import link
from nianlun.ledgers.actions.writing import Refused, ledger_of
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec
from nianlun.ledgers.forms.asked import filing_fields
from nianlun.ledgers.forms.controls import Choice
from nianlun.ledgers.forms.form import KIND_TITLES, EntryForm
from nianlun.ledgers.forms.known import record
from nianlun.ledgers.forms.pickers import called, offered
from nianlun.ledgers.forms.raw import Raw, copied, raw_of
from nianlun.ledgers.forms.sent import head_of, mark, marks, read_form, read_head, written_of
from nianlun.ledgers.models import Entry
from nianlun.ledgers.opened_from import Origin, origin_of
from nianlun.ledgers.registers.columns import head_of as head_fields
from nianlun.ledgers.registers.columns import lines_in_words
from nianlun.ledgers.rules.standing import defaults
from nianlun.ledgers.rules.stored import to_json
from nianlun.ledgers.serving.begin import PLACE, SERVES, Serving, begun_for, serving_of
from nianlun.ledgers.serving.offers import offered_in
from nianlun.places.lines import LINE_TITLES
from nianlun.ui.submissions import sent_once

ORIGIN = ("from", "follow", "part")


@never_cache
def new(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """Add an entry; the address may say what it is like (`like=last`) or what it follows from (`from`, `follow`)."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    if not viewer.may_write:
        raise PermissionDenied
    if viewer.held.retired and request.method != "POST":
        raise UserError(RETIRED)
    fields = filing_fields(viewer.ledger)
    said = request.POST if request.method == "POST" else request.GET
    origin = origin_of(viewer, said)
    if request.method != "POST":
        return page(request, _begun(request, viewer, fields, origin, begun_for(viewer, said)))
    serving = serving_of(viewer, said)
    form = EntryForm(viewer, viewer.ledger, fields, {}, read_head(request.POST), asked_of=_asked_of(origin))
    form.serves, form.place = serving.ids, serving.place
    form.lines = [line for line in request.POST.getlist("lines") if line in LINE_TITLES]
    if refused := read(request, form):
        return refused

    def act() -> str:
        if serving.missing:
            raise UserError("有任务刚刚调整过，请核对“完成的任务”后再保存。")
        written = written_of(fields, form.raw, request.POST, viewer, _secret_of(origin, fields))
        if origin is not None:
            written.update(origin.secrets_kept(form.raw))
        head = head_of(form.head, form.lines)
        if form.place is not None and form.place.kind == "grid" and head.building_id is None:
            head = replace(head, grid_id=form.place.pk)
        entry = file_entry(
            acting_user=viewer.user, community=viewer.community, held=viewer.held, head=head,
            written=written,
        )  # fmt: skip
        if origin is not None:
            link_opened(acting_user=viewer.user, source=origin.entry, target=entry, follow=origin.follow.title,
                        part=origin.part)  # fmt: skip
        if form.serves:
            made = link(
                acting_user=viewer.user, pk=entry.pk, occurrences=form.serves,
                place=form.place.pk if form.place else None,
            )  # fmt: skip
            if done := sum(one.act is not None for one in made):
                messages.success(request, f"完成了 {done} 项任务。")
        if viewer.held != ledger_at(viewer.community, ledger):
            messages.info(request, "您填写时台账发布了新版，这一条按打开时的版本登记。")
        if "next" in request.POST:
            return reverse("registers:new", args=[community, ledger])
        if form.place is not None:
            return reverse("ledgers:places", args=[community, form.serves[0]])
        return reverse("registers:record", args=[community, ledger, entry.pk])

    return save(request, form, act)


@never_cache
def edit(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """Change an entry, in the form of the version that it was written under."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    if not viewer.may_write or entry.withdrawn_at is not None:
        raise PermissionDenied
    own = ledger_of(entry)
    fields = filing_fields(own, {**entry.data, **entry.sealed})
    there = raw_of(fields, entry.data, entry.sealed)
    if request.method != "POST":
        return page(request, EntryForm(viewer, own, fields, there, entry=entry, revision=entry.revision))
    form = EntryForm(viewer, own, fields, {}, entry=entry, revision=revision_of(request))
    if refused := read(request, form):
        return refused

    def act() -> str:
        written = written_of(fields, form.raw, request.POST, viewer, there)
        change_entry(acting_user=viewer.user, pk=entry.pk, revision=form.revision, written=written)
        return reverse("registers:record", args=[community, ledger, entry.pk])

    return save(request, form, act)


def save(request: HttpRequest, form: EntryForm, act: Callable[[], str]) -> HttpResponse:
    """Do it once; whatever stands against it is shown in the form."""
    try:
        address = sent_once(request, act, user_id=form.viewer.user_id)
    except Refused as error:
        form.errors, form.status = error.errors, error.status
    except StaleRevision as error:
        _meet(request, form, error)
    except UserError as error:
        form.errors, form.status = {"": error.message}, error.status
    else:
        messages.success(request, "已保存。")
        answer = redirect(address)
        saved = str(request.POST.get("client_key", ""))[:40]
        answer.set_cookie("saved_form", saved, max_age=3600, secure=request.is_secure(), samesite="Lax")
        return answer
    return page(request, form)


def read(request: HttpRequest, form: EntryForm) -> HttpResponse | None:
    """Put what was sent into the form; a page where it only searched for a record, or a file was refused."""
    try:
        form.raw = read_form(request, form.viewer, form.fields)
    except UserError as error:
        form.raw = _without_files(request, form)
        form.errors, form.status = {"": error.message}, error.status
        return page(request, form)
    if (code := str(request.POST.get("find", ""))) == "":
        return None
    kind = next((spec.kind for spec in form.fields if spec.code == code and spec.kind in RECORDS), "")
    kinds = [kind] if kind else (["place"] if code == "building" else list(form.ledger.about))
    words = str(request.POST.get(f"{code}.words", ""))
    found = offered(form.viewer, kinds, words, with_kind=code == "subject")
    form.found = {code: found or [Choice("", "没有找到，请换个词", chosen=True)]}
    return page(request, form)


def _without_files(request: HttpRequest, form: EntryForm) -> Raw:
    request.FILES.clear()
    return read_form(request, form.viewer, form.fields)


def revision_of(request: HttpRequest) -> int:
    try:
        return int(str(request.POST["revision"]))
    except (KeyError, ValueError):
        raise UserError("表单不完整，没有保存。请重新打开再填。") from None


def _begun(
    request: HttpRequest, viewer: LedgerViewer, fields: list[FieldSpec], origin: Origin | None, serving: Serving
) -> EntryForm:
    """A new form: what declarations say, what the last one said, what it follows from, or the duty that it does."""
    ledger = viewer.ledger
    begun = {code: to_json(value) for code, value in defaults(ledger, today()).items()}
    raw = raw_of(fields, begun, {})
    head = {"occurred_on": today().isoformat(), "subject": "", "building": "", "late_reason": ""}
    if origin is not None:
        raw.update(origin.raw(fields))
        head.update(origin.head(ledger))
    elif request.GET.get("like") == "last":
        mine = Entry.objects.filter(community=viewer.community, ledger=ledger.ledger, recorded_by=viewer.user)
        if last := mine.order_by("-pk").first():
            raw.update(copied(fields, last.data))
    else:
        raw.update(serving.raw(ledger, fields))
        head.update(serving.head(ledger))
    open_codes = {spec.code for spec in fields if spec.kind not in SECRET}
    raw.update({code: said for code, said in request.GET.dict().items() if code in open_codes and said})
    if subject := request.GET.get("subject"):
        head["subject"] = subject
    form = EntryForm(viewer, ledger, fields, raw, head, asked_of=_asked_of(origin))
    form.lines = list(dict.fromkeys([*(ledger.lines or (origin.entry.lines if origin else ())), *serving.lines]))
    form.serves, form.place = serving.ids, serving.place
    return form


def _for_duties(request: HttpRequest, form: EntryForm) -> str:
    """What a form that was opened for duties keeps its draft under, beside its address."""
    opened_for = [*request.GET.getlist(SERVES), *request.GET.getlist(PLACE)] if form.entry is None else []
    return f"&{'&'.join(opened_for)}" if opened_for else ""


def _asked_of(origin: Origin | None) -> dict[str, str]:
    if origin is None:
        return {}
    return dict(zip(ORIGIN, (str(origin.entry.pk), str(origin.place), origin.part), strict=True))


def _secret_of(origin: Origin | None, fields: list[FieldSpec]) -> Raw:
    return origin.raw(fields) if origin is not None else {}


def _meet(request: HttpRequest, form: EntryForm, error: StaleRevision) -> None:
    """Put what was saved meanwhile beside what was written; what was not touched here begins with theirs."""
    if form.entry is None:
        raise error
    fresh = access_entry(form.viewer, form.entry.pk)
    try:
        shown = json.loads(str(request.POST.get("shown", "{}")))
    except ValueError:
        shown = None
    if not isinstance(shown, dict):
        shown = {}  # not what the page sends: then nothing counts as untouched
    form.entry, form.revision, form.status = fresh, fresh.revision, error.status
    form.theirs = raw_of(form.fields, fresh.data, fresh.sealed)
    form.touched = frozenset(code for code, value in form.raw.items() if shown.get(code) != mark(value))


def page(request: HttpRequest, form: EntryForm) -> HttpResponse:
    viewer, ledger = form.viewer, form.ledger
    listed = reverse("registers:list", args=[viewer.place_code, ledger.ledger])
    back = reverse("registers:record", args=[viewer.place_code, ledger.ledger, form.entry.pk]) if form.entry else listed
    heading = f"登记{ledger.title.removesuffix('台账')}"
    if form.entry is not None:
        heading = form.step.title if form.step else f"修改 {form.entry.title}"
    about: dict[str, Any] = {
        "form": form, "viewer": viewer, "ledger": ledger, "heading": heading, "list_address": listed, "back": back,
        "whole": form.errors.get("", ""), "shown": str(request.POST.get("shown") or json.dumps(marks(form.raw))),
        "head": _head(form) if form.entry is None else None,
        "serving": offered_in(form) if form.entry is None else None,
        "draft": request.path + (f"?{form.asked_of['from']}" if form.asked_of else "") + _for_duties(request, form),
        "held": (HELD, version_mark(viewer.held)) if form.entry is None else None,
    }  # fmt: skip
    return render(request, "ledgers/form.html", about, status=form.status)


def _head(form: EntryForm) -> dict[str, Any]:
    """Day, subject and building, in the ledger's words."""
    viewer = form.viewer
    titles = {one.code: one.title for one in head_fields(form.ledger)}
    subject = record(viewer, form.head.get("subject", "")) if form.head.get("subject") else None
    building = record(viewer, f"place:{form.head['building']}") if form.head.get("building") else None
    return {
        "titles": titles,
        "values": form.head,
        "errors": form.errors,
        "subject": called(*subject) if subject else "",
        "building": str(building[1]) if building else "",
        "lines": [Choice(code, title, code in form.lines) for code, title in LINE_TITLES.items()],
        "lines_said": lines_in_words(form.lines),
        "about": "、".join(KIND_TITLES[kind] for kind in form.ledger.about),
        "asks_building": form.ledger.about != ["place"],
        "found": form.found,
        "late": "late_reason" in form.errors or bool(form.head.get("late_reason")),
    }
