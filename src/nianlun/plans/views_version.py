"""Pages of one version on its way: being read, failed, asking, adopted; and what can be taken away from it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import now
from nianlun.places.access import signed_in
from nianlun.places.policy import May
from nianlun.plans import actions
from nianlun.plans.access import access_item_text, access_version, base_of
from nianlun.plans.cards import Summary, cards_of
from nianlun.plans.checkup_of import findings_of
from nianlun.plans.downloads import attachment
from nianlun.plans.models import PlanVersion, VersionStatus
from nianlun.plans.store_reading import MOST_ITEMS
from nianlun.plans.views import may_review, whole
from nianlun.plans.views_review import review

SILENT = timedelta(seconds=60)  # a reading takes seconds: one that is silent for longer was lost


def version_page(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """What there is to see of a version depends on where it stands."""
    version = access_version(request, community, plan, number)
    if version.status in {VersionStatus.READING, VersionStatus.FAILED}:
        return render(request, "plans/reading.html", _reading(request, version))
    if version.status == VersionStatus.ASKING:
        return render(request, "plans/asking.html", _asking(request, version))
    return review(request, version)


def progress(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """The part of the page that is asked for each second while a version is read; it ends with a redirect."""
    version = access_version(request, community, plan, number)
    if version.status in {VersionStatus.READING, VersionStatus.FAILED}:
        return render(request, "plans/parts/progress.html", _reading(request, version))
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("plans:version", args=[community, plan, number])
    return response


def _reading(request: HttpRequest, version: PlanVersion) -> dict[str, object]:
    return {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "silent": version.status == VersionStatus.READING and now() - version.progress_at > SILENT,
        "may_review": may_review(request, version.plan.community),
    }


def _asking(request: HttpRequest, version: PlanVersion) -> dict[str, object]:
    count = version.items.count()
    return _reading(request, version) | {"items": count, "too_many": count > MOST_ITEMS}


@require_POST
def read_again(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    actions.read_again(acting_user=signed_in(request), version=version)
    return redirect("plans:version", community, plan, number)


@require_POST
def keep(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    actions.keep_version(acting_user=signed_in(request), version=version)
    return redirect("plans:version", community, plan, number)


@require_POST
def throw_away(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    gone = actions.throw_away(acting_user=signed_in(request), version=version)
    messages.success(request, "已丢弃，没有保存任何内容。")
    return redirect("plans:list", community) if gone else redirect("plans:plan", community, plan)


@require_POST
def withdraw(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    actions.withdraw(acting_user=signed_in(request), version=version)
    messages.success(request, f"第 {number} 版已撤回，内容还在，可以恢复审阅。")
    return redirect("plans:plan", community, plan)


@require_POST
def reopen(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    version = access_version(request, community, plan, number, May.REVIEW)
    actions.reopen(acting_user=signed_in(request), version=version)
    return redirect("plans:version", community, plan, number)


def adopt(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """Before a version becomes binding: how much of it says who and when, and what it replaces."""
    version = access_version(request, community, plan, number, May.REVIEW)
    if request.method == "POST":
        actions.adopt(acting_user=signed_in(request), version=version, edits=whole(request, "edits"))
        messages.success(request, f"第 {number} 版已通过。任务已排进全年日历，接下来可以分工。")
        return redirect("plans:plan", community, plan)
    if version.status != VersionStatus.REVIEW:
        return redirect("plans:version", community, plan, number)
    base, rows = base_of(version), list(version.items.all())
    left_behind = base.items.filter(dropped_reason="").exclude(item__in=[row.item_id for row in rows]) if base else None
    about = {
        "community": version.plan.community,
        "plan": version.plan,
        "version": version,
        "summary": Summary(cards_of(rows)),
        "findings": findings_of(version),
        "base": base,
        "unpaired": left_behind.count() if left_behind is not None else 0,
    }
    return render(request, "plans/adopt.html", about)


def original(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """The file as it came, always as a download."""
    version = access_version(request, community, plan, number)
    if version.source_bytes is None:
        raise Http404
    return attachment(bytes(version.source_bytes), version.source_name, "application/octet-stream")


def decoded(request: HttpRequest, community: str, plan: UUID, number: int) -> HttpResponse:
    """The text as it was read, in UTF-8."""
    version = access_version(request, community, plan, number)
    name = f"{version.plan.title}-第{number}版.txt"
    return attachment(version.text.encode("utf-8"), name, "text/plain; charset=utf-8")


def sentence(request: HttpRequest, community: str, pk: UUID) -> HttpResponse:
    """To the version's page, at the item."""
    row = access_item_text(request, community, pk)
    version = reverse("plans:version", args=[community, row.version.plan_id, row.version.number])
    return redirect(f"{version}#i-{row.pk}")
