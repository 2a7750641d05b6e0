"""A step of an entry's flow as a page: what it needs, a remark, and the press that makes it; withdrawing likewise."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.entries import restore_entry, withdraw_entry
from nianlun.ledgers.actions.steps import make_step
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.forms.asked import step_fields
from nianlun.ledgers.forms.form import EntryForm
from nianlun.ledgers.forms.raw import raw_of
from nianlun.ledgers.forms.sent import written_of
from nianlun.ledgers.handed_up import others_may
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import actor_of, may_withdraw
from nianlun.ledgers.rules.flow import may_make, step_of
from nianlun.ledgers.views.form import page, read, revision_of, save


@never_cache
def show(request: HttpRequest, community: str, ledger: str, pk: UUID, step: str) -> HttpResponse:
    """The form of one step, and making it."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    own = ledger_of(entry)
    declared = step_of(own, step)
    if declared is None:
        raise Http404
    actor = actor_of(viewer.policy, entry)
    if not may_make(declared, entry.doers, actor, lambda one: others_may(one, entry, sensitive=own.sensitive)):
        raise PermissionDenied
    address = reverse("registers:record", args=[community, ledger, pk])
    fields = step_fields(own, declared)
    there = raw_of(fields, entry.data, entry.sealed)
    if request.method != "POST":
        if entry.status not in declared.source:
            messages.warning(request, "这条记录的状态已经变了，请看现在能办什么。")
            return redirect(address)
        return page(request, EntryForm(viewer, own, fields, there, entry=entry, step=declared, revision=entry.revision))
    form = EntryForm(
        viewer, own, fields, {}, entry=entry, step=declared, revision=revision_of(request),
        note=str(request.POST.get("note", "")),
    )  # fmt: skip
    if refused := read(request, form):
        return refused

    def act() -> str:
        make_step(
            acting_user=viewer.user, pk=pk, revision=form.revision, code=step, note=form.note,
            written=written_of(fields, form.raw, request.POST, viewer, there),
        )  # fmt: skip
        return address

    return save(request, form, act)


@require_POST
def withdraw(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """Take an entry back, with the reason; it stays, marked."""
    viewer, entry = _own(request, community, ledger, pk)
    reason = str(request.POST.get("reason", ""))
    withdraw_entry(acting_user=viewer.user, pk=entry.pk, revision=revision_of(request), reason=reason)
    messages.success(request, "已撤回。记录还在，随时可以恢复。")
    return redirect(reverse("registers:record", args=[community, ledger, pk]))


@require_POST
def restore(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """Undo of a withdrawal."""
    viewer, entry = _own(request, community, ledger, pk)
    restore_entry(acting_user=viewer.user, pk=entry.pk, revision=None)
    messages.success(request, "已恢复。")
    return redirect(reverse("registers:record", args=[community, ledger, pk]))


def _own(request: HttpRequest, community: str, ledger: str, pk: UUID) -> tuple[LedgerViewer, Entry]:
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    if not may_withdraw(viewer.policy, entry):
        raise PermissionDenied
    return viewer, entry
