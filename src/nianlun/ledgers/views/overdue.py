"""What the communities of a subdistrict made known to it: overdue, grave, or left without anybody who may verify it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import scope_of
from nianlun.ledgers.rules.flow import escalates
from nianlun.ledgers.rules.stored import values_of
from nianlun.places.access import policy_of
from nianlun.places.policy import May
from nianlun.ui.registers.keyset import CursorLost
from nianlun.ui.registers.keyset import page as keyset_page

PER_PAGE = 50


def show(request: HttpRequest) -> HttpResponse:
    """The longest known first; entries, their communities and days, and nobody's name beside."""
    policy = policy_of(request)
    over = policy.subdistricts(May.CHARGE)
    if not over:
        raise PermissionDenied
    known = Entry.objects.filter(subdistrict__in=over, closed_on=None, withdrawn_at=None).exclude(escalated_on=None)
    ledgers = {pk: catalogue.ledger_of(pk) for pk in set(known.order_by().values_list("ledger_version_id", flat=True))}
    mine = Q(pk__in=[])
    for pk, ledger in ledgers.items():
        mine |= Q(ledger_version=pk) & scope_of(policy, ledger)
    try:
        cursor = request.GET.get("cursor", "")
        shown = keyset_page(
            known.filter(mine).select_related("community"), ("escalated_on", "pk"), cursor=cursor, size=PER_PAGE
        )
    except CursorLost:
        return redirect(request.path)
    lines = [_line(entry, ledgers[entry.ledger_version_id]) for entry in shown.rows]
    return render(request, "ledgers/overdue.html", {"lines": lines, "before": shown.before, "after": shown.after})


def _line(entry: Entry, ledger: Ledger) -> dict[str, Any]:
    """An entry with why it is known here: how many days overdue, that it is grave, or neither: nobody may verify it."""
    values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
    return {
        "entry": entry,
        "ledger": ledger,
        "state": ledger.flow.states[entry.status],
        "days": max(0, (today() - entry.due_on).days) if entry.due_on else 0,
        "grave": escalates(ledger, values, today()),
    }
