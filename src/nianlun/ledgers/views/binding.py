"""Ledgers of a plan's items: beside one item, and on a page of the whole plan; every change can be taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions import bind
from nianlun.ledgers.bound import OPEN, counts_of, ledgers_of, near_unbound, standing, without_ledger
from nianlun.ledgers.models import ItemLedger
from nianlun.ledgers.shelf import by_lines
from nianlun.places.access import policy_of, signed_in
from nianlun.places.lines import LINE_TITLES
from nianlun.places.policy import May
from nianlun.plans.access import access_plan, access_version, adopted_version
from nianlun.plans.models import ItemText, Plan, PlanVersion
from nianlun.ui.registers.keyset import CursorLost
from nianlun.ui.registers.keyset import page as keyset_page

PER_PAGE = 50
LAST_CHANGE = "ledgers.last_change"
NONE, ALL = "none", "all"


def show(request: HttpRequest, community: str, plan: UUID) -> HttpResponse:
    """Items of the adopted plan with their ledgers: those without one first, or by ledger and by line."""
    found = access_plan(request, community, plan)
    version = adopted_version(found)
    if version is None:
        return render(request, "ledgers/plan_ledgers.html", {"plan": found, "community": found.community})
    version.plan = found
    counts = counts_of(version, found.community)
    shown = request.GET.get("show") or (NONE if counts.without else ALL)
    line = request.GET.get("line", "")
    rows = standing(version)
    if shown == NONE:
        rows = without_ledger(rows)
    elif shown != ALL:
        rows = rows.filter(item__in=ItemLedger.objects.filter(ledger=shown, refused=False).values("item"))
    if line in LINE_TITLES:
        rows = rows.filter(line=line)
    try:
        page = keyset_page(rows, ("start", "pk"), cursor=request.GET.get("cursor", ""), size=PER_PAGE)
    except CursorLost:
        return redirect(request.path)
    policy = policy_of(request)
    parts = ledgers_of(version, page.rows, policy)
    may_edit = policy.allows(May.REVIEW, found.community)
    near = near_unbound(version, found.community) if may_edit and counts.without else {}
    lines = standing(version).order_by("line").values_list("line", flat=True).distinct()
    about = {
        "plan": found, "community": found.community, "version": version, "counts": counts, "shown": shown,
        "line": line, "lines": [(code, LINE_TITLES.get(code, code)) for code in lines],
        "parts": [parts[row.pk] for row in page.rows], "page": page, "may_edit": may_edit, "near": len(near),
        "last_change": _last_change(request, found),
        "same": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "ledgers/plan_ledgers.html", about)


def item(request: HttpRequest, community: str, plan: UUID, number: int, pk: UUID) -> HttpResponse:
    """The ledgers of one item, to be put in its place; `?pick` with all ledgers to choose from; POST changes them."""
    version = access_version(request, community, plan, number)
    if request.method != "POST":
        return _part(request, version, _row(version, pk), picking="pick" in request.GET)
    version = access_version(request, community, plan, number, May.REVIEW)
    row = _row(version, pk)
    if version.status not in OPEN:
        raise UserError(f"这一版{version.get_status_display()}，台账请在现行的计划里改。")
    if row.dropped_reason:
        raise UserError("这一条不列入计划，不用对应台账。要对应，请先恢复它。")
    user, given = signed_in(request), request.POST
    if code := given.get("add", ""):
        change = bind.add_ledger(acting_user=user, plan=version.plan, item_id=row.item_id, ledger=code)
        said = "已加上"
    elif code := given.get("remove", ""):
        change = bind.remove_ledger(acting_user=user, plan=version.plan, item_id=row.item_id, ledger=code)
        said = "已去掉"
    else:
        raise UserError("请先选一本台账。")
    return _part(request, version, row, change=change, said=f"{said}{_title(version.plan, code)}")


@require_POST
def take(request: HttpRequest, community: str, plan: UUID) -> HttpResponse:
    """Bind what is suggested for the items that were ticked, or for all that have no ledger."""
    found = access_plan(request, community, plan, May.REVIEW)
    items = None if "all" in request.POST else _ids(request.POST.getlist("item"))
    if items == []:
        raise UserError("请先勾选任务，再采用建议。")
    change = bind.take_suggestions(acting_user=signed_in(request), plan=found, items=items)
    count = len(change.detail["after"]) if change else 0
    if change:
        _remember(request, found, change, f"已为 {count} 条任务采用建议的台账")
    return redirect("ledgers:plan", community, plan)


@require_POST
def undo(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """Take back one change; a change of one item is put back in place, one of many shows the page anew."""
    version = access_version(request, community, plan, number, May.REVIEW)
    rows = _ids([request.POST.get("row", "")])
    made = bind.undo(acting_user=signed_in(request), plan=version.plan, row=rows[0])
    items = list(made.detail["after"])
    row = version.items.filter(item__in=items).first() if len(items) == 1 else None
    if "HX-Request" in request.headers and row is not None:
        return _part(request, version, row, change=made, said="已撤销", undone=True)
    _remember(request, version.plan, made, f"已撤销，{len(items)} 条任务恢复原样", undone=True)
    return redirect("ledgers:plan", community, plan)


def _part(
    request: HttpRequest, version: PlanVersion, row: ItemText, *, change: AuditRow | None = None, said: str = "",
    undone: bool = False, picking: bool = False,
) -> HttpResponse:  # fmt: skip
    part = ledgers_of(version, [row], policy_of(request))[row.pk]
    about: dict[str, Any] = {"part": part, "picking": picking and part.may_edit}
    if about["picking"]:
        taken = {chip.code for chip in part.chips}
        held = catalogue.ledgers_at(version.plan.community)
        about["choices"] = by_lines([one.ledger for code, one in held.items() if code not in taken])
    if change is not None:
        about |= {"change": change, "said": said, "undone": undone, "version": version, "plan": version.plan}
    response = render(request, "ledgers/parts/item_ledgers_changed.html", about)
    if undone:
        response["HX-Retarget"], response["HX-Reswap"] = f"#ledgers-{row.pk}", "outerHTML"
    if change is not None:
        response["HX-Trigger"] = "nl:ledgers"
    return response


def _row(version: PlanVersion, pk: UUID) -> ItemText:
    row = version.items.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _ids(given: list[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in given]
    except ValueError:
        raise UserError("选择的任务有误，请刷新页面后再试。") from None


def _title(plan: Plan, code: str) -> str:
    held = catalogue.ledgers_at(plan.community).get(code)
    return held.ledger.title if held else "这本台账"


def _remember(request: HttpRequest, plan: Plan, change: AuditRow, said: str, *, undone: bool = False) -> None:
    """Offer to take a change back on the next page of the plan's ledgers."""
    told = {"said": said, "row": str(change.pk), "plan": str(plan.pk), "undone": undone}
    request.session[LAST_CHANGE] = told


def _last_change(request: HttpRequest, plan: Plan) -> dict[str, Any] | None:
    """The change just made to this plan, shown once."""
    told: dict[str, Any] | None = request.session.pop(LAST_CHANGE, None)
    return told if told and told["plan"] == str(plan.pk) else None
