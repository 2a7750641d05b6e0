"""What is written of a household itself; who lives in it is another matter."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision
from nianlun.kernel.fields import Field
from nianlun.places.models import Community, Household, HouseholdKind, User
from nianlun.places.search.index import index
from nianlun.ui.registers.changes import changes
from nianlun.ui.registers.register import Draft

UNASKED = {"kind": HouseholdKind.FAMILY.value, "note": ""}


@transaction.atomic
def save_households(
    *, acting_user: User, community: Community, drafts: Sequence[Draft[Household]], fields: Sequence[Field], source: str
) -> list[Household]:
    """Write kind and note of households that stand; gives them in the drafts' order."""
    pks = [draft.known.pk for draft in drafts if draft.known]
    locked = Household.objects.select_for_update().in_bulk(sorted(pks))
    changed, told = [], []
    for draft in drafts:
        assert draft.known is not None
        one = locked[draft.known.pk]
        if one.revision != (draft.revision or draft.known.revision):
            raise StaleRevision("这一户刚刚被别人改过，没有保存。请对照后再改。")
        after = {code: draft.checked.values[code] or UNASKED[code] for code in UNASKED if code in draft.checked.values}
        differences = changes(fields, {code: getattr(one, code) for code in after}, after)
        if differences:
            for code in differences:
                setattr(one, code, after[code])
            one.revision, one.changed_at = one.revision + 1, now()
            changed.append(one)
            told.append((one.pk, {"source": source, "community": community.code, "changes": differences}))
    Household.objects.bulk_update(changed, [*UNASKED, "revision", "changed_at"], batch_size=500)
    audit.record_many(
        "household.changed", told, actor_id=acting_user.pk, kind="household", subdistrict_id=community.subdistrict_id
    )
    index(changed)
    return [locked[pk] for pk in pks]
