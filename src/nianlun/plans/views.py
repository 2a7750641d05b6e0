"""Pages of a community's plans: the list, putting one in, one plan with its versions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.access import access_community, policy_of, signed_in
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.plans import actions
from nianlun.plans.access import access_plan, adopted_version, plans_of
from nianlun.plans.cards import Summary, cards_of
from nianlun.plans.forms import PlanForm, TextForm
from nianlun.plans.models import Plan, PlanVersion, VersionStatus
from nianlun.ui.slots import contents

MOST_DIGITS = 10  # what the database holds as a whole number
MOST_EXISTING = 6  # plans named above the form
WITHOUT_TEXT = ("source_bytes", "text", "outline", "warnings")


def may_review(request: HttpRequest, community: Community) -> bool:
    return policy_of(request).allows(May.REVIEW, community)


def is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < MOST_DIGITS


def whole(request: HttpRequest, name: str) -> int:
    """A number of the form, -1 where it is none (which no revision, place or version is)."""
    value = request.POST.get(name, "")
    return int(value) if is_whole(value) else -1


def versions_for_list() -> QuerySet[PlanVersion, Any]:
    """Versions without their texts, with how many items stand in each."""
    versions = PlanVersion.objects.defer(*WITHOUT_TEXT).select_related("created_by", "adopted_by")
    counted = versions.annotate(
        standing=Count("items", filter=Q(items__dropped_reason="")),
        left_out=Count("items", filter=~Q(items__dropped_reason="")),
    )
    return counted.order_by("-number")  # counting forgets the model's own order


def plan_list(request: HttpRequest, community: str) -> HttpResponse:
    """A community's plans by year, newest first."""
    here = access_community(request, community)
    versions = Prefetch("versions", versions_for_list(), to_attr="shown")
    plans = list(plans_of(here).select_related("created_by").prefetch_related(versions))
    years: dict[int, list[Plan]] = {}
    for plan in plans:
        years.setdefault(plan.year, []).append(plan)
    about = {"community": here, "years": list(years.items()), "may_review": may_review(request, here)}
    return render(request, "plans/list.html", about)


def new_plan(request: HttpRequest, community: str) -> HttpResponse:
    """Put in a plan: a file or words pasted, and the year that it is for."""
    here = access_community(request, community, May.REVIEW)
    form = PlanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, data = form.source()
        try:
            version = actions.start_plan(
                acting_user=signed_in(request),
                community=here,
                year=form.cleaned_data["year"],
                title=form.cleaned_data["title"],
                name=name,
                data=data,
            )
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("plans:version", here.code, version.plan_id, version.number)
    about = {"community": here, "form": form, "plan": None, "existing": _existing(here)}
    return render(request, "plans/new.html", about, status=422 if form.errors else 200)


def _existing(community: Community) -> list[Plan]:
    """Plans of this year and later that a new text may be meant for: read, not failed."""
    read = PlanVersion.objects.filter(status__in=[VersionStatus.ADOPTED, VersionStatus.REVIEW])
    return list(plans_of(community).filter(year__gte=today().year, versions__in=read).distinct()[:MOST_EXISTING])


def new_version(request: HttpRequest, community: str, plan: UUID) -> HttpResponse:
    """Put in another text of a plan, or copy the present one to edit."""
    found = access_plan(request, community, plan, May.REVIEW)
    form = TextForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        name, data = form.source()
        try:
            version = actions.start_version(acting_user=signed_in(request), plan=found, name=name, data=data)
        except UserError as error:
            form.add_error(None, error.message)
        else:
            return redirect("plans:version", community, found.pk, version.number)
    about = {
        "community": found.community,
        "form": form,
        "plan": found,
        "source": found.versions.defer(*WITHOUT_TEXT)
        .filter(status__in=[VersionStatus.ADOPTED, VersionStatus.WITHDRAWN])
        .first(),
    }
    return render(request, "plans/new.html", about, status=422 if form.errors else 200)


@require_POST
def copy_version(request: HttpRequest, community: str, plan: UUID) -> HttpResponse:
    found = access_plan(request, community, plan, May.REVIEW)
    source = found.versions.filter(number=whole(request, "number")).first()
    if source is None or not source.text:
        raise UserError("没有可以复制的版本，请上传或粘贴新的文字。")
    version = actions.copy_version(acting_user=signed_in(request), source=source)
    messages.success(request, f"已复制第 {source.number} 版，可以在这里修改，通过后成为新版。")
    return redirect("plans:version", community, found.pk, version.number)


def plan_page(request: HttpRequest, community: str, plan: UUID) -> HttpResponse:
    """One plan: its versions, what is next to do, and what other rooms show of it."""
    found = access_plan(request, community, plan)
    versions = list(versions_for_list().filter(plan=found))
    adopted = next((version for version in versions if version.status == VersionStatus.ADOPTED), None)
    under_way = next((version for version in versions if version.status in UNDER_WAY), None)
    current = adopted or (under_way if under_way and under_way.status == VersionStatus.REVIEW else None)
    about = {
        "community": found.community,
        "plan": found,
        "versions": versions,
        "current": current,
        "summary": Summary(cards_of(list(current.items.all()))) if current else None,
        "adopted": adopted,
        "under_way": under_way,
        "tabs": contents("plan_tabs", request, plan=found, version=adopted_version(found)),
        "may_review": may_review(request, found.community),
    }
    return render(request, "plans/plan.html", about)


UNDER_WAY = (VersionStatus.READING, VersionStatus.FAILED, VersionStatus.ASKING, VersionStatus.REVIEW)
