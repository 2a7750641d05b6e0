"""What a form asks for while it is being filled: records to pick, points of a checklist, and how it stands."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.model import RECORDS
from nianlun.ledgers.forms import known
from nianlun.ledgers.forms.form import EntryForm
from nianlun.ledgers.forms.pickers import offered
from nianlun.ledgers.forms.raw import read_posted
from nianlun.ledgers.forms.sent import chosen_records, day_of
from nianlun.ledgers.registers.columns import in_words
from nianlun.ledgers.rules.flow import step_of

SUBJECT = "subject"


@require_POST
def pick(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """Records for a picker. Asked by POST, so that nobody's name stands in an address."""
    return picked(request, _writer(request, community, ledger))


def picked(request: HttpRequest, viewer: LedgerViewer) -> JsonResponse:
    """What the picker of a form finds for its viewer."""
    kind, words = str(request.POST.get("kind", "")), str(request.POST.get("q", ""))
    if kind != SUBJECT and kind not in RECORDS:
        raise Http404
    kinds = list(viewer.ledger.about) if kind == SUBJECT else [kind]
    found = offered(viewer, kinds, words, with_kind=kind == SUBJECT)
    return JsonResponse({"found": [{"value": one.value, "title": one.title, "note": one.note} for one in found]})


@require_POST
def stand(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """What is shown, required, computed and known of a form as it is now; nothing is kept."""
    return stood(request, _form(request, _writer(request, community, ledger)))


def stood(request: HttpRequest, form: EntryForm) -> JsonResponse:
    """How a form stands with what was written so far."""
    by_code = {spec.code: spec for spec in form.fields}
    now = form.standing
    chosen = chosen_records(form.fields, request.POST)
    found = known.of_form(form.viewer, form.fields, chosen) if form.entry is None else {}
    day = day_of(request.POST)
    return JsonResponse(
        {
            "shown": [code for code in by_code if code in now.shown],
            "required": [code for code in by_code if code in now.required],
            "computed": {
                code: in_words(spec, now.values.get(code), {})
                for code, spec in by_code.items()
                if spec.kind == "computed"
            },
            "known": {code: {"said": one.said, "since": one.since} for code, one in found.items()},
            "late": day is not None and (today() - day).days > form.ledger.late_after,
        }
    )


@require_POST
def points(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """The points of the checklist that was chosen, as a part of the form."""
    return listed_points(request, _form(request, _writer(request, community, ledger)))


def listed_points(request: HttpRequest, form: EntryForm) -> HttpResponse:
    """The points of one of a form's checklists; raises Http404 where it has no such field."""
    code = str(request.POST.get("field", ""))
    one = next((one for some in form.groups.values() for one in some if one.spec.code == code), None)
    if one is None or one.spec.kind != "checklist":
        raise Http404
    return render(request, "ledgers/controls/points.html", {"one": one})


def _writer(request: HttpRequest, community: str, ledger: str) -> LedgerViewer:
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    if not (viewer.may_file or viewer.may_step):
        raise PermissionDenied
    return viewer


def _form(request: HttpRequest, viewer: LedgerViewer) -> EntryForm:
    """The form as it was sent; of an entry and of a step where it says so."""
    entry, ledger = None, viewer.ledger
    if given := str(request.POST.get("entry_id", "")):
        try:
            entry = access_entry(viewer, UUID(given))
        except ValueError:
            raise Http404 from None
        ledger = ledger_of(entry)
    step = step_of(ledger, str(request.POST.get("step_code", "")))
    fields = [spec for spec in ledger.fields if not spec.retired]
    raw = read_posted(fields, request.POST)
    if entry is not None:  # a step's form shows a part: what it does not show stays as it is
        raw = {code: said for code, said in raw.items() if any(key.split(".")[0] == code for key in request.POST)}
    return EntryForm(viewer, ledger, fields, raw, entry=entry, step=step)
