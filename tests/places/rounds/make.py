"""A community of two buildings in two grids, six doors each, with a grid worker for each, and rounds through it."""

from __future__ import annotations

from datetime import timedelta

from nianlun.kernel.clock import today
from nianlun.places.actions.rounds import Begun, begin_round
from nianlun.places.models import Building, Community, Round, RoundRoom, User
from tests.places.people import make as people


def home() -> Community:
    return people.ground()


def walkers(community: Community) -> tuple[User, User]:
    """Whoever walks the first grid, and the second."""
    one, two = (people.grid_worker(community, number, username=f"walker{number}") for number in (1, 2))
    return one, two


def begin(community: Community, *buildings: int, name: str = "春季核实", days: int = 30) -> Begun:
    """A round that the secretary begins today, through these buildings by their numbers, or all."""
    chosen = Building.objects.filter(community=community)
    if buildings:
        chosen = chosen.filter(code__in=[f"{community.code}-b{number}" for number in buildings])
    return begin_round(
        acting_user=people.viewer(community).user, community=community, name=name, starts_on=today(),
        ends_on=today() + timedelta(days=days), buildings=chosen,
    )  # fmt: skip


def door(round: Round, number: str = "101", building: int = 1) -> RoundRoom:
    return RoundRoom.objects.get(
        round=round, room__number=number, room__building__code=f"{round.community.code}-b{building}"
    )
