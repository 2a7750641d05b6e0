"""Filling communities with a made-up register, of any size, by bulk writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from nianlun.demo.register.ground import Ground, lay_out
from nianlun.demo.register.groups import found
from nianlun.demo.register.residents import People, settle
from nianlun.demo.register.rounds import verify
from nianlun.demo.register.tags import mark
from nianlun.demo.register.world import World
from nianlun.places.models import Community, GridDuty, Post, User
from nianlun.places.search.index import index


@dataclass(frozen=True, slots=True)
class Wanted:
    """One community to fill: how many households, who keeps its register, and whose posts walk its grids, in turn."""

    community: Community
    households: int
    keeper: User
    walkers: Sequence[Post] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was written of a community."""

    ground: Ground
    people: People


@transaction.atomic
def fill(wanted: Wanted, world: World) -> Filled:
    """Write a whole register of a community that has none yet, and index it."""
    ground = lay_out(wanted.community, wanted.households, world)
    people = settle(ground, wanted.households, world)
    posts = _posts(ground, wanted.walkers)
    walkers = {grid: post.user if post else None for grid, post in posts.items()}
    verified = verify(ground, people, world, walkers, wanted.keeper)
    ground.write()
    people.write(wanted.keeper)
    verified.write()
    GridDuty.objects.bulk_create(
        GridDuty(grid_id=grid, post=post, starts_on=world.days_ago(200, 500)) for grid, post in posts.items() if post
    )
    mark(people, world, wanted.keeper)
    groups = found(ground, people, wanted.households, world, wanted.keeper)
    rows: list[Model] = [*ground.grids, *ground.estates, *ground.buildings, *people.households, *people.residents]
    index([*rows, *groups])
    return Filled(ground, people)


def _posts(ground: Ground, walkers: Sequence[Post]) -> Mapping[UUID, Post | None]:
    """Who walks each grid; with fewer walkers than grids some walk several."""
    if not walkers:
        return {grid.pk: None for grid in ground.grids}
    return {grid.pk: post for grid, post in zip(ground.grids, cycle(walkers), strict=False)}
