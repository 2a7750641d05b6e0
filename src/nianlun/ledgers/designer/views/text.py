"""A draft as text, checked while one writes; and as the form that it would give."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.designing import change_draft
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.check_examples import DAY, plain
from nianlun.ledgers.declarations.model import RECORDS, SECRET, Ledger
from nianlun.ledgers.designer.checking import check_draft
from nianlun.ledgers.designer.document import written
from nianlun.ledgers.designer.draft import KIND, Draft, Wrong
from nianlun.ledgers.designer.examples import SAMPLES
from nianlun.ledgers.designer.owner import owner_of, version_of
from nianlun.ledgers.designer.pages import draft_page
from nianlun.ledgers.designer.views.version import revision_of
from nianlun.ledgers.forms.asked import filing_fields
from nianlun.ledgers.forms.form import EntryForm
from nianlun.ledgers.forms.raw import Raw, raw_of, read_posted
from nianlun.ledgers.forms.sent import read_head
from nianlun.ledgers.registers.columns import head_of
from nianlun.ledgers.rules.standing import defaults
from nianlun.ledgers.rules.stored import to_json
from nianlun.ledgers.rules.values import check_values
from nianlun.ledgers.views.helpers import listed_points, picked, stood
from nianlun.places.access import policy_of, signed_in

FILES = frozenset({"photos", "files", "signature"})


@never_cache
def edit(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """The words as they are; a draft's can be changed, faulty or not."""
    owner = owner_of(request, community, subdistrict)
    draft = Draft(owner, version_of(owner, pk))
    about: dict[str, Any] = {"words": draft.version.words, "theirs": None}
    status = 200
    if request.method == "POST":
        about["words"] = words = str(request.POST.get("words", "")).replace("\r\n", "\n")
        try:
            change_draft(acting_user=signed_in(request), owner=owner, pk=pk, revision=revision_of(request), words=words)
        except StaleRevision as error:
            draft.version.refresh_from_db()
            about["theirs"], status = str(error.theirs), error.status
        except UserError as error:
            about["refused"], status = error.message, error.status
        else:
            messages.success(request, "已保存到草稿。")
            return redirect(owner.address("text", pk))
    if draft.is_draft:
        about["wrong"] = [Wrong(found) for found in check_draft(owner, draft.version, about["words"]).found]
    return draft_page(request, "text", draft, about, status=status)


@require_POST
def check(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """What is wrong with words that are not saved yet."""
    owner = owner_of(request, community, subdistrict)
    version = version_of(owner, pk)
    checked = check_draft(owner, version, str(request.POST.get("words", "")).replace("\r\n", "\n"))
    about = {"wrong": [Wrong(found) for found in checked.found]}
    return render(request, "ledgers/designer/parts/faults.html", about)


@never_cache
def preview(request: HttpRequest, pk: UUID, community: str = "", subdistrict: str = "") -> HttpResponse:
    """The form as it would be; what is written into it can be kept as an example of a ledger's own."""
    owner = owner_of(request, community, subdistrict)
    draft = Draft(owner, version_of(owner, pk))
    if draft.kind == KIND.CHECKLIST:
        return _checklist(request, draft)
    ledger = draft.whole
    if ledger is None or not owner.communities:
        return draft_page(request, "preview", draft, {"wrong": draft.wrong})
    form = _form(request, draft, ledger)
    if "example" in request.POST and draft.is_draft and draft.kind == KIND.LEDGER:
        if said := _keep(request, draft, ledger, form.raw):
            messages.success(request, said)
            return redirect(owner.address("version", pk))
        form.errors = check_values(ledger, _example(ledger, form.raw), today=DAY).errors
    about: dict[str, Any] = {
        "form": form, "ledger": ledger, "viewer": form.viewer, "base_code": next(iter(owner.ledgers)),
        "head": {"titles": {one.code: one.title for one in head_of(ledger)}, "values": form.head, "errors": {}},
    }  # fmt: skip
    return draft_page(request, "preview", draft, about, status=422 if form.errors else 200)


@require_POST
def ask(request: HttpRequest, pk: UUID, asked: str, community: str = "", subdistrict: str = "") -> HttpResponse:
    """What the previewed form asks while it is being filled."""
    owner = owner_of(request, community, subdistrict)
    draft = Draft(owner, version_of(owner, pk))
    ledger = draft.whole
    if ledger is None or not owner.communities:
        raise Http404
    form = _form(request, draft, ledger)
    match asked:
        case "stand":
            return stood(request, form)
        case "pick":
            return picked(request, form.viewer)
        case "points":
            return listed_points(request, form)
    raise Http404


def _form(request: HttpRequest, draft: Draft, ledger: Ledger) -> EntryForm:
    """As it would stand in the first of the owner's communities."""
    held = Held(draft.version.pk, ledger)
    viewer = LedgerViewer(signed_in(request), draft.owner.communities[0], policy_of(request), held)
    fields = filing_fields(ledger)
    if request.method == "POST":
        return EntryForm(viewer, ledger, fields, read_posted(fields, request.POST), read_head(request.POST))
    begun = {code: to_json(value) for code, value in defaults(ledger, today()).items()}
    head = {"occurred_on": today().isoformat(), "subject": "", "building": "", "late_reason": ""}
    return EntryForm(viewer, ledger, fields, raw_of(fields, begun, {}), head)


def _keep(request: HttpRequest, draft: Draft, ledger: Ledger, raw: Raw) -> str:
    """Keep what was written as an example that is taken, or refused; empty where it is no such example."""
    example = _example(ledger, raw)
    errors = check_values(ledger, plain(example), today=DAY).errors
    data = dict(draft.document.data)
    if request.POST.get("example") == "bad":
        if not errors:
            raise UserError("这样填会被接收，不能作反例。请少填一项必填的，或填一个不该收的。")
        data["bad_examples"] = [*data.get("bad_examples", []), {"values": example, "refused": next(iter(errors))}]
        said = "已存为反例：这样填会被拒绝。"
    else:
        if errors:
            return ""
        data["examples"] = [*data.get("examples", []), example]
        said = "已存为示例。"
    change_draft(
        acting_user=signed_in(request), owner=draft.owner, pk=draft.version.pk, revision=revision_of(request),
        words=written(data),
    )  # fmt: skip
    return said


def _example(ledger: Ledger, raw: Raw) -> dict[str, Any]:
    """What was written, without what is empty; records and files stand as some record, and a number as nobody's."""
    kinds = {field.code: field.kind for field in ledger.fields}
    found: dict[str, Any] = {}
    for code, value in raw.items():
        if value in ("", [], {}):
            continue
        if kinds[code] in RECORDS or kinds[code] in FILES:
            value = ["~id"] if isinstance(value, list) else "~id"
        found[code] = value
    wrong = check_values(ledger, plain(found), today=DAY).errors
    nobodys = {code: "0" if code in wrong else SAMPLES[kinds[code]] for code in found if kinds[code] in SECRET}
    return {**found, **nobodys}


def _checklist(request: HttpRequest, draft: Draft) -> HttpResponse:
    return draft_page(request, "preview_points", draft, {"points": _by_group(draft)})


def _by_group(draft: Draft) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for point in draft.points if draft.formable else []:
        found.setdefault(str(point.data.get("group") or ""), []).append(point)
    return found
