"""Where people live over time: the spells never overlap, and the last step can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.actions import people_households, people_moves, people_transfer
from nianlun.places.actions.people_step import last_step
from nianlun.places.models import Community, Household, Resident, User
from tests.places.people import make
from tests.places.people.make import everything, written

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def here() -> Community:
    return make.ground()


@pytest.fixture
def secretary(here: Community) -> User:
    return make.viewer(here).user


def spells(one: Resident) -> list[tuple[str, int, int | None]]:
    """Room, and days from today of the beginning and the end."""
    return [
        (f"{spell.room and spell.room.number}", (spell.starts_on - today()).days,
         (spell.ends_on - today()).days if spell.ends_on else None)
        for spell in one.residences.order_by("starts_on", "pk")
    ]  # fmt: skip


def home(here: Community, number: str) -> Household:
    return Household.objects.get(room=make.room(here, 1, number), ended_on=None)


def since(days: int) -> str:
    return (today() - days * DAY).isoformat()


def test_a_family_is_one_household_with_its_head(here: Community) -> None:
    head, wife = make.residents(here, written(relation="户主"), written("李四", relation="妻"))
    household = Household.objects.get()
    assert head.household_id == wife.household_id == household.pk
    assert household.head_id == head.pk and household.code == "wutong-b1-1-101"
    assert wife.relation == "配偶" and wife.initials == "ls" and wife.grid == make.room(here).building.grid


def test_moving_within_the_community(here: Community, secretary: User) -> None:
    one = make.resident(here, since=since(30), relation="户主")
    make.resident(here, "李四", "102", since=since(30))
    target = home(here, "102")
    people_moves.move_in(
        acting_user=secretary, resident=one, home=make.home(here, "102"), relation="其他", on=today() - 10 * DAY,
    )  # fmt: skip
    one.refresh_from_db()
    assert spells(one) == [("101", -30, -10), ("102", -10, None)]
    assert one.household_id == target.pk and not Household.objects.filter(room=make.room(here), ended_on=None).exists()


@pytest.mark.parametrize(
    ("days", "code"),
    [(1, "future"), (-40, "order")],
)
def test_days_that_cannot_be(here: Community, secretary: User, days: int, code: str) -> None:
    one = make.resident(here, since=since(30))
    with pytest.raises(UserError) as refused:
        people_moves.move_out(acting_user=secretary, resident=one, on=today() + days * DAY)
    assert refused.value.code == code


def test_coming_back_before_one_left_is_refused(here: Community, secretary: User) -> None:
    one = make.resident(here, since=since(30))
    people_moves.move_out(acting_user=secretary, resident=one, on=today() - 10 * DAY)
    make.resident(here, "李四", "102", since=since(60))
    with pytest.raises(UserError) as refused:
        people_moves.move_in(
            acting_user=secretary, resident=one, home=make.home(here, "102"), relation="其他", on=today() - 20 * DAY,
        )  # fmt: skip
    assert refused.value.code == "overlap"
    assert spells(one) == [("101", -30, -10)]


def test_moving_out_empties_the_household(here: Community, secretary: User) -> None:
    one = make.resident(here, since=since(30), relation="户主")
    people_moves.move_out(acting_user=secretary, resident=one, on=today(), where="杭州")
    one.refresh_from_db()
    assert (one.state, one.room, one.household, one.grid) == ("moved_out", None, None, None)
    assert Household.objects.get().ended_on == today() and Household.objects.get().head is None
    assert AuditRow.objects.get(action="resident.moved_out").detail["where"] == "杭州"


def test_the_day_of_death_is_the_last_day_here(here: Community, secretary: User) -> None:
    one, _ = make.residents(here, written(since=since(30), relation="户主"), written("李四", since=since(30)))
    people_moves.die(acting_user=secretary, resident=one, on=today() - 3 * DAY)
    one.refresh_from_db()
    assert (one.state, one.died_on, spells(one)) == ("died", today() - 3 * DAY, [("101", -30, -2)])
    assert home(here, "101").head is None
    with pytest.raises(UserError):
        people_moves.move_out(acting_user=secretary, resident=one, on=today())


def test_a_stale_page_is_told(here: Community, secretary: User) -> None:
    one = make.resident(here)
    with pytest.raises(StaleRevision):
        people_moves.move_out(acting_user=secretary, resident=one, on=today(), revision=one.revision + 1)


def test_splitting_joining_and_the_head(here: Community, secretary: User) -> None:
    father, mother, son, wife = make.residents(
        here, written(relation="户主"), written("李四", relation="配偶"), written("张小", relation="子"),
        written("王五", relation="儿媳"),
    )  # fmt: skip
    old = home(here, "101")
    new = people_households.split(
        acting_user=secretary, household=old, relations={son.pk: "户主", wife.pk: "配偶"}, on=today()
    )
    assert {one.name: one.relation for one in Resident.objects.filter(household=new)} == {
        "张小": "户主",
        "王五": "配偶",
    }
    assert new.code == f"{old.code}-2" and new.head_id == son.pk
    people_households.join(
        acting_user=secretary, household=old, into=new, relations={father.pk: "父母", mother.pk: "父母"}, on=today()
    )
    old.refresh_from_db()
    assert (old.ended_on, old.joined_into, Resident.objects.filter(household=new).count()) == (today(), new, 4)
    people_households.change_head(acting_user=secretary, household=new, head=mother, relations={son.pk: "子"})
    mother.refresh_from_db()
    son.refresh_from_db()
    assert (mother.relation, son.relation) == ("户主", "子")
    assert Household.objects.get(pk=new.pk).head == mother
    assert mother.residences.get(ends_on=None).relation == "户主"


@pytest.mark.parametrize(
    "relations",
    [{}, {"son": "子"}, {"son": "户主", "wife": "户主"}, {"father": "户主", "son": "子", "wife": "其他"}],
)
def test_a_split_that_makes_no_household(here: Community, secretary: User, relations: dict[str, str]) -> None:
    people = dict(
        zip(
            ("father", "son", "wife"),
            make.residents(here, written(relation="户主"), written("张小"), written("王五")),
            strict=True,
        )
    )
    with pytest.raises(UserError):
        people_households.split(
            acting_user=secretary, household=home(here, "101"), on=today(),
            relations={people[who].pk: relation for who, relation in relations.items()},
        )  # fmt: skip


@pytest.mark.parametrize("act", ["move", "move_new", "move_out", "die", "split", "join", "head"])
def test_the_last_step_goes_back_exactly(here: Community, secretary: User, act: str) -> None:
    one, other = make.residents(
        here, written(relation="户主", since=since(9)), written("李四", relation="配偶", since=since(9))
    )
    make.resident(here, "王五", "102", since=since(9), relation="户主")
    first, second = home(here, "101"), home(here, "102")
    before = everything()
    common: dict[str, Any] = {"acting_user": secretary}
    acts: dict[str, Callable[[], object]] = {
        "move": lambda: people_moves.move_in(
            **common, resident=one, home=make.home(here, "102"), relation="其他", on=today()
        ),
        "move_new": lambda: people_moves.move_in(
            **common, resident=one, home=make.home(here, "301"), relation="户主", on=today()
        ),
        "move_out": lambda: people_moves.move_out(**common, resident=one, on=today()),
        "die": lambda: people_moves.die(**common, resident=one, on=today()),
        "split": lambda: people_households.split(**common, household=first, relations={one.pk: "户主"}, on=today()),
        "join": lambda: people_households.join(**common, household=first, into=second, relations={}, on=today()),
        "head": lambda: people_households.change_head(**common, household=first, head=other, relations={}),
    }
    acts[act]()
    assert everything() != before
    step = last_step(one)
    assert step is not None
    people_transfer.undo_last(acting_user=secretary, record=one, step=step.pk)
    assert everything() == before and last_step(one) is None
    with pytest.raises(UserError):
        people_transfer.undo_last(acting_user=secretary, record=one, step=step.pk)


def test_a_step_that_something_was_built_on_stays(here: Community, secretary: User) -> None:
    one = make.resident(here, relation="户主", since=since(9))
    people_moves.move_out(acting_user=secretary, resident=one, on=today() - 5 * DAY)
    out = last_step(one)
    assert out is not None
    make.resident(here, "李四", "102", since=since(9))
    people_moves.move_in(
        acting_user=secretary, resident=one, home=make.home(here, "102"), relation="其他", on=today(),
    )  # fmt: skip
    with pytest.raises(UserError) as refused:
        people_transfer.undo_last(acting_user=secretary, record=one, step=out.pk)
    assert refused.value.code == "changed_since"


def test_taking_over_from_another_community(here: Community, secretary: User) -> None:
    number = make.id_number()
    there = make.ground("lanhua")
    one = make.resident(there, id_number=number, relation="户主", since=since(100))
    make.resident(here, "李四", since=since(9))
    where = {"home": make.home(here, "101"), "relation": "其他", "on": today()}
    common: dict[str, Any] = {"acting_user": secretary, "community": here, **where}
    for name, given in (("张四", number), ("张三", make.id_number()), ("张三", "1")):
        with pytest.raises(UserError):
            people_transfer.take_over(**common, name=name, id_number=given)
    people_transfer.take_over(**common, name="张三", id_number=number)
    one.refresh_from_db()
    assert one.community == here and spells(one) == [("101", -100, 0), ("101", 0, None)]
    assert set(AuditRow.objects.filter(record_id=one.pk).values_list("action", flat=True)) == {
        "resident.registered", "resident.taken_over", "resident.given_up"
    }  # fmt: skip
    outsider = make.ground("far", of="other")
    with pytest.raises(UserError):
        people_transfer.find_elsewhere(outsider, "张三", number)
