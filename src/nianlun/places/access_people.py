"""How pages and other rooms reach one resident or household: a stranger finds nothing, the wrong post is refused."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from nianlun.places.models import Household, Resident
from nianlun.places.policy import May
from nianlun.places.registers.households import HouseholdRegister
from nianlun.places.registers.residents import ResidentRegister
from nianlun.places.viewing import CommunityViewer

RESIDENTS, HOUSEHOLDS = ResidentRegister(), HouseholdRegister()


def access_resident(
    request: HttpRequest, community: str, pk: UUID, may: May = May.PEOPLE_EDIT
) -> tuple[CommunityViewer, Resident]:
    """The viewer and a resident of the community who is not merged into another."""
    viewer = CommunityViewer.of(request, community, May.PEOPLE)
    return viewer, resident_of(viewer, pk, may)


def resident_of(viewer: CommunityViewer, pk: UUID, may: May) -> Resident:
    """Http404 for somebody the viewer may not see, PermissionDenied without the right for them."""
    found = RESIDENTS.rows(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not viewer.policy.allows_record(may, found):
        raise PermissionDenied
    return found


def access_household(
    request: HttpRequest, community: str, pk: UUID, may: May = May.PEOPLE_EDIT
) -> tuple[CommunityViewer, Household]:
    """The viewer and a household of the community, ended ones too."""
    viewer = CommunityViewer.of(request, community, May.PEOPLE)
    found = HOUSEHOLDS.rows(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    if not viewer.policy.allows_record(may, found):
        raise PermissionDenied
    return viewer, found
