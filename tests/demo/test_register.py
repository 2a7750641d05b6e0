"""The made-up register is plausible, nobody's, the same for the same seed, and whole."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from django.db.models import F

from nianlun.demo.load import load
from nianlun.demo.register.families import family
from nianlun.demo.register.fill import Filled, Wanted, fill
from nianlun.demo.register.world import MOBILE, REGION, World
from nianlun.kernel.clock import today
from nianlun.kernel.fields import Field
from nianlun.kernel.fields.secrets import born, is_male, parse_credit_code, parse_id_number, parse_phone
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.models import (
    Body,
    Building,
    BuildingGrid,
    Findable,
    GridDuty,
    Household,
    Member,
    Organisation,
    Post,
    Residence,
    Resident,
    ResidentTag,
    Room,
    RoundRoom,
    User,
)
from nianlun.places.policy import Policy
from nianlun.places.rules.shapes import overlaps, read_shape
from nianlun.places.rules.tags import shipped
from nianlun.places.search.find import find
from tests.places import make

HOUSEHOLDS = 150


@pytest.fixture
def filled(db: None) -> Filled:
    at = make.community()
    walker = make.worker("walker", at=at, kind="grid_worker")
    keeper = make.secretary(at=at)
    return fill(Wanted(at, HOUSEHOLDS, keeper, [Post.objects.get(user=walker)]), World(1, today()))


def test_numbers_are_well_formed_and_nobodys() -> None:
    world = World(1, date(2027, 3, 6))
    day = date(1980, 2, 29)
    numbers = {world.id_number(day, male=male) for male in (True, False) for _ in range(400)}
    assert len(numbers) == 800
    for number in numbers:
        assert parse_id_number(number, Field("id", "证件号码")).startswith(REGION) and born(number) == day
    assert is_male(world.id_number(day, male=True)) and not is_male(world.id_number(day, male=False))
    assert parse_phone(world.phone(), Field("phone", "手机")).startswith(MOBILE)
    assert parse_credit_code(world.credit_code(), Field("code", "信用代码"))


def test_people_live_in_families_of_a_plausible_size_and_age(filled: Filled) -> None:
    living = filled.people.living
    sizes = Counter(one.household_id for one in living if one.household_id)
    assert len(sizes) == HOUSEHOLDS and set(sizes.values()) <= {1, 2, 3, 4, 5}
    assert 2.2 < len(living) / HOUSEHOLDS < 3.0
    ages = [(today() - one.born_on).days // 365 for one in living if one.born_on]
    assert 0.1 < sum(age >= 60 for age in ages) / len(ages) < 0.35 and min(ages) < 6
    for household in Household.objects.filter(ended_on=None).select_related("head"):
        assert household.head is not None and household.head.household_id == household.pk


def test_columns_agree_with_spells_and_numbers(filled: Filled) -> None:
    for one in Resident.objects.select_related("building").prefetch_related("residences"):
        spells = list(one.residences.all())
        open_spells = [spell for spell in spells if spell.ends_on is None]
        assert [spell.room_id for spell in open_spells] == ([one.room_id] if one.room_id else [])
        assert all(one.born_on is None or spell.starts_on >= one.born_on for spell in spells)
        if number := unseal(one.id_number_sealed):
            assert born(number) == one.born_on and is_male(number) == (one.sex == "male")
        if one.building:
            assert one.grid_id == one.building.grid_id
    spells_now = BuildingGrid.objects.filter(ends_on=None)
    assert spells_now.filter(grid=F("building__grid")).count() == Building.objects.count()
    states = Counter(one.state for one in filled.people.residents)
    assert states["moved_out"] and states["died"] and Household.objects.exclude(joined_into=None).exists()


def test_there_is_something_of_everything(filled: Filled) -> None:
    assert Room.objects.filter(verified_on=None).exists() and Room.objects.exclude(verified_on=None).exists()
    assert Resident.objects.exclude(verified_on=None).exists()
    handed = RoundRoom.objects.filter(round__closed_on=None)
    assert 0 < handed.exclude(done_on=None).count() < handed.count()
    special = {tag.code for tag in shipped().values() if tag.special}
    given = ResidentTag.objects.filter(code__in=special)
    assert given.exists() and not given.filter(consent_on=None).exists() and not given.filter(ends_on=None).exists()
    assert Organisation.objects.filter(kind="property", estates__isnull=False).exists()
    assert Body.objects.exclude(parent=None).exists() and Member.objects.exclude(resident=None).exists()
    assert GridDuty.objects.count() == len(filled.ground.grids)
    assert overlaps([read_shape(one.shape) for one in filled.ground.bounds]) == []
    twice = Counter((one.name, one.born_on, one.building_id) for one in filled.people.living)
    assert max(twice.values()) == 2
    assert Findable.objects.filter(kind="resident").count() == Resident.objects.count()


def test_the_same_seed_gives_the_same_people() -> None:
    worlds = [World(seed, date(2027, 3, 6)) for seed in (3, 3, 4)]
    first, second, other = ([family(world) for _ in range(50)] for world in worlds)
    assert first == second != other


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_has_a_register_that_its_people_can_use() -> None:
    load(entries=0)
    assert set(Resident.objects.values_list("community__code", flat=True)) == {"wutong", "heying", "shuiku"}
    assert Residence.objects.count() > 4_000
    walker = User.objects.get(username="wangge3")
    hits = [hit for group in find(Policy(walker), "qfy") + find(Policy(walker), "第1网格") for hit in group.hits]
    assert hits
    log = AuditRow.objects.filter(action="secret.revealed")
    assert log.count() >= 5 and "154" not in str(list(log.values_list("detail", flat=True)))
