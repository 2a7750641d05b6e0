"""The demo's register: three communities filled, some of their numbers revealed for a purpose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from nianlun.demo.register.fill import Filled, Wanted, fill
from nianlun.demo.register.world import World
from nianlun.kernel.clock import CHINA, frozen, today
from nianlun.places.actions.reveal import reveal
from nianlun.places.models import Community, Post, User

SEED = 2027
# community: households, who keeps its register, who walks its grids (where nobody does, rooms wait to be handed out)
COMMUNITIES: Mapping[str, tuple[int, str, tuple[str, ...]]] = {
    "wutong": (900, "shuji", ("wangge3", "wangge1", "wangge2")),
    "heying": (600, "heying", ("heying3",)),
    "shuiku": (400, "shuiku", ()),
}
REVEALED_BY = ("minzheng", "shuji", "wangge3")
REVEALS = 7


def load_register(users: Mapping[str, User]) -> None:
    """After the communities and their people are there."""
    world = World(SEED, today())
    filled = {}
    for code, (households, keeper, walkers) in COMMUNITIES.items():
        posts = {post.user.username: post for post in _posts(code, walkers)}
        wanted = Wanted(
            Community.objects.get(code=code), households, users[keeper], [posts[username] for username in walkers]
        )
        filled[code] = fill(wanted, world)
    _reveal(filled["wutong"], users, world)


def _posts(community: str, usernames: tuple[str, ...]) -> list[Post]:
    held = Post.objects.filter(community__code=community, user__username__in=usernames)
    return list(held.select_related("user"))


def _reveal(filled: Filled, users: Mapping[str, User], world: World) -> None:
    """Over the last two weeks, at office hours, the oldest first."""
    first = filled.ground.grids[0]
    for number in range(REVEALS):
        by = users[REVEALED_BY[number % len(REVEALED_BY)]]
        known = [one for one in filled.people.living if one.grid_id == first.pk and one.phone_sealed]
        at = datetime.combine(
            today() - timedelta(days=2 * (REVEALS - number)), time(9 + number, 12 * number % 60), CHINA
        )
        with frozen(at):
            reveal(acting_user=by, record=world.pick(known), field="phone", purpose=world.pick(world.words["purposes"]))
