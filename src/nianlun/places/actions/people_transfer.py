"""Taking over from another community of the same subdistrict; taking back the last step; a child that is born."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import FieldError
from nianlun.kernel.fields.secrets import parse_id_number
from nianlun.kernel.fields.text import tidy
from nianlun.kernel.sealing.digest import digest
from nianlun.places.actions import people_step
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.people_moves import IN, OUT, hold, leave, not_ahead, open_home, settle
from nianlun.places.actions.people_step import Step
from nianlun.places.models import Community, Household, Resident, ResidentState, User
from nianlun.places.registers.homes import Home
from nianlun.places.registers.resident_fields import BY_CODE

NOT_FOUND = "街道其他社区没有姓名和证件号码都相符的现住或已迁出居民。请核对；从未登记过的，请直接登记。"


def find_elsewhere(community: Community, name: str, id_number: str) -> Resident:
    """Somebody of another community of the subdistrict, by exact name and whole ID number; UserError if nobody."""
    try:
        number = parse_id_number(tidy(id_number), BY_CODE["id_number"])
    except FieldError as error:
        raise UserError(str(error)) from error
    found = (
        Resident.objects.filter(
            subdistrict=community.subdistrict_id, id_number_digest=digest("id_number", number), name=tidy(name),
            state__in=[ResidentState.LIVING, ResidentState.MOVED_OUT],
        )
        .exclude(community=community)
        .first()
    )  # fmt: skip
    if found is None:
        raise UserError(NOT_FOUND)
    return found


@transaction.atomic
def take_over(
    *,
    acting_user: User,
    community: Community,
    name: str,
    id_number: str,
    home: Home,
    relation: str,
    on: date,
) -> Resident:
    """They move here from another community of the subdistrict: their record comes along, their home there ends."""
    not_ahead(on)
    held = hold(find_elsewhere(community, name, id_number))
    left = Community.objects.get(pk=held.community_id)
    step = Step()
    with clashes_told():
        former = held.household_id
        leave(step, held, on, OUT)
        household = open_home(step, home, community.pk, community.subdistrict_id, on)
        settle(step, held, household, relation, on, IN)
    also: list[tuple[str, Any]] = [("resident.given_up", held)]
    if former:
        also.append(("household.left", Household.objects.get(pk=former)))
    step.done(
        "resident.taken_over", acting_user=acting_user, about=held, also=also, on=on.isoformat(),
        **{"from": left.code, "to": community.code},
    )  # fmt: skip
    return held


@transaction.atomic
def undo_last(*, acting_user: User, record: Resident | Household, step: UUID) -> None:
    """Take back a record's last step, if it still is the one that the page showed."""
    row = people_step.last_step(record)
    if row is None or row.pk != step:
        raise people_step.later()
    with clashes_told():
        people_step.undo(acting_user=acting_user, row=row)
