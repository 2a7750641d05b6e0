"""Taking back residents that a sheet made and that nothing has happened to since."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from nianlun.kernel import audit
from nianlun.places.models import Community, Household, Residence, Resident, User
from nianlun.places.search.index import index, unindex


@transaction.atomic
def withdraw(*, acting_user: User, community: Community, made: Mapping[UUID, int], source: str) -> list[Resident]:
    """Remove residents that still have the revision they were made with and that nothing hangs on; gives the others."""
    held = Resident.objects.select_for_update().filter(community=community, pk__in=made).in_bulk()
    going = {pk for pk, one in held.items() if one.revision == made[pk]} - _hung_on(set(held))
    homes = {one.household_id for pk, one in held.items() if pk in going and one.household_id}
    remaining = set(
        Resident.objects.filter(household__in=homes).exclude(pk__in=going).values_list("household_id", flat=True)
    )
    # A head stays while others of their household do.
    going -= set(Household.objects.filter(pk__in=remaining, head__in=going).values_list("head_id", flat=True))
    audit.record_many(
        "resident.withdrawn", ((pk, {"source": source, "community": community.code}) for pk in going),
        actor_id=acting_user.pk, kind="resident", subdistrict_id=community.subdistrict_id,
    )  # fmt: skip
    Residence.objects.filter(resident__in=going).delete()
    emptied = Household.objects.filter(pk__in=homes - remaining, residents__isnull=True) | Household.objects.filter(
        pk__in=homes - remaining, residents__in=going
    )
    left = [one.pk for one in emptied.distinct() if not one.residences.exists()]
    Resident.objects.filter(pk__in=going).update(household=None)
    Household.objects.filter(pk__in=left).delete()
    Resident.objects.filter(pk__in=going).delete()
    unindex("resident", going)
    unindex("household", left)
    index(list(Household.objects.filter(pk__in=homes - set(left))))
    return [one for pk, one in held.items() if pk not in going]


def _hung_on(residents: set[UUID]) -> set[UUID]:
    """Those that rows of any room refer to, other than the one residence and the household they were made with."""
    found: set[UUID] = set()
    for relation in Resident._meta.related_objects:
        name, model = relation.field.name, relation.related_model
        if model is Household:
            continue
        rows = model._base_manager.filter(**{f"{name}__in": residents})
        if model is Residence:
            rows = rows.values(name).annotate(spells=Count("pk")).filter(spells__gt=1)
        found |= set(rows.values_list(name, flat=True))
    return found
