"""Pages beside a version: its check-up, its difference from another version, and pairing items by hand."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from nianlun.kernel.errors import UserError
from nianlun.places.access import signed_in
from nianlun.places.policy import May
from nianlun.plans import actions_structure
from nianlun.plans.access import access_version, base_of
from nianlun.plans.checkup_of import groups_of
from nianlun.plans.differences import differences
from nianlun.plans.models import PlanVersion, VersionStatus
from nianlun.plans.pairing import share, solid
from nianlun.plans.views import is_whole


@require_GET
def checkup(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """The check-up's findings, as a part of the review."""
    version = access_version(request, community, plan, number)
    groups = groups_of(version, list(version.items.all()))
    count = sum(len(group.findings) for group in groups)
    about = {"community": version.plan.community, "plan": version.plan, "version": version, "groups": groups}
    return render(request, "plans/parts/checkup.html", about | {"count": count})


def difference(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """What changed since the version before, or since `with`."""
    version = access_version(request, community, plan, number)
    asked = request.GET.get("with", "")
    base = access_version(request, community, plan, int(asked)) if is_whole(asked) else base_of(version)
    if base is None:
        raise Http404
    found = differences(list(base.items.all()), list(version.items.all()))
    others = version.plan.versions.exclude(number=number).exclude(items=None).values_list("number", flat=True)
    about = {
        "community": version.plan.community, "plan": version.plan, "version": version, "base": base, "found": found,
        "others": sorted(set(others)),
    }  # fmt: skip
    return render(request, "plans/difference.html", about)


def pairs(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """Which items of the version before found no successor, and which new ones no predecessor: paired by hand."""
    version = access_version(request, community, plan, number, May.REVIEW)
    base = base_of(version)
    if base is None or version.status != VersionStatus.REVIEW:
        return redirect("plans:version", community, plan, number)
    if request.method == "POST":
        _pair(request, version)
        return redirect("plans:pairs", community, plan, number)
    before, after = list(base.items.all()), list(version.items.all())
    here, there = {row.item_id for row in after}, {row.item_id: row for row in before}
    unmatched = [row for row in before if row.item_id not in here]
    fresh = [
        (row, sorted(unmatched, key=lambda old: -share(solid(old.text), solid(row.text))))
        for row in after
        if row.item_id not in there
    ]
    paired = [(there[row.item_id], row) for row in after if row.item_id in there]
    about = {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "base": base,
        "unmatched": unmatched,
        "fresh": fresh,
        "worded_otherwise": [(old, row) for old, row in paired if solid(old.text) != solid(row.text)],
        "same": sum(solid(old.text) == solid(row.text) for old, row in paired),
    }
    return render(request, "plans/pairs.html", about)


def _pair(request: HttpRequest, version: PlanVersion) -> None:
    try:
        pk = UUID(request.POST.get("pk", ""))
        item = UUID(request.POST["item"]) if request.POST.get("item") else None
        revision = int(request.POST.get("revision", ""))
    except ValueError as error:
        raise UserError("请选一条上一版的任务。") from error
    actions_structure.pair_item(acting_user=signed_in(request), version=version, revision=revision, pk=pk, item_id=item)
    messages.success(request, "已对应。" if item else "已解除对应，算作新任务。")
