"""Who lives together behind a door: made-up families, as members with ages, not yet of the register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from nianlun.demo.register.world import World
from nianlun.places.rules.relations import HEAD, SPOUSE


@dataclass(frozen=True, slots=True)
class Person:
    """One member; `relation` is to the head of the household, who comes first."""

    name: str
    male: bool
    born_on: date
    relation: str


def family(world: World) -> list[Person]:
    """One household, of one to five people; 2.67 on average."""
    return world.weighed(FAMILIES)(world)


def _person(world: World, age: int, relation: str, *, male: bool | None = None, surname: str = "") -> Person:
    born_on = world.born(age)
    sex = world.happens(0.51) if male is None else male
    return Person((surname or world.surname()) + world.given(male=sex, born_on=born_on), sex, born_on, relation)


def _couple(world: World, least: int, most: int) -> list[Person]:
    age = world.chance.randint(least, most)
    husband = _person(world, age, HEAD, male=True)
    wife = _person(world, max(20, age + world.chance.randint(-5, 2)), SPOUSE, male=False)
    if world.happens(0.25):  # she heads the household
        return [
            Person(wife.name, False, wife.born_on, HEAD),
            Person(husband.name, True, husband.born_on, SPOUSE),
        ]
    return [husband, wife]


def _children(world: World, parents: list[Person], count: int) -> list[Person]:
    """Children bear the father's surname, or the only parent's."""
    father = next((parent for parent in parents if parent.male), parents[0])
    youngest = min((world.today - parent.born_on).days // 365 for parent in parents)
    eldest = max(0, min(youngest - 22, 26))
    ages = sorted((world.chance.randint(max(0, eldest - 9), eldest) for _ in range(count)), reverse=True)
    made = []
    for age in ages:
        male = world.happens(0.52)
        made.append(_person(world, age, "子" if male else "女", male=male, surname=_surname_of(father, world)))
    return made


def _surname_of(person: Person, world: World) -> str:
    double = person.name[:2]
    return double if double in world.words["surnames"] else person.name[:1]


def _alone(least: int, most: int) -> Callable[[World], list[Person]]:
    return lambda world: [_person(world, world.chance.randint(least, most), HEAD)]


def _two(least: int, most: int) -> Callable[[World], list[Person]]:
    return lambda world: _couple(world, least, most)


def _with_children(least: int, most: int, count: int) -> Callable[[World], list[Person]]:
    def made(world: World) -> list[Person]:
        parents = _couple(world, least, most)
        return [*parents, *_children(world, parents, count)]

    return made


def _one_parent(world: World) -> list[Person]:
    parents = [_person(world, world.chance.randint(28, 52), HEAD)]
    return [*parents, *_children(world, parents, 1)]


def _three_generations(world: World) -> list[Person]:
    parents = _couple(world, 28, 44)
    old = [_person(world, world.chance.randint(55, 84), "父母")]
    return [*parents, *_children(world, parents, world.chance.choice([1, 1, 2])), *old]


def _sharing(world: World) -> list[Person]:
    count = world.chance.choice([2, 2, 3])
    ages = [world.chance.randint(20, 34) for _ in range(count)]
    return [_person(world, age, HEAD if number == 0 else "合租") for number, age in enumerate(ages)]


FAMILIES: dict[Callable[[World], list[Person]], float] = {
    _alone(22, 45): 7,
    _alone(46, 64): 4,
    _alone(65, 96): 8,
    _two(24, 38): 6,
    _two(48, 64): 10,
    _two(65, 88): 10,
    _with_children(26, 48, 1): 25,
    _with_children(28, 48, 2): 12,
    _with_children(49, 60, 1): 7,
    _one_parent: 4,
    _three_generations: 11,
    _sharing: 3,
}
