"""A press that makes a duty of a row of an entry."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.ledgers.access import LedgerViewer, access_entry
from nianlun.ledgers.actions.duties import open_duty
from nianlun.places.policy import May
from nianlun.ui.submissions import sent_once


@require_POST
def make(request: HttpRequest, community: str, ledger: str, pk: UUID) -> HttpResponse:
    """Lead to the duty that was made."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    entry = access_entry(viewer, pk)
    if not viewer.policy.allows(May.DO, viewer.community):
        raise PermissionDenied
    try:
        place = int(str(request.POST.get("follow", "")))
    except ValueError:
        raise UserError("表单不完整，请刷新后再试。") from None

    def act() -> str:
        part = str(request.POST.get("part", ""))
        duty = open_duty(acting_user=viewer.user, pk=entry.pk, place=place, part=part)
        return reverse("duties:duty", args=[community, duty.pk])

    address = sent_once(request, act, user_id=viewer.user_id)
    messages.success(request, "已变成任务。")
    return redirect(address)
