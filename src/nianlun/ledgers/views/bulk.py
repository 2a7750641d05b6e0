"""One step on many entries of a list: each by itself, and told row by row."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.actions.steps import make_steps
from nianlun.ledgers.rules.flow import step_of

MOST = 100


@require_POST
def make(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """Make the step on those that were ticked; what was refused says why."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    if not (viewer.may_step or viewer.may_file):
        raise PermissionDenied
    step = step_of(viewer.ledger, str(request.POST.get("step", "")))
    if step is None:
        raise UserError("请选择要办的一步。")
    try:
        ticked = [UUID(str(one)) for one in request.POST.getlist("entry")]
    except ValueError:
        raise UserError("选中的记录不对，请刷新后再选。") from None
    if not ticked:
        raise UserError("请先在列表里勾选记录。")
    if len(ticked) > MOST:
        raise UserError(f"一次最多办 {MOST} 条，请分几次办。")
    seen = set(viewer.entries().filter(pk__in=ticked).values_list("pk", flat=True))
    outcomes = make_steps(
        acting_user=viewer.user, chosen=[pk for pk in ticked if pk in seen], code=step.code,
        note=str(request.POST.get("note", "")),
    )  # fmt: skip
    about = {
        "viewer": viewer, "ledger": viewer.ledger, "step": step, "outcomes": outcomes,
        "done": sum(not one.why for one in outcomes), "missing": len(ticked) - len(seen),
        "list_address": reverse("registers:list", args=[community, ledger]),
    }  # fmt: skip
    return render(request, "ledgers/bulk.html", about)
