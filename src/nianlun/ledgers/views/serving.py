"""Linking an entry to the duties that it was done for, from either side, and taking a link back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.duties import standing
from nianlun.duties.access import access_occurrence
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.duties.viewing import next_address
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.serve import link, link_all, may_link, unlink
from nianlun.ledgers.models import DutyEntry, Entry
from nianlun.ledgers.serving.begin import serving_of
from nianlun.ledgers.serving.candidates import candidates
from nianlun.ledgers.serving.forms_of import ledgers_of_duties
from nianlun.ledgers.serving.parts import viewer_of
from nianlun.ledgers.serving.seen import Seen, scope_over, seen_of
from nianlun.places.policy import May

BEFORE = timedelta(days=7)  # work is sometimes done some days ahead of its window
MOST = 50


def serve(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """For which duties an entry was done: tick them, and they are done on its day."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = _linkable(viewer, pk)
    back = reverse("registers:record", args=[community, ledger, pk])
    if request.method == "POST":
        chosen = serving_of(viewer, request.POST)
        if chosen.missing or not chosen.ids:
            raise UserError("有任务已经调整，请刷新后再选。" if chosen.missing else "请先勾选任务。")
        made = link(acting_user=viewer.user, pk=entry.pk, occurrences=chosen.ids)
        messages.success(request, f"已关联 {len(made)} 项任务。")
        return redirect(back)
    served = DutyEntry.objects.filter(entry=entry).values_list("occurrence_id", flat=True)
    offers = candidates(viewer, entry.ledger, entry.lines, but=served)
    about = {
        "viewer": viewer, "entry": entry, "ledger": viewer.ledger, "back": back,
        "bound": [one for one in offers if one.bound], "others": [one for one in offers if not one.bound],
    }  # fmt: skip
    return render(request, "ledgers/serving/link.html", about)


@require_POST
def unserve(request: HttpRequest, community: str, ledger: str, pk: UUID, link: UUID) -> HttpResponse:
    """The entry was not done for that duty; what it alone completed is open again."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = _linkable(viewer, pk)
    if not DutyEntry.objects.filter(pk=link, entry=entry).exists():
        raise Http404
    unlink(acting_user=viewer.user, pk=link)
    messages.success(request, "已取消关联。要恢复，请再关联一次。")
    return redirect(next_address(request, reverse("registers:record", args=[community, ledger, pk])))


def gather(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """From a time of a duty: entries that were filed already, to be linked to it."""
    one = access_occurrence(request, community, pk, May.DO)
    if one.status == OccurrenceStatus.VOID:
        raise UserError("这一次已取消，不能关联记录。")
    back = reverse("duties:occurrence", args=[community, pk])
    there = _fitting(request, one)
    if request.method == "POST":
        chosen = [seen.entry.pk for seen in there if str(seen.entry.pk) in request.POST.getlist("entry")]
        if not chosen:
            raise UserError("请先勾选记录。")
        link_all(acting_user=viewer_of(request, one).user, entries=chosen, occurrence=one.pk)
        messages.success(request, f"已关联 {len(chosen)} 条记录。")
        return redirect(back)
    about = {
        "community": one.community, "duty": one.duty, "due": standing.due_said(one, today()), "lines": there,
        "back": back,
    }  # fmt: skip
    return render(request, "ledgers/serving/gather.html", about)


def _linkable(viewer: LedgerViewer, pk: UUID) -> Entry:
    entry = access_entry(viewer, pk)
    if not may_link(viewer.policy, entry):
        raise PermissionDenied
    return entry


def _fitting(request: HttpRequest, one: Occurrence) -> list[Seen]:
    """Entries of its time that the user may link: of ledgers that it is bound to, or that count for its line."""
    viewer = viewer_of(request, one)
    held = catalogue.readable_at(one.community)
    bound = ledgers_of_duties([one.duty], held)[one.duty_id]
    rows = Entry.objects.filter(
        Q(ledger__in=bound) | Q(lines__contains=[one.line]), scope_over(viewer, held), community=one.community,
        occurred_on__gte=one.window_start - BEFORE, withdrawn_at=None,
    )  # fmt: skip
    if not viewer.policy.allows(May.HAND_OUT, one.community):
        rows = rows.filter(Q(recorded_by=viewer.user) | Q(doers__contains=[viewer.user_id]))
    rows = rows.exclude(duties__occurrence=one)
    ids = list(rows.values_list("pk", flat=True)[:MOST])
    return sorted(seen_of(viewer, ids).values(), key=lambda seen: (seen.entry.occurred_on, seen.entry.pk), reverse=True)
