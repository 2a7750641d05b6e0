"""Where a ledger comes from: the items of adopted plans that are bound to it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from nianlun.duties.models import Duty
from nianlun.kernel.clock import today
from nianlun.ledgers.access import LedgerViewer
from nianlun.ledgers.models import ItemLedger
from nianlun.plans.models import ItemText, Plan, VersionStatus
from nianlun.ui.registers.keyset import CursorLost
from nianlun.ui.registers.keyset import page as keyset_page

PER_PAGE = 50


def show(request: HttpRequest, community: str, ledger: str) -> HttpResponse:
    """The sentences of one year's plans, each with the way to the plan and to its duty; this year's at first."""
    viewer = LedgerViewer.of_ledger(request, community, ledger)
    plans = Plan.objects.filter(community=viewer.community, versions__status=VersionStatus.ADOPTED)
    years = sorted(set(plans.order_by().values_list("year", flat=True)))
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one) == asked), today().year)
    bound = ItemLedger.objects.filter(ledger=ledger, refused=False, item__plan__in=plans.filter(year=year))
    rows = ItemText.objects.filter(
        item__in=bound.values("item"), version__status=VersionStatus.ADOPTED, dropped_reason=""
    ).select_related("version__plan").defer("version__source_bytes", "version__text")  # fmt: skip
    try:
        page = keyset_page(rows, ("version_id", "start", "pk"), cursor=request.GET.get("cursor", ""), size=PER_PAGE)
    except CursorLost:
        return redirect(request.path)
    items = [row.item_id for row in page.rows]
    duties = dict(Duty.objects.filter(item__in=items, community=viewer.community).values_list("item_id", "pk"))
    about = {
        "viewer": viewer, "ledger": viewer.ledger, "year": year, "years": years, "page": page,
        "lines": [{"row": row, "duty": duties.get(row.item_id)} for row in page.rows],
    }  # fmt: skip
    return render(request, "ledgers/sources.html", about)
