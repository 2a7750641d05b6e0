"""Random moves in the past and to come: every day has one grid or none, and who was where agrees with a plain model."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nianlun.kernel.clock import CHINA, frozen, today
from nianlun.places.actions.ground import Act
from nianlun.places.actions.ground_moves import follow_spells, move_buildings
from nianlun.places.models import Building, Grid, Residence, Resident
from nianlun.places.policy import Policy
from nianlun.places.viewing import CommunityViewer
from nianlun.places.where import who_was
from tests.places import make as people
from tests.places.ground import make

START, DAYS = date(2026, 1, 1), 12
DAY = [START + timedelta(days=number) for number in range(DAYS)]
moves = st.lists(
    st.tuples(st.sets(st.integers(0, 2), min_size=1), st.integers(0, 2), st.sampled_from(DAY)), max_size=6
)  # which buildings, to which grid, from when
homes = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, DAYS - 2), st.integers(1, DAYS)), max_size=5
)  # in which building, from which day, for how many


class Spells(TestCase):
    """Each example in a transaction of its own."""

    @given(moves, homes, st.sampled_from(DAY))
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_the_register_agrees_with_a_plain_model(
        self, done: list[tuple[set[int], int, date]], lived: list[tuple[int, int, int]], now: date
    ) -> None:
        with frozen(datetime(now.year, now.month, now.day, 12, tzinfo=CHINA)):
            here = people.community()
            user = people.secretary(at=here)
            grids = [make.grid(name, at=here, opened_on=START) for name in "一二三"]
            houses = [make.building(f"{name}号楼", at=here) for name in "一二三"]
            model: list[dict[date, Grid]] = [{}, {}, {}]
            for which, to, on in done:
                chosen = [houses[number] for number in which]
                move_buildings(chosen, to=grids[to], on=on, act=Act(user, here))
                for number in which:
                    for day in DAY:
                        if day >= on:
                            model[number][day] = grids[to]
            residents: list[tuple[Resident, int, int, int]] = []
            for number, (house, first, length) in enumerate(lived):
                until = START + timedelta(days=first + length)
                door = make.room(f"1{number:02}", of=houses[house])
                one = make.resident(f"居民{number}", behind=door, since=DAY[first], until=until)
                residents.append((one, house, first, length))
            self.check(grids, houses, model, residents, CommunityViewer(user, here, Policy(user)))

    def check(
        self,
        grids: list[Grid],
        houses: list[Building],
        model: list[dict[date, Grid]],
        residents: list[tuple[Resident, int, int, int]],
        viewer: CommunityViewer,
    ) -> None:
        for number, day in ((number, day) for number in range(3) for day in DAY):
            held = [
                spell.grid
                for spell in houses[number].grid_spells.all()
                if spell.starts_on <= day and (spell.ends_on is None or day < spell.ends_on)
            ]
            assert held == ([model[number][day]] if day in model[number] else [])
        for house, grid_of in zip(houses, model, strict=True):
            house.refresh_from_db()
            assert house.grid == grid_of.get(today())
        for grid, (place, day) in ((grid, there) for grid in grids for there in enumerate(DAY)):
            then = who_was(viewer, grid, day)
            in_it = {number for number in range(3) if model[number].get(day) == grid}
            assert {house.building for house in then.houses} == {houses[number] for number in in_it}
            expected = {
                one.pk for one, house, first, length in residents if house in in_it and first <= place < first + length
            }
            assert then.residences is not None
            assert {residence.resident_id for residence in then.residences} == expected
            assert then.people == len(expected)


@pytest.fixture
def frozen_day() -> Iterator[None]:
    with frozen(datetime(2026, 3, 5, 12, tzinfo=CHINA)):
        yield


@pytest.mark.django_db
def test_who_was_where_is_known_to_each_as_far_as_their_post_goes(frozen_day: None) -> None:
    here = people.community()
    one, two = make.grid("一", at=here), make.grid("二", at=here)
    house = make.building(at=here, grid=one)
    for number in range(3):
        make.resident(f"居民{number}", behind=make.room(f"10{number}", of=house))
    secretary, walker = people.secretary(at=here), people.worker("walker", at=here, kind="grid_worker")
    section = people.officer("section", of=here.subdistrict)
    admin = people.officer("admin", of=here.subdistrict, kind="administrator")
    post = walker.posts.get()
    two.duties.create(post=post, starts_on=START)
    before = date(2026, 2, 1)
    move_buildings([house], to=two, on=date(2026, 3, 1), act=Act(secretary, here))

    def seen(user: object, grid: Grid = one) -> tuple[int | None, int | None, int, bool]:
        viewer = CommunityViewer(user, here, Policy(user))  # type: ignore[arg-type]
        then = who_was(viewer, grid, before)
        return then.people, None if then.residences is None else then.residences.count(), then.others, then.exact

    assert seen(secretary) == (3, 3, 0, True)
    assert seen(walker) == (3, 3, 0, True), "they live in the walker's grid now"
    assert seen(section) == (3, None, 0, False), "a number that is shown as <5"
    assert seen(admin) == (None, None, 0, False)
    two.duties.all().delete()
    assert seen(walker) == (0, 0, 3, True)
    assert Residence.objects.count() == 3 and follow_spells(Building.objects.all()) == 0
