"""The made-up organisations of a community, and its bodies with members and terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Model

from nianlun.demo.register.ground import Ground
from nianlun.demo.register.residents import People
from nianlun.demo.register.world import World
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.clock import now
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.places.models import (
    Body,
    BodyKind,
    Building,
    Estate,
    EstateKind,
    Member,
    Organisation,
    OrganisationKind,
    Resident,
    User,
)
from nianlun.places.search.pinyin import initials

ORGANISATIONS_A_THOUSAND = {"company": 10, "shop": 22, "school": 1.2, "social": 1.5, "public": 1.5}  # households
# (kind, name, first post, other post, members, years of a term)
BODIES: tuple[tuple[BodyKind, str, str, str, int, int], ...] = (
    (BodyKind.COMMITTEE, "居民委员会", "主任", "委员", 5, 5),
    (BodyKind.COMMITTEE, "居务监督委员会", "主任", "委员", 3, 5),
    (BodyKind.COMMITTEE, "环境和物业管理委员会", "主任", "委员", 5, 5),
    (BodyKind.TEAM, "夕阳红合唱队", "队长", "队员", 14, 0),
    (BodyKind.TEAM, "楼道清洁队", "队长", "队员", 9, 0),
    (BodyKind.GROUP, "楼门长小组", "组长", "楼门长", 12, 3),
)


def found(ground: Ground, people: People, households: int, world: World, secretary: User) -> list[Model]:
    """Organisations and bodies, written; gives those to be found by the search box."""
    organisations = _organisations(ground, households, world)
    copy_in(organisations)
    firms = [one for one in organisations if one.kind == OrganisationKind.PROPERTY]
    for number, estate in enumerate(ground.estates):
        if firms and estate.kind in {EstateKind.ESTATE, EstateKind.RESETTLED}:
            firms[number % len(firms)].estates.add(estate)
    bodies = _bodies(ground, people, world, secretary)
    return [*organisations, *bodies]


def _organisations(ground: Ground, households: int, world: World) -> list[Organisation]:
    made = []
    for kind, share in ORGANISATIONS_A_THOUSAND.items():
        for _ in range(max(1, round(households / 1000 * share))):
            name = world.pick(world.words["names_of_firms"]) + world.pick(world.words["trades"][kind])
            made.append(_organisation(ground, kind, name, world.pick(ground.buildings), world))
    for number in range(max(1, len(ground.estates) // 4)):
        firm = world.words["names_of_firms"][number % len(world.words["names_of_firms"])]
        name = f"清禾市{firm}{world.words['trades']['property'][0]}"
        made.append(_organisation(ground, OrganisationKind.PROPERTY, name, world.pick(ground.buildings), world))
    for estate in ground.estates:
        if estate.kind == EstateKind.ESTATE and world.happens(0.6):
            made.append(_owners(ground, estate, world))
    return made


def _owners(ground: Ground, estate: Estate, world: World) -> Organisation:
    building = next(one for one in ground.buildings if one.estate_id == estate.pk)
    one = _organisation(ground, OrganisationKind.OWNERS, f"{estate.name}业主委员会", building, world)
    one.credit_code_sealed, one.credit_code_digest = "", None
    return one


def _organisation(ground: Ground, kind: str, name: str, building: Building, world: World) -> Organisation:
    moment = now()
    code, phone = world.credit_code(), world.phone()
    male = world.happens(0.6)
    contact = world.surname() + world.given(male=male, born_on=date(1978, 1, 1))
    return Organisation(
        kind=kind, name=name, initials=initials(name), credit_code_sealed=seal(code),
        credit_code_digest=digest("credit_code", code), contact=contact, phone_sealed=seal(phone),
        phone_digest=digest("phone", phone), phone_tail_digest=digest("phone_tail", phone),
        address=f"{building.address}（{building.name}底商）" if kind == "shop" else building.address,
        building=building, grid_id=building.grid_id, staff=world.chance.randint(1, 40),
        opened_on=world.days_ago(100, 4_000), closed_on=world.days_ago(5, 300) if world.happens(0.06) else None,
        created_at=moment, changed_at=moment, **ground.place,
    )  # fmt: skip


def _bodies(ground: Ground, people: People, world: World, secretary: User) -> list[Body]:
    community = ground.community
    grown = [one for one in people.living if one.born_on and 30 <= (world.today - one.born_on).days // 365 <= 74]
    branch = Body(community=community, kind=BodyKind.BRANCH, name="社区党委", initials=initials("社区党委"))
    bodies, members = [branch], [Member(body=branch, user=secretary, post="书记", starts_on=world.days_ago(300, 900))]
    for grid in ground.grids:
        name = f"{grid.name}党支部"
        part = Body(community=community, kind=BodyKind.BRANCH, parent=branch, name=name, initials=initials(name))
        bodies.append(part)
        members += _members(part, world.chance.sample(grown, 8), "书记", "党员", world)
    for kind, name, first, other, count, years in BODIES:
        body = Body(community=community, kind=kind, name=name, initials=initials(name))
        body.founded_on = world.days_ago(1_500, 6_000)
        if years:
            body.term_starts_on = world.days_ago(60, years * 365 - 20)
            body.term_ends_on = body.term_starts_on.replace(year=body.term_starts_on.year + years, day=1)
        bodies.append(body)
        members += _members(body, world.chance.sample(grown, count), first, other, world)
    Body.objects.bulk_create(bodies)  # parents stand before their parts
    copy_in(members)
    return bodies


def _members(body: Body, chosen: Sequence[Resident], first: str, other: str, world: World) -> list[Member]:
    """Members since the term began, or since some day; the last one of a larger body left already."""
    made = []
    for number, resident in enumerate(chosen):
        starts_on = body.term_starts_on or world.days_ago(400, 2_000)
        left = len(chosen) > 6 and number == len(chosen) - 1
        made.append(
            Member(
                body=body,
                resident=resident,
                post=other if number else first,
                starts_on=starts_on,
                ends_on=world.day_between(starts_on, world.today) if left else None,
            )
        )
    return made
