"""Which made-up residents some service is for; special ones with purpose, consent and an end, some ended already."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from nianlun.demo.register.residents import People
from nianlun.demo.register.world import World
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.clock import now
from nianlun.places.models import Relationship, Resident, ResidentTag, User

# code: from which age, to which, and how many of those
ORDINARY: dict[str, tuple[int, int, float]] = {
    "family_doctor": (0, 99, 0.12),
    "volunteer": (18, 75, 0.04),
    "low_income": (18, 90, 0.012),
    "veteran": (22, 85, 0.02),
    "retired_managed": (56, 95, 0.25),
    "residents_delegate": (25, 78, 0.012),
    "talent": (45, 75, 0.02),
    "job_seeker": (20, 55, 0.02),
}
SPECIAL: dict[str, tuple[int, int, float, str]] = {
    "disabled": (3, 90, 0.02, "残疾人两项补贴与康复服务"),
    "chronic": (40, 95, 0.06, "家庭医生签约随访"),
    "pregnant": (22, 40, 0.03, "孕产期随访与建册"),
}
CONSENT = ("本人书面同意", "监护人书面同意", "本人口头同意，网格员见证")


def mark(people: People, world: World, added_by: User) -> None:
    """Tags for the living, and somebody to call for old people who live alone."""
    moment = now()
    living = people.living
    size: dict[object, int] = {}
    for one in living:
        size[one.household_id] = size.get(one.household_id, 0) + 1
    tags = []
    for one in living:
        alone = one.household_id is not None and size[one.household_id] == 1
        tags += [tag for tag in _tags(one, alone, world) if tag]
    for tag in tags:
        tag.added_by, tag.added_at = added_by, moment
    copy_in(tags)
    old = [tag.resident for tag in tags if tag.code == "living_alone"]
    grown = [one for one in living if 30 <= _age(one, world) <= 58]
    copy_in([Relationship(resident=one, other=world.pick(grown), kind="emergency") for one in old if grown])


def _tags(one: Resident, alone: bool, world: World) -> Iterator[ResidentTag]:
    age = _age(one, world)
    if alone and age >= 60 and world.happens(0.9):
        yield ResidentTag(resident=one, code="living_alone", starts_on=world.days_ago(5, 700))
    for code, (least, most, share) in ORDINARY.items():
        if least <= age <= most and world.happens(share):
            yield ResidentTag(resident=one, code=code, starts_on=world.days_ago(5, 700))
    for code, (least, most, share, purpose) in SPECIAL.items():
        if code == "pregnant" and one.sex != "female":
            continue
        if least <= age <= most and world.happens(share):
            agreed = world.days_ago(5, 400)
            yield ResidentTag(
                resident=one, code=code, purpose=purpose, consent_on=agreed, starts_on=agreed,
                consent_how=CONSENT[1] if age < 18 else world.pick((CONSENT[0], CONSENT[2])),
                ends_on=agreed + timedelta(days=365),
            )  # fmt: skip


def _age(one: Resident, world: World) -> int:
    return (world.today - one.born_on).days // 365 if one.born_on else 0
