"""The designer's first page: what the owner has made, what its subdistrict has made for it, and what can be begun."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.designing import begin_draft
from nianlun.ledgers.designer import starting
from nianlun.ledgers.designer.codes import is_reserved, suggested
from nianlun.ledgers.designer.forms import BeginForm
from nianlun.ledgers.designer.owner import Owner, owner_of
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.access import signed_in

KIND = LedgerVersion.Kind


def show(request: HttpRequest, community: str = "", subdistrict: str = "") -> HttpResponse:
    owner = owner_of(request, community, subdistrict)
    return _page(request, owner, _form(owner, KIND.LEDGER), _form(owner, KIND.CHECKLIST))


@require_POST
def begin(request: HttpRequest, community: str = "", subdistrict: str = "") -> HttpResponse:
    """A first draft of a ledger or a checklist, blank or copied, or of fields for a ledger that is there."""
    owner = owner_of(request, community, subdistrict)
    kind = str(request.POST.get("kind", ""))
    if kind == KIND.OVERLAY:
        return _begin_overlay(request, owner, str(request.POST.get("ledger", "")))
    if kind not in {KIND.LEDGER, KIND.CHECKLIST}:
        raise UserError("请先选要新建什么。")
    form = _form(owner, kind, request.POST)
    if form.is_valid():
        title, copied = form.cleaned_data["title"], form.cleaned_data["copied"]
        code = form.cleaned_data["code"] or _code(owner, kind, title)
        try:
            draft = begin_draft(
                acting_user=signed_in(request), owner=owner, kind=kind, code=code, title=title,
                words=_words(owner, kind, code, title, copied),
            )  # fmt: skip
        except UserError as error:
            form.add_error("code" if error.code == "code" else None, error.message)
        else:
            messages.success(request, "草稿已建好，改好以后发布就能用。")
            return redirect(owner.address("version", draft.pk))
    ledger, checklist = (form if kind == one else _form(owner, one) for one in (KIND.LEDGER, KIND.CHECKLIST))
    return _page(request, owner, ledger, checklist, status=422)


def _begin_overlay(request: HttpRequest, owner: Owner, code: str) -> HttpResponse:
    """The draft that is there already, else a new one: of what is published the next version."""
    own = owner.versions().filter(kind=KIND.OVERLAY, code=code).order_by("-version").first()
    if own is not None:
        return redirect(owner.address("version", own.pk))
    held = owner.ledgers.get(code)
    if held is None or not _is_others(owner, code) or held.retired:
        raise UserError("请先选要加字段的台账。")
    title = f"{held.ledger.title}补充字段"
    words = starting.overlay(held.ledger)
    draft = begin_draft(
        acting_user=signed_in(request), owner=owner, kind=KIND.OVERLAY, code=code, title=title, words=words
    )
    messages.success(request, "草稿已建好。先把第一个字段改成您要的，再接着加。")
    return redirect(owner.address("version", draft.pk))


def _is_others(owner: Owner, code: str) -> bool:
    return not owner.versions().filter(kind=KIND.LEDGER, code=code).exists()


def _code(owner: Owner, kind: str, title: str) -> str:
    """Taken by nothing that is known here; publishing asks again."""
    known = Q(subdistrict=None) | Q(subdistrict=owner.subdistrict)
    taken = set(LedgerVersion.objects.filter(known, kind=kind).values_list("code", flat=True))
    code = suggested(title, taken)
    return suggested(title, {*taken, code}) if is_reserved(code) else code


def _words(owner: Owner, kind: str, code: str, title: str, copied: str) -> str:
    if kind == KIND.LEDGER:
        if held := owner.ledgers.get(copied):
            words = LedgerVersion.objects.values_list("words", flat=True).get(pk=held.version_id)
            return starting.copied(words, catalogue.ledger_of(held.version_id), code, title)
        return starting.blank_ledger(code, title)
    if checklist := owner.checklists.get(copied):
        found = catalogue.of_place(owner.subdistrict.pk, owner.community_id).filter(kind=kind, code=copied)
        published = found.exclude(standing=Standing.DRAFT).order_by(*catalogue.NEAREST_LAST).last()
        return starting.copied(published.words if published else "", checklist, code, title)
    return starting.blank_checklist(code, title, "safety")


def _form(owner: Owner, kind: str, data: Any = None) -> BeginForm:
    if kind == KIND.LEDGER:
        others = [(code, f"照“{held.ledger.title}”") for code, held in owner.ledgers.items() if not held.retired]
    else:
        others = [(code, f"照“{one.title}”") for code, one in owner.checklists.items()]
    return BeginForm(data, others=others, prefix=None, auto_id=f"{kind}-%s")


def _page(
    request: HttpRequest, owner: Owner, ledger: BeginForm, checklist: BeginForm, status: int = 200
) -> HttpResponse:
    own = list(owner.versions().order_by("kind", "code", "-version").select_related("made_by"))
    of_office = list(owner.above().order_by("kind", "code", "-version"))
    open_ones = [
        (code, held.ledger.title)
        for code, held in owner.ledgers.items()
        if not held.retired and not any(one.kind == KIND.LEDGER and one.code == code for one in own)
    ]
    about = {
        "owner": owner, "groups": _grouped(owner, own), "above": _newest(of_office), "addable": open_ones,
        "ledger_form": ledger, "checklist_form": checklist, "begin": owner.address("begin"),
    }  # fmt: skip
    return render(request, "ledgers/designer/home.html", about, status=status)


def _grouped(owner: Owner, own: list[LedgerVersion]) -> dict[str, list[dict[str, Any]]]:
    """By kind, each ledger, checklist or overlay once: its newest version, and those before."""
    found: dict[str, list[dict[str, Any]]] = {}
    seen: dict[tuple[str, str], list[LedgerVersion]] = {}
    for one in own:
        seen.setdefault((one.kind, one.code), []).append(one)
    for (kind, _), versions in seen.items():
        published = next((one for one in versions if one.standing != Standing.DRAFT), None)
        draft = next((one for one in versions if one.standing == Standing.DRAFT), None)
        found.setdefault(KIND(kind).label, []).append({
            "title": (published or versions[0]).title, "code": versions[0].code, "published": published, "draft": draft,
            "address": owner.address("version", (draft or versions[0]).pk), "count": len(versions),
        })  # fmt: skip
    return found


def _newest(versions: list[LedgerVersion]) -> list[LedgerVersion]:
    """One of each kind and code; they come with the newest first."""
    return list({(one.kind, one.code): one for one in reversed(versions)}.values())
