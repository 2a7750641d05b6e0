"""What residents are to one another across households: guardians, carers, whom to call."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import hold
from nianlun.places.models import Relationship, Resident, User
from nianlun.places.rules.relations import KINDS


@transaction.atomic
def relate(
    *,
    acting_user: User,
    resident: Resident,
    other: Resident,
    kind: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Relationship:
    """`other` is the guardian, carer, … of `resident`, between two days if they are known."""
    if kind not in KINDS:
        raise UserError("没有这种关系，请从列表里选。")
    if starts_on and ends_on and ends_on <= starts_on:
        raise UserError("结束日期要晚于开始日期，请核对。")
    first, second = hold(resident), hold(other)
    if first.pk == second.pk:
        raise UserError("不能和自己建立关系，请选另一位居民。")
    if first.subdistrict_id != second.subdistrict_id:
        raise UserError("请选本街道的居民。")
    former = Relationship.objects.filter(resident=first, other=second, kind=kind).first()
    with clashes_told():
        if former is not None and former.ends_on is not None and former.ends_on <= today():
            former.delete()  # the same relationship begins again; its first time stands in the log
        made = Relationship.objects.create(
            resident=first, other=second, kind=kind, starts_on=starts_on or today(), ends_on=ends_on
        )
    _record("resident.related", acting_user, made)
    return made


@transaction.atomic
def end(*, acting_user: User, relationship: Relationship) -> None:
    """The relationship no longer holds from today on; one that began today was a slip and leaves no row."""
    held = Relationship.objects.select_for_update(of=("self",)).select_related("resident", "other").get(
        pk=relationship.pk
    )  # fmt: skip
    _record("resident.unrelated", acting_user, held)
    if held.starts_on is None or held.starts_on < today():
        held.ends_on = today()
        held.save(update_fields=["ends_on"])
    else:
        held.delete()


def _record(action: str, acting_user: User, made: Relationship) -> None:
    """In the log of both."""
    days = {"from": made.starts_on and made.starts_on.isoformat(), "until": made.ends_on and made.ends_on.isoformat()}
    for one, other in ((made.resident, made.other), (made.other, made.resident)):
        audit.record(
            action, actor_id=acting_user.pk, kind="resident", record_id=one.pk, subdistrict_id=one.subdistrict_id,
            detail={"kind": made.kind, "other": str(other.pk), **days},
        )  # fmt: skip
