"""Whose rosters are seen: a party branch's by those whose line of work it is and by the secretary, others by all.

That somebody belongs to a branch is kept as that organisation's roster; nothing lists people by what they believe.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from nianlun.places.models import Body, BodyKind, Community
from nianlun.places.policy import May, Policy
from nianlun.places.registers.resident_filters import for_line

PARTY = "party"


def bodies_of(community: Community, policy: Policy, may: May = May.GROUND) -> QuerySet[Body]:
    """The bodies of a community that the user may see, or has another right for."""
    rows = policy.rows(Body.objects.filter(community=community), may)
    return rows.filter(~Q(kind=BodyKind.BRANCH) | for_line(policy, PARTY).scope(Body, may))


def sees_branches(community: Community, policy: Policy, may: May = May.GROUND) -> bool:
    """Whether branches of the community, and those in them, are the user's to see."""
    return for_line(policy, PARTY).allows(may, community)
