"""The auditor's pages: who had what of whom revealed and why, every act, and whether the log is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.access import signed_in
from nianlun.places.access_audit import REVEALED, Act, access_log, act_titles, acts, chain, told
from nianlun.places.actions.audit_export import MOST, log_sheet, note_export
from nianlun.places.forms_audit import LogForm
from nianlun.places.models import Subdistrict
from nianlun.ui.registers.keyset import page

SIZE = 50
FILTERS = ("person", "action", "community", "since", "until")
BATCH = 1000  # rows put into words at a time


@never_cache
def log(request: HttpRequest) -> HttpResponse:
    """The log by tab: what was revealed (the first), or everything."""
    of = access_log(request)
    everything = request.GET.get("view") == "all"
    form = LogForm(_given(request.GET, everything), of=of, acts=act_titles(request))
    about = {"form": form, "everything": everything, "chain": chain(), "filtered": any(map(request.GET.get, FILTERS))}
    if not form.is_valid():
        return render(request, "places/audit.html", about, status=422)
    here = page(acts(of, form.asked()), ("pk",), descending=True, cursor=request.GET.get("cursor", ""), size=SIZE)
    return render(request, "places/audit.html", {**about, "page": here, "acts": told(here.rows, of, request)})


@require_POST
@never_cache
def export(request: HttpRequest) -> HttpResponse:
    """The rows that the page's filters ask for, as .xlsx."""
    of = access_log(request)
    everything = request.POST.get("view") == "all"
    form = LogForm(_given(request.POST, everything), of=of, acts=act_titles(request))
    if not form.is_valid():
        raise UserError("导出条件有误，请回到审计日志重新选择。")
    rows = list(acts(of, form.asked()).order_by("-pk")[: MOST + 1])
    user = signed_in(request)
    given = form.data
    note_export(acting_user=user, of=of, filters={key: given.get(key, "") for key in FILTERS}, count=len(rows))
    answer = HttpResponse(
        log_sheet(_in_words(rows, of, request), user.name),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    answer["Content-Disposition"] = f'attachment; filename="audit-{today():%Y%m%d}.xlsx"'
    return answer


def _in_words(rows: Sequence[AuditRow], of: Sequence[Subdistrict], request: HttpRequest) -> Iterator[Act]:
    for begin in range(0, len(rows), BATCH):
        yield from told(rows[begin : begin + BATCH], of, request)


def _given(query: QueryDict, everything: bool) -> dict[str, str]:
    """The filters as they were given; the first tab is about revealing alone."""
    given = {key: query.get(key, "") for key in FILTERS}
    return given if everything else {**given, "action": REVEALED}
