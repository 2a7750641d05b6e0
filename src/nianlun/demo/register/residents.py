"""The made-up people of one community, those of today and those of the last three years, written in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from nianlun.demo.register.families import Person, family
from nianlun.demo.register.ground import Ground
from nianlun.demo.register.world import World
from nianlun.kernel import audit
from nianlun.kernel.bulk import copy_in
from nianlun.kernel.clock import now
from nianlun.kernel.sealing.digest import digest
from nianlun.kernel.sealing.seal import seal
from nianlun.places.models import (
    Community,
    Household,
    IdKind,
    Registered,
    Residence,
    Resident,
    ResidentState,
    Room,
    RoomUse,
    Sex,
    User,
)
from nianlun.places.rules.relations import HEAD
from nianlun.places.search.pinyin import initials

REGISTERED, IN, BORN, OUT, DEATH, JOINED = "登记", "迁入", "出生", "迁出", "死亡", "并户"
PAST = 3 * 365  # days back over which people moved and died
SHARE_PAST, SHARE_TWO_HOMES, SHARE_ENTERED_TWICE = 0.05, 0.03, 0.0012
USES = {RoomUse.OWNER: 74, RoomUse.RENTED: 22, RoomUse.UNKNOWN: 4}


@dataclass(slots=True)
class People:
    """Who lives and lived in a community; `write` puts them into the database."""

    community: Community
    residents: list[Resident] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    residences: list[Residence] = field(default_factory=list)

    @property
    def living(self) -> list[Resident]:
        return [one for one in self.residents if one.state == ResidentState.LIVING]

    def write(self, entered_by: User) -> None:
        """Residents point at households and these at their heads: the heads come last."""
        heads = [household.head_id for household in self.households]
        for household in self.households:
            household.head_id = None
        copy_in(self.households)
        copy_in(self.residents)
        copy_in(self.residences)
        for household, head_id in zip(self.households, heads, strict=True):
            household.head_id = head_id
        Household.objects.bulk_update(self.households, ["head"], batch_size=2_000)
        audit.record_many(
            "resident.registered",
            ((one.pk, {"source": "form", "community": self.community.code}) for one in self.residents),
            actor_id=entered_by.pk, kind="resident", subdistrict_id=self.community.subdistrict_id,
        )  # fmt: skip


def settle(ground: Ground, households: int, world: World) -> People:
    """Fill so many of the ground's rooms, not written yet; some left, died, joined another home or stand twice."""
    people = People(ground.community)
    moment = now()
    rooms = list(ground.rooms)
    world.chance.shuffle(rooms)
    for room in rooms[:households]:
        room.use = world.weighed(USES)
        _fill(people, room, world, moment)
    for room in rooms[households:]:
        room.use = RoomUse.EMPTY if world.happens(0.8) else RoomUse.UNKNOWN
    for _ in range(round(len(people.residents) * SHARE_PAST)):
        _left(people, world.pick(rooms), world, moment)
    spells = {spell.resident_id: spell for spell in people.residences if spell.ends_on is None}
    for one in world.chance.sample(people.living, round(len(people.living) * SHARE_TWO_HOMES)):
        _joined(people, one, spells[one.pk], world.pick(rooms), world, moment)
    for one in world.chance.sample(people.living, max(2, round(len(people.living) * SHARE_ENTERED_TWICE))):
        _twice(people, one, world, moment)
    return people


def _fill(people: People, room: Room, world: World, moment: datetime) -> None:
    since = world.days_ago(20, 9_000 if room.use == RoomUse.OWNER else 1_200)
    household = _household(people, room, since, moment)
    people.households.append(household)
    for person in family(world):
        one = _resident(people.community, person, world, moment, room, household)
        if person.relation == HEAD:
            household.head_id = one.pk
        starts_on = max(since, person.born_on)
        began = BORN if starts_on == person.born_on else IN if (world.today - since).days < PAST else REGISTERED
        people.residents.append(one)
        people.residences.append(_residence(one, starts_on, began))


def _left(people: People, room: Room, world: World, moment: datetime) -> None:
    """Somebody who moved out or died in the last years, from a household of their own that ended then."""
    person = family(world)[0]
    household = _household(people, room, world.days_ago(PAST + 30, PAST + 3_000), moment)
    household.code += f"-{len(people.households)}"
    ended_on = household.ended_on = world.days_ago(1, PAST)
    one = _resident(people.community, person, world, moment, room, household)
    residence = _residence(one, max(household.started_on, person.born_on), REGISTERED)
    age = (world.today - person.born_on).days // 365
    died = world.happens(0.7 if age > 70 else 0.06)
    residence.ends_on, residence.ended_by = ended_on, DEATH if died else OUT
    one.state = ResidentState.DIED if died else ResidentState.MOVED_OUT
    one.died_on = ended_on if died else None
    one.building = one.grid = one.room = one.household = None
    people.households.append(household)
    people.residents.append(one)
    people.residences.append(residence)


def _joined(people: People, one: Resident, now_living: Residence, room: Room, world: World, moment: datetime) -> None:
    """They lived by themselves before, and their household was joined into the one of today."""
    joined_on = world.days_ago(10, PAST)
    since = joined_on - timedelta(days=world.chance.randint(200, 2_000))
    if now_living.starts_on >= joined_on or now_living.began_by == BORN or one.born_on is None or since <= one.born_on:
        return
    household = _household(people, room, since, moment)
    household.code += f"-{len(people.households)}"
    household.ended_on, household.joined_into_id = joined_on, one.household_id
    people.households.append(household)
    before = Residence(
        resident=one, household=household, room=room, building_id=room.building_id, relation=HEAD, starts_on=since,
        ends_on=joined_on, began_by=REGISTERED, ended_by=JOINED,
    )  # fmt: skip
    now_living.starts_on, now_living.began_by = joined_on, JOINED
    people.residences.append(before)


def _twice(people: People, one: Resident, world: World, moment: datetime) -> None:
    """The same person entered again without a number, by somebody in a hurry."""
    again = Resident(
        subdistrict_id=one.subdistrict_id, community_id=one.community_id, building_id=one.building_id,
        grid_id=one.grid_id, name=one.name, initials=one.initials, sex=one.sex, born_on=one.born_on,
        phone_sealed=one.phone_sealed, phone_digest=one.phone_digest, phone_tail_digest=one.phone_tail_digest,
        created_at=moment, changed_at=moment, note="走访登记表补录",
    )  # fmt: skip
    people.residents.append(again)


def _household(people: People, room: Room, since: date, moment: datetime) -> Household:
    unit = room.unit.position if room.unit.name else 0
    code = f"{room.building.code}-{unit}-{room.number}"
    return Household(
        subdistrict_id=room.subdistrict_id, community_id=room.community_id, building_id=room.building_id,
        grid_id=room.building.grid_id, room=room, code=code, started_on=since, created_at=moment, changed_at=moment,
    )  # fmt: skip


def _residence(one: Resident, starts_on: date, began_by: str) -> Residence:
    return Residence(
        resident=one, household_id=one.household_id, room_id=one.room_id, building_id=one.building_id,
        relation=one.relation, starts_on=starts_on, began_by=began_by,
    )  # fmt: skip


def _resident(
    community: Community, person: Person, world: World, moment: datetime, room: Room, household: Household
) -> Resident:
    age = (world.today - person.born_on).days // 365
    number = world.id_number(person.born_on, male=person.male) if world.happens(0.97) else ""
    phone = world.phone() if 10 < age < 90 and world.happens(0.9) else ""
    away = world.happens(0.31 if room.use == RoomUse.OWNER else 0.8)
    return Resident(
        subdistrict_id=community.subdistrict_id, community_id=community.pk, building_id=room.building_id,
        grid_id=room.building.grid_id, room=room, household=household, relation=person.relation, name=person.name,
        initials=initials(person.name, person=True), sex=Sex.MALE if person.male else Sex.FEMALE,
        born_on=person.born_on, id_kind=IdKind.RESIDENT, id_number_sealed=seal(number),
        id_number_digest=digest("id_number", number) if number else None, phone_sealed=seal(phone),
        phone_digest=digest("phone", phone) if phone else None,
        phone_tail_digest=digest("phone_tail", phone) if phone else None,
        nationality=world.weighed(world.words["nations"]), education=_education(age, world),
        work_unit=world.pick(world.words["work_units"]) if 20 < age < 60 and world.happens(0.5) else "",
        registered=Registered.ELSEWHERE if away else Registered.HERE if world.happens(0.93) else Registered.UNKNOWN,
        registered_address=f"清禾市{world.pick(world.words['towns'])}" if away else "",
        note=world.pick(world.words["notes"]) if world.happens(0.02) else "", created_at=moment, changed_at=moment,
    )  # fmt: skip


def _education(age: int, world: World) -> str:
    if age < 6:
        return "未上学"
    if age < 18:
        return "小学" if age < 12 else "初中" if age < 15 else "高中"
    old: Sequence[str] = ("小学", "初中", "初中", "高中", "中专")
    young: Sequence[str] = ("高中", "大专", "大专", "本科", "本科", "硕士")
    return world.pick(old if age > 55 else young)
