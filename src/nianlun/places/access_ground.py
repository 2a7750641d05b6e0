"""How pages and other rooms reach one place of a community: a stranger finds nothing, the wrong post is refused."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from nianlun.places.models import Building, Estate, Grid, Room
from nianlun.places.policy import May
from nianlun.places.viewing import CommunityViewer

Place = TypeVar("Place", bound=Grid | Estate | Building | Room)
JOINED: dict[type[Any], tuple[str, ...]] = {
    Building: ("estate", "grid", "community"),
    Room: ("building__estate", "building__grid", "unit", "community"),
}


def access_place(
    request: HttpRequest, community: str, model: type[Place], pk: UUID | str, may: May = May.GROUND_EDIT
) -> tuple[CommunityViewer, Place]:
    """The viewer and the place; Http404 for one of elsewhere, PermissionDenied without the right."""
    viewer = CommunityViewer.of(request, community, may)
    rows: QuerySet[Any] = model._default_manager.filter(community=viewer.community)
    rows = rows.select_related(*JOINED.get(model, ("community",)))
    try:
        found = viewer.policy.rows(rows, May.GROUND).filter(pk=pk).first()
    except ValidationError:  # an address written by hand
        found = None
    if found is None:
        raise Http404
    return viewer, found
