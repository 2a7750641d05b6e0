"""How other rooms reach places: to a stranger a record does not exist (404); the wrong post is refused (403)."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from nianlun.places.models import Community, Subdistrict, User
from nianlun.places.policy import May, Policy


def signed_in(request: HttpRequest) -> User:
    """The user of a page behind the sign-in."""
    return cast(User, request.user)


def policy_of(request: HttpRequest) -> Policy:
    """The request's policy, made once."""
    policy = getattr(request, "policy", None)
    if not isinstance(policy, Policy):
        policy = Policy(signed_in(request))
        request.policy = policy  # type: ignore[attr-defined]
    return policy


def access_community(request: HttpRequest, code: str, may: May = May.SEE) -> Community:
    """The community of an address, if the user may see it and has this right there."""
    community = next((one for one in policy_of(request).visible if one.code == code), None)
    if community is None:
        raise Http404
    require(request, may, community)
    return community


def require(request: HttpRequest, may: May, community: Community) -> None:
    """Refuse what a user may not do in a community: 404 for a stranger, 403 for the wrong post."""
    policy = policy_of(request)
    if not policy.allows(May.SEE, community):
        raise Http404
    if not policy.allows(may, community):
        raise PermissionDenied


def access_subdistrict(request: HttpRequest, code: str, may: May) -> Subdistrict:
    """The subdistrict of an address, where the user has this right over all of it; 403 to its other posts."""
    policy = policy_of(request)
    for subdistrict in policy.subdistricts(may):
        if subdistrict.code == code:
            return subdistrict
    if any(post.subdistrict.code == code for post in policy.posts):
        raise PermissionDenied
    raise Http404


def people_of(community: Community) -> list[User]:
    """Everyone who holds a post in the community today, once each, by name."""
    return list(User.objects.filter(is_active=True, posts__in=community.posts.current()).distinct().order_by("name"))
