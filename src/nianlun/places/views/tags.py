"""How many residents bear each tag: of one community, and of a subdistrict's communities side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from nianlun.places.access import access_community, access_subdistrict, policy_of
from nianlun.places.policy import May
from nianlun.places.tag_counts import counted


def of_community(request: HttpRequest, community: str) -> HttpResponse:
    here = access_community(request, community, May.COUNTS)
    policy = policy_of(request)
    about = {
        "heading": "居民标签统计", "place": here.name, "communities": [here], "rows": counted(policy, [here]),
        "linked": here if policy.allows(May.PEOPLE, here) else None,
    }  # fmt: skip
    return render(request, "places/tag_counts.html", about)


def of_subdistrict(request: HttpRequest, subdistrict: str) -> HttpResponse:
    """For posts over the whole subdistrict: figures only."""
    policy = policy_of(request)
    there = access_subdistrict(request, subdistrict, May.COUNTS)
    communities = [one for one in policy.communities(May.COUNTS).order_by("code") if one.subdistrict_id == there.pk]
    about = {
        "heading": "居民标签统计", "place": there.name, "communities": communities,
        "rows": counted(policy, communities), "linked": None,
    }  # fmt: skip
    return render(request, "places/tag_counts.html", about)
