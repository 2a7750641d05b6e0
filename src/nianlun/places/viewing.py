"""Who looks at a community's register, with what rights."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from nianlun.places.access import access_community, policy_of, signed_in
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy


@dataclass(frozen=True, slots=True)
class CommunityViewer:
    """A user at a community: what registers ask about rights, they ask of its policy."""

    user: User
    community: Community
    policy: Policy

    @classmethod
    def of(cls, request: HttpRequest, code: str, may: May) -> CommunityViewer:
        """For a page: raises Http404 to a stranger and PermissionDenied to the wrong post."""
        return cls(signed_in(request), access_community(request, code, may), policy_of(request))

    @property
    def user_id(self) -> UUID:
        return self.user.pk

    @property
    def user_name(self) -> str:
        return self.user.name

    @property
    def place_code(self) -> str:
        return self.community.code

    @property
    def place_name(self) -> str:
        return self.community.name

    @property
    def place_id(self) -> UUID:
        return self.community.pk

    @property
    def tenant_id(self) -> UUID:
        return self.community.subdistrict_id
