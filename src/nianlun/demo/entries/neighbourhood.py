"""Who and what a community's entries are about, and its people who write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from nianlun.demo.register.world import World
from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.check_flow import DOER
from nianlun.ledgers.declarations.model import Ledger, Transition
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rules.flow import Actor
from nianlun.places.models import (
    Body,
    BodyKind,
    Building,
    BuildingGrid,
    Community,
    GridDuty,
    Organisation,
    OrganisationKind,
    Post,
    PostKind,
    Resident,
    ResidentState,
    User,
)

OLD, GROWN = timedelta(days=70 * 365), timedelta(days=20 * 365)
KNOWN = 600  # residents that the year is about
Grids = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Subject:
    kind: str  # person, household, organisation, body, place
    record: Any


class Neighbourhood:
    """Read once: records by sort, and posts by user."""

    def __init__(self, community: Community, world: World) -> None:
        self.community, self.world = community, world
        living = Resident.objects.filter(community=community, state=ResidentState.LIVING).exclude(grid=None)
        people = list(living.select_related("building__estate", "household__head").order_by("pk")[:KNOWN])
        firms = Organisation.objects.filter(community=community, closed_on=None).exclude(kind=OrganisationKind.OWNERS)
        bodies = list(Body.objects.filter(community=community, closed_on=None).order_by("pk"))
        day = world.today
        self._records: dict[str, list[Any]] = {
            "person": [one for one in people if one.born_on and one.born_on < day - GROWN],
            "aged": [one for one in people if one.born_on and one.born_on < day - OLD],
            "household": [one.household for one in people if one.household and one.household.head_id == one.pk],
            "organisation": list(firms.select_related("building__estate").order_by("pk")),
            "body": [one for one in bodies if one.kind != BodyKind.BRANCH],
            "team": [one for one in bodies if one.kind in {BodyKind.TEAM, BodyKind.GROUP}] or bodies,
            "branch": [one for one in bodies if one.kind == BodyKind.BRANCH] or bodies,
            "place": list(Building.objects.filter(community=community).select_related("estate").order_by("pk")),
        }
        self._spells: dict[UUID, list[BuildingGrid]] = {}
        for spell in BuildingGrid.objects.filter(building__community=community):
            self._spells.setdefault(spell.building_id, []).append(spell)
        self.checklists = catalogue.checklists_at(community)
        self._read_posts()

    def _read_posts(self) -> None:
        there = Post.objects.filter(subdistrict=self.community.subdistrict_id).select_related("user")
        self.posts: dict[UUID, list[Post]] = {}
        for post in there.order_by("pk"):
            if post.community_id in {None, self.community.pk}:
                self.posts.setdefault(post.user_id, []).append(post)
        self.users = {post.user_id: post.user for posts in self.posts.values() for post in posts}
        self.walked: dict[UUID, Grids] = {}
        for user, grid in GridDuty.objects.filter(ends_on=None).values_list("post__user_id", "grid_id"):
            self.walked[user] = self.walked.get(user, frozenset()) | {grid}

    def at_home(self) -> list[User]:
        """Those whose post is in the community itself."""
        return [self.users[pk] for pk, posts in self.posts.items() if posts[0].community_id]

    def actor(self, user: User) -> Actor:
        return Actor(user.pk, frozenset(post.kind for post in self.posts[user.pk]))

    def is_walker(self, user: User) -> bool:
        return self.actor(user).posts == {PostKind.GRID_WORKER}

    def pick(self, sort: str, by: User | None = None) -> Any:
        """A record of a sort, for a grid worker one of their grids; None where there is none."""
        among: Sequence[Any] = self._records[sort]
        if by is not None and self.is_walker(by):
            grids = self.walked.get(by.pk, frozenset())
            among = [one for one in among if getattr(one, "grid_id", None) in grids]
        return self.world.pick(among) if among else None

    def grid_on(self, building: UUID | None, day: date) -> UUID | None:
        """The grid in which a building lay on a day."""
        for spell in self._spells.get(building, []) if building else []:
            if spell.starts_on <= day and (spell.ends_on is None or spell.ends_on > day):
                return spell.grid_id
        return None

    def lines_of(self, user: User) -> list[str]:
        return [line for post in self.posts[user.pk] for line in post.lines]

    def sees(self, user: User, ledger: Ledger, lines: Sequence[str], grid: UUID | None) -> bool:
        """As the rights of ledgers say, of somebody who had no part in the entry."""
        for post in self.posts[user.pk]:
            own = not ledger.sensitive or bool({*lines} & {*post.lines})
            match post.kind:
                case PostKind.SECRETARY:
                    return True
                case PostKind.GRID_WORKER:
                    if not ledger.sensitive and (grid is None or grid in self.walked.get(user.pk, frozenset())):
                        return True
                case kind if kind == PostKind.WORKER or kind in ledger.sees:
                    if own:
                        return True
        return False

    def writer(self, ledger: Ledger, lines: Sequence[str]) -> User:
        """Who files: mostly those whose line of work it is, the secretary seldom."""
        weights: dict[UUID, float] = {}
        for pk, posts in self.posts.items():
            for post in posts:
                if post.kind in ledger.files_by and post.community_id == self.community.pk:
                    own = bool({*lines} & {*post.lines}) or (not lines and post.kind != PostKind.SECRETARY)
                    weights[pk] = 8 if own else 0.4 if ledger.sensitive else 1
        return self.users[self.world.weighed(weights)]

    def stepper(self, step: Transition, entry: Entry, ledger: Ledger, without: Sequence[UUID] = ()) -> User | None:
        """Who makes a step: its doer where they may, for a second person's step another; None where there is nobody."""
        may = []
        for pk, posts in self.posts.items():
            by_post = bool({*step.who} & {post.kind for post in posts}) or (DOER in step.who and pk in entry.doers)
            part = pk in entry.doers or pk == entry.recorded_by_id
            seen = part or self.sees(self.users[pk], ledger, entry.lines, entry.grid_id)
            if by_post and seen and pk not in without and not (step.second_person and pk in entry.doers):
                may.append(pk)
        at_home = [pk for pk in may if self.posts[pk][0].community_id is not None]
        doers = [pk for pk in at_home if pk in entry.doers]
        if doers and not step.second_person and (ledger.sensitive or self.world.happens(0.8)):
            return self.users[doers[0]]
        return self.users[self.world.pick(at_home or may)] if may else None
