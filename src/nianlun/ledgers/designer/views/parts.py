"""Parts of a draft in forms: a field, a state, a step, a point, the settings; added, changed, moved, taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.actions.designing import change_draft
from nianlun.ledgers.designer import edits, examples
from nianlun.ledgers.designer.codes import suggested
from nianlun.ledgers.designer.document import PARTS, read_document, written
from nianlun.ledgers.designer.draft import KIND, Draft
from nianlun.ledgers.designer.forms import (
    ChecklistForm,
    FieldForm,
    LedgerForm,
    PartForm,
    PointForm,
    StateForm,
    StepForm,
)
from nianlun.ledgers.designer.owner import owner_of, version_of
from nianlun.ledgers.designer.pages import draft_page
from nianlun.ledgers.designer.views.version import revision_of
from nianlun.places.access import signed_in

TITLES = {"field": "字段", "state": "状态", "step": "步骤", "point": "检查项"}
OF_KIND = {KIND.LEDGER: {"field", "state", "step"}, KIND.OVERLAY: {"field"}, KIND.CHECKLIST: {"point"}}
TEXTS = frozenset({"text", "long_text", "choice", "person", "household", "organisation", "body", "place"})
Edit = Callable[[Mapping[str, Any]], edits.Data]


@never_cache
def add(request: HttpRequest, pk: UUID, part: str, community: str = "", subdistrict: str = "") -> HttpResponse:
    """A new part behind the others."""
    return _edit(request, _draft(request, pk, part, community, subdistrict), part, "")


@never_cache
def change(
    request: HttpRequest, pk: UUID, part: str, which: str, community: str = "", subdistrict: str = ""
) -> HttpResponse:
    draft = _draft(request, pk, part, community, subdistrict)
    if which not in draft.document.parts(part):
        raise Http404
    return _edit(request, draft, part, which)


@never_cache
def settings(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """Of a ledger or a checklist, what is no part of it."""
    draft = _draft(request, pk, "", community, subdistrict)
    data = draft.document.data
    if draft.kind == KIND.OVERLAY:
        raise Http404
    begun = {**data, "revision": draft.version.revision, "start": data.get("flow", {}).get("start", "")}
    form: PartForm
    if draft.kind == KIND.LEDGER:
        titles = {"askable": draft.titles_of(TEXTS), "states": draft.state_titles}
        begun = {"files_by": ["secretary", "worker", "grid_worker"], "late_after": 3, **begun}
        form = LedgerForm(request.POST or None, initial=begun, **titles)
    else:
        form = ChecklistForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key not in {"revision", "start"}}

        def edit(now: Mapping[str, Any]) -> edits.Data:
            made = edits.with_settings(now, said)
            if start := form.cleaned_data.get("start"):
                made["flow"]["start"] = start
            return made

        if done := _save(request, draft, form, edit):
            return done
    return _page(request, draft, form, "设置", "")


@require_POST
def move(
    request: HttpRequest, pk: UUID, part: str, which: str, community: str = "", subdistrict: str = ""
) -> HttpResponse:
    draft = _draft(request, pk, part, community, subdistrict)
    by = -1 if request.POST.get("by") == "-1" else 1
    return _at_once(request, draft, lambda now: edits.moved(now, part, which, by), part)


@require_POST
def drop(
    request: HttpRequest, pk: UUID, part: str, which: str, community: str = "", subdistrict: str = ""
) -> HttpResponse:
    """Take a part out; one that entries may hold is retired, and can be revived."""
    draft = _draft(request, pk, part, community, subdistrict)
    published = draft.published.get(part, frozenset())
    if request.POST.get("revive"):
        return _at_once(request, draft, lambda now: edits.revived(now, part, which), part)
    return _at_once(request, draft, lambda now: edits.dropped(now, part, which, published), part)


@require_POST
def remake(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """Examples anew from the fields as they are now."""
    draft = _draft(request, pk, "", community, subdistrict)
    if draft.kind != KIND.LEDGER:
        raise Http404
    return _at_once(request, draft, examples.remade, "")


def _draft(request: HttpRequest, pk: UUID, part: str, community: str, subdistrict: str) -> Draft:
    """Raises Http404 for a part that the kind has not, UserError for what forms cannot change."""
    owner = owner_of(request, community, subdistrict)
    draft = Draft(owner, version_of(owner, pk))
    if part and (part not in PARTS or part not in OF_KIND[KIND(draft.kind)]):
        raise Http404
    if not draft.is_draft:
        raise UserError("这一版已经发布，不能再改。请从它开始新的一版。")
    if not draft.formable:
        raise UserError("文本里有格式错误，请先到“文本”里改正。")
    return draft


def _edit(request: HttpRequest, draft: Draft, part: str, which: str) -> HttpResponse:
    before = draft.document.parts(part).get(which, {})
    form = _form_of(request, draft, part, which, before)
    if request.method == "POST" and form.is_valid():

        def edit(now: Mapping[str, Any]) -> edits.Data:
            there = read_document(written(now)).parts(part)
            made = form.part(there.get(which, {}))
            code = which or str(made.get("code") or "") or suggested(form.cleaned_data["title"], set(there), "")
            data = edits.put(now, part, code, made)
            if part == "field":
                listed = form.cleaned_data["in_list"], form.cleaned_data["in_filters"]
                for key, there_is in zip(("columns", "filters"), listed, strict=True):
                    data = edits.listed(data, key, code, there=there_is)
            return data

        if done := _save(request, draft, form, edit, "next" if "next" in request.POST else "", part):
            return done
    heading = f"改{TITLES[part]}：{before.get('title') or which}" if which else f"加{TITLES[part]}"
    return _page(request, draft, form, heading, part, which)


def _form_of(request: HttpRequest, draft: Draft, part: str, which: str, before: Mapping[str, Any]) -> PartForm:
    sent = request.POST if request.method == "POST" else None
    begun: dict[str, Any] = {**before, "revision": draft.version.revision}
    match part:
        case "field":
            data, choices = draft.document.data, before.get("choices") or {}
            retired = before.get("retired_choices") or []
            begun["choices"] = "\n".join(f"{code}: {title}" for code, title in choices.items() if code not in retired)
            begun["_choices"] = choices
            begun["in_list"] = which in data.get("columns", []) if which else False
            begun["in_filters"] = which in data.get("filters", []) if which else False
            return FieldForm(
                sent, initial=begun, fixed=which, taken=draft.taken("field"), prefix=draft.prefix,
                checklists={code: one.title for code, one in draft.owner.checklists.items()},
                published=draft.published_part("field", which),
            )  # fmt: skip
        case "state":
            limit = before.get("limit") or {}
            begun |= {key: limit.get(key) for key in ("days", "working", "since", "then")}
            return StateForm(sent, initial=begun, dates=draft.titles_of(frozenset({"date"})))
        case "step":
            return StepForm(sent, initial=begun, states=draft.state_titles, askable=_askable(draft))
    return PointForm(sent, initial=begun)


def _askable(draft: Draft) -> dict[str, str]:
    return {
        code: str(one.get("title") or code)
        for code, one in draft.document.parts("field").items()
        if one.get("kind") != "computed" and not one.get("retired")
    }


def _save(
    request: HttpRequest, draft: Draft, form: PartForm, edit: Edit, then: str = "", part: str = ""
) -> HttpResponse | None:
    """Change the draft; None where somebody else did meanwhile: the form is shown again over what they saved."""
    try:
        _change(request, draft, edit, form.cleaned_data["revision"])
    except StaleRevision as error:
        form.add_error(None, "您填写时，别人改过这份草稿。您填的还在，请核对后再保存一次。")
        form.status = error.status
        draft.version.refresh_from_db()
        return None
    except UserError as error:
        form.add_error(None, error.message)
        return None
    messages.success(request, "已保存到草稿。")
    if then:
        return redirect(draft.owner.address("add", draft.version.pk, part))
    return redirect(draft.owner.address("version", draft.version.pk) + (f"#{part}s" if part else ""))


def _change(request: HttpRequest, draft: Draft, edit: Edit, revision: int) -> None:
    words = written(edit(draft.document.data))
    change_draft(acting_user=signed_in(request), owner=draft.owner, pk=draft.version.pk, revision=revision, words=words)


def _at_once(request: HttpRequest, draft: Draft, edit: Edit, part: str) -> HttpResponse:
    """A press without a form; a stale one is refused with both sides."""
    _change(request, draft, edit, revision_of(request))
    return redirect(draft.owner.address("version", draft.version.pk) + (f"#{part}s" if part else ""))


def _page(request: HttpRequest, draft: Draft, form: PartForm, heading: str, part: str, which: str = "") -> HttpResponse:
    """After a clash with what somebody else has saved beside it, and their revision to save over."""
    clash = form.status == StaleRevision.status
    theirs = read_document(draft.version.words).parts(part).get(which) if clash and which else None
    about = {
        "form": form, "heading": heading, "part": part,
        "seen": form.data.get("revision", "") if form.is_bound and not clash else draft.version.revision,
        "theirs": written(theirs) if theirs else "",
        "plain": [one for one in form if not one.is_hidden and one.name not in form.MORE],
        "more": [one for one in form if one.name in form.MORE],
        "more_open": any(form[name].errors for name in form.MORE if name in form.fields),
    }  # fmt: skip
    status = form.status if form.status != 200 else (422 if form.errors else 200)
    return draft_page(request, "part", draft, about, status=status)
