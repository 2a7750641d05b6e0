"""A made-up subdistrict of any size, with a secretary, a worker and a grid worker in its first community."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from nianlun.demo.register.fill import Filled, Wanted, fill
from nianlun.demo.register.world import World
from nianlun.kernel.clock import today
from nianlun.places.models import Community, Post, PostKind, Subdistrict, User

COMMUNITIES = 20


@dataclass(frozen=True, slots=True)
class Town:
    """The communities that were filled; `people` has a user by kind of post, those of a community in the first."""

    subdistrict: Subdistrict
    filled: list[Filled]
    people: dict[str, User]


def build(households: int, *, communities: int = COMMUNITIES, seed: int = 1) -> Town:
    """So many households in all, spread evenly; statistics are fresh when it ends."""
    subdistrict = Subdistrict.objects.create(code="bench", name="测量街道")
    world = World(seed, today())
    filled, people = [], {}
    for number in range(communities):
        community = Community.objects.create(subdistrict=subdistrict, code=f"c{number:02}", name=f"第{number + 1}社区")
        keeper = _user(f"keeper{number}", PostKind.SECRETARY, community)
        walker = _user(f"walker{number}", PostKind.GRID_WORKER, community)
        post = Post.objects.select_related("user").get(user=walker)
        filled.append(fill(Wanted(community, households // communities, keeper, [post]), world))
        if number == 0:
            people = {"secretary": keeper, "grid_worker": walker}
            people["worker"] = _user("worker", PostKind.WORKER, community)
    people["subdistrict"] = _user("officer", PostKind.SUBDISTRICT, None, subdistrict)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return Town(subdistrict, filled, people)


def _user(username: str, kind: str, community: Community | None, subdistrict: Subdistrict | None = None) -> User:
    user = User.objects.create(username=username, name=username, password="!", must_change_password=False)
    of = community.subdistrict if community else subdistrict
    assert of is not None
    Post.objects.create(user=user, kind=kind, subdistrict=of, community=community, lines=["elderly", "grid"])
    return user
