"""How pages and other rooms reach plans: what lies in a community that one may not see does not exist."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from nianlun.places.access import access_community
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.plans.models import ItemText, Plan, PlanVersion, VersionStatus


def access_plan(request: HttpRequest, code: str, pk: UUID, may: May = May.SEE) -> Plan:
    """A plan of the address's community, if the user may see it and has this right there."""
    community = access_community(request, code, may)
    plan = Plan.objects.filter(pk=pk, community=community).select_related("created_by").first()
    if plan is None:
        raise Http404
    plan.community = community
    return plan


def access_version(request: HttpRequest, code: str, pk: UUID, number: int, may: May = May.SEE) -> PlanVersion:
    """A version of a plan, without the bytes it came as."""
    plan = access_plan(request, code, pk, may)
    version = plan.versions.defer("source_bytes").select_related("adopted_by", "created_by").filter(number=number)
    found = version.first()
    if found is None:
        raise Http404
    found.plan = plan
    return found


def access_item_text(request: HttpRequest, code: str, pk: UUID, may: May = May.SEE) -> ItemText:
    """An item as it stands in one version of a plan of the address's community."""
    community = access_community(request, code, may)
    rows = ItemText.objects.select_related("version").defer("version__source_bytes", "version__text")
    row = rows.filter(pk=pk, version__plan__community=community).first()
    if row is None:
        raise Http404
    return row


def plans_of(community: Community) -> QuerySet[Plan]:
    return Plan.objects.filter(community=community)


def adopted_version(plan: Plan) -> PlanVersion | None:
    """The version by which the plan's year runs, if it has one."""
    return plan.versions.filter(status=VersionStatus.ADOPTED).first()


def standing_items(version: PlanVersion) -> QuerySet[ItemText]:
    """The items that a version asks for: everything in it that was not dropped, in the order of the text."""
    return version.items.filter(dropped_reason="").select_related("item")


def base_of(version: PlanVersion) -> PlanVersion | None:
    """What a version is compared with: the one adopted last before it, else the last one read before it."""
    before = version.plan.versions.filter(number__lt=version.number).defer("source_bytes").order_by("-number")
    return (
        before.filter(status__in=[VersionStatus.ADOPTED, VersionStatus.SUPERSEDED]).first()
        or before.filter(status__in=[VersionStatus.REVIEW, VersionStatus.WITHDRAWN]).first()
    )
