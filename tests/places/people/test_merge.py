"""Two entries that are one person: what hangs on both stays, and undoing gives back both as they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.actions import people_merge, people_moves, people_relationships, people_tags
from nianlun.places.actions.people_merge import CHOICES, HOME
from nianlun.places.models import (
    Body,
    Community,
    Findable,
    Household,
    Member,
    Merge,
    Relationship,
    Residence,
    Resident,
    ResidentTag,
    User,
)
from nianlun.places.rules.spells import Spell, without
from tests.places.people import make
from tests.places.people.make import REGISTER, everything, written

pytestmark = pytest.mark.django_db
START = date(2020, 1, 1)


@pytest.fixture
def here() -> Community:
    return make.ground()


@pytest.fixture
def secretary(here: Community) -> User:
    return make.viewer(here).user


def pair(here: Community) -> tuple[Resident, Resident]:
    one, other = make.residents(
        here,
        written(relation="户主", since="2024-01-01", phone="13800138000", education="本科"),
        written("张山", "102", relation="户主", since="2025-01-01", id_number=make.id_number()),
    )
    return one, other


def test_what_hangs_on_the_dropped_one_moves(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    third = make.resident(here, "李四", "201")
    people_tags.tag(acting_user=secretary, resident=dropped, code="veteran")
    people_relationships.relate(acting_user=secretary, resident=third, other=dropped, kind="carer")
    people_relationships.relate(acting_user=secretary, resident=kept, other=dropped, kind="sibling")
    body = Body.objects.create(community=here, name="巡逻队")
    Member.objects.create(body=body, resident=dropped)
    before = everything()
    done = people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped, taken=["name", "id_number"])
    kept.refresh_from_db()
    dropped.refresh_from_db()
    assert (dropped.state, dropped.merged_into, dropped.room, dropped.household) == ("merged", kept, None, None)
    assert kept.name == "张山" and kept.id_number_digest is not None and kept.born_on == date(1980, 5, 17)
    assert unseal(kept.phone_sealed) == "13800138000" and dropped.name == "张三"
    assert [tag.code for tag in kept.tags.all()] == ["veteran"]
    assert Relationship.objects.get().other == kept and Member.objects.get().resident == kept
    assert [(spell.room and spell.room.number, spell.ends_on) for spell in kept.residences.all()] == [("101", None)]
    assert Household.objects.get(room__number="102").ended_on == today()
    assert not Findable.objects.filter(kind="resident", record_id=dropped.pk).exists()
    assert "1380013" not in str(done.moved) and str(kept.id_number_sealed) not in str(done.moved)
    people_merge.part(acting_user=secretary, merge=done)
    assert everything() == before
    assert Findable.objects.filter(kind="resident", record_id=dropped.pk).exists()


def test_the_home_of_the_dropped_one_may_be_taken(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped, taken=[HOME])
    kept.refresh_from_db()
    assert kept.room == make.room(here, 1, "102") and kept.relation == "户主"
    assert Household.objects.get(room=kept.room).head == kept
    assert [
        (spell.room and spell.room.number, spell.starts_on.year, spell.ends_on) for spell in kept.residences.all()
    ] == [("102", 2025, None), ("101", 2024, date(2025, 1, 1))]


def test_who_still_lives_here_stays(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    people_moves.move_out(acting_user=secretary, resident=kept, on=date(2024, 6, 1))
    people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped)
    kept.refresh_from_db()
    assert kept.state == "living" and kept.room == make.room(here, 1, "102")


def test_what_cannot_be_merged(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    elsewhere = make.resident(make.ground("lanhua"), "张三")
    common: dict[str, Any] = {"acting_user": secretary, "kept": kept}
    for refused in ({"dropped": kept}, {"dropped": elsewhere}, {"dropped": dropped, "taken": ["state"]}):
        with pytest.raises(UserError):
            people_merge.merge(**common, **refused)
    with pytest.raises(StaleRevision):
        people_merge.merge(**common, dropped=dropped, revisions=(kept.revision, dropped.revision + 1))
    people_merge.merge(**common, dropped=dropped)
    with pytest.raises(UserError):
        people_merge.merge(**common, dropped=dropped)


def test_a_merge_that_something_was_built_on_stays(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    done = people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped, taken=[HOME])
    people_moves.move_out(acting_user=secretary, resident=kept, on=today())
    with pytest.raises(UserError):
        people_merge.part(acting_user=secretary, merge=done)


def test_a_later_edit_does_not_hold_it_back(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    done = people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped)
    row = REGISTER.rows(make.viewer(here)).get(pk=kept.pk)
    REGISTER.save(REGISTER.check([{"note": "新"}], make.viewer(here), [row]), make.viewer(here), source="form")
    people_merge.part(acting_user=secretary, merge=done)
    with pytest.raises(UserError):
        people_merge.part(acting_user=secretary, merge=done)
    kept.refresh_from_db()
    assert kept.note == "新" and Resident.objects.filter(state="living").count() == 2


def test_the_address_of_the_dropped_one_leads_to_the_kept(here: Community, secretary: User) -> None:
    kept, dropped = pair(here)
    third = make.resident(here, "李四", "201")
    people_merge.merge(acting_user=secretary, kept=kept, dropped=dropped)
    assert REGISTER.instead_of(dropped.pk, make.viewer(here)) == kept
    people_merge.merge(acting_user=secretary, kept=third, dropped=kept)
    assert REGISTER.instead_of(dropped.pk, make.viewer(here)) == third
    assert REGISTER.instead_of(third.pk, make.viewer(here)) is None


days = st.integers(0, 60)
spell = st.tuples(days, st.one_of(st.none(), days)).map(
    lambda pair: (START + timedelta(pair[0]), None if pair[1] is None else START + timedelta(max(pair[0], pair[1])))
)


def covers(spells: list[Spell], day: date) -> bool:
    return any(start <= day and (end is None or day < end) for start, end in spells)


@given(spell, st.lists(spell, max_size=4))
def test_a_spell_without_others_is_what_they_leave_free(whole: Spell, others: list[Spell]) -> None:
    parts = without(whole, others)
    for number in range(70):
        day = START + timedelta(number)
        assert covers(parts, day) == (covers([whole], day) and not covers(others, day))
        assert sum(covers([part], day) for part in parts) <= 1


apart = st.lists(st.integers(0, 40), min_size=0, max_size=6, unique=True).map(sorted)


@given(
    data=st.data(), lived=st.tuples(apart, apart), taken=st.sets(st.sampled_from([*CHOICES, HOME])),
    tags=st.tuples(*[st.sets(st.sampled_from(["veteran", "volunteer"]))] * 2), states=st.tuples(*[st.booleans()] * 2),
)  # fmt: skip
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_merging_and_undoing_changes_nothing(
    here: Community, secretary: User, data: st.DataObject, lived: tuple[list[int], list[int]], taken: set[str],
    tags: tuple[set[str], set[str]], states: tuple[bool, bool],
) -> None:  # fmt: skip
    number = Merge.objects.count()
    people = make.residents(
        here,
        written(f"甲{number}", "101", since="2026-01-01", household=f"A{number}", relation="户主"),
        written(f"乙{number}", data.draw(st.sampled_from(["101", "202"])), since="2026-02-01",
                household=data.draw(st.sampled_from([f"B{number}"])), relation="户主", phone=f"139{number:08}"),
    )  # fmt: skip
    for one, turns, codes, leaves in zip(people, lived, tags, states, strict=True):
        for start, end in zip(turns[::2], turns[1::2], strict=False):
            Residence.objects.create(
                resident=one, room=one.room, starts_on=START + timedelta(start), ends_on=START + timedelta(end)
            )
        for code in codes:
            ResidentTag.objects.create(resident=one, code=code, starts_on=START)
        if leaves:
            people_moves.move_out(acting_user=secretary, resident=one, on=today())
    before = everything()
    done = people_merge.merge(acting_user=secretary, kept=people[0], dropped=people[1], taken=taken)
    assert not Residence.objects.filter(resident=people[1]).exists()
    people_merge.part(acting_user=secretary, merge=done)
    assert everything() == before
