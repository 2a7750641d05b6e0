"""Whose a local declaration is: a community's, or a subdistrict's for all its communities."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from nianlun.ledgers import catalogue
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.access import access_community, access_subdistrict
from nianlun.places.models import Community, Subdistrict
from nianlun.places.policy import May


@dataclass(frozen=True)
class Owner:
    """Without a community: the subdistrict."""

    subdistrict: Subdistrict
    community: Community | None = None

    @property
    def name(self) -> str:
        return self.community.name if self.community else self.subdistrict.name

    @property
    def community_id(self) -> UUID | None:
        return self.community.pk if self.community else None

    def address(self, name: str, *args: Any) -> str:
        """Of one of the designer's pages."""
        if self.community is not None:
            return reverse(f"ledgers:design_{name}", args=[self.community.code, *args])
        return reverse(f"ledgers:office_design_{name}", args=[self.subdistrict.code, *args])

    def versions(self) -> QuerySet[LedgerVersion]:
        """Its own, drafts too."""
        return LedgerVersion.objects.filter(subdistrict=self.subdistrict, community=self.community)

    def above(self) -> QuerySet[LedgerVersion]:
        """Of a community: what its subdistrict has published for all of them."""
        of_office = LedgerVersion.objects.filter(subdistrict=self.subdistrict, community=None)
        return of_office.exclude(standing=Standing.DRAFT) if self.community else of_office.none()

    @cached_property
    def ledgers(self) -> dict[str, Held]:
        """Those that hold there, retired ones too, as entries are written with them."""
        return catalogue.readable_of(self.subdistrict.pk, self.community_id)

    @cached_property
    def checklists(self) -> dict[str, Checklist]:
        return catalogue.checklists_of(self.subdistrict.pk, self.community_id)

    @cached_property
    def communities(self) -> list[Community]:
        """Where what it publishes holds."""
        return [self.community] if self.community else list(self.subdistrict.communities.order_by("code"))


def owner_of(request: HttpRequest, community: str = "", subdistrict: str = "") -> Owner:
    """Whoever's pages the address names, for who may design there; 404 to a stranger, 403 to the wrong post."""
    if community:
        here = access_community(request, community, May.DESIGN)
        return Owner(here.subdistrict, here)
    return Owner(access_subdistrict(request, subdistrict, May.DESIGN))


def version_of(owner: Owner, pk: UUID) -> LedgerVersion:
    """One of the owner's own; raises Http404."""
    found = owner.versions().select_related("made_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
