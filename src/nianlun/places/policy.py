"""Who may do what where: one object answers for one record and for a list, so they cannot disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import yaml
from django.db.models import Model, Q, QuerySet

from nianlun.kernel.clock import today
from nianlun.places.models import Community, GridDuty, Post, PostKind, Subdistrict, User

Row = TypeVar("Row", bound=Model)


class May(StrEnum):
    SEE = "see"  # plans, duties and progress of a community
    REVIEW = "review"  # upload, review, edit and adopt plans
    HAND_OUT = "hand_out"  # give duties to people, map words of ownership, enter leave
    DO = "do"  # take, do and postpone duties, add one by hand
    CHARGE = "charge"  # give a community a duty from above (上级交办)
    ACCOUNTS = "accounts"  # make accounts, reset passwords, give and end posts
    TABLES = "tables"  # edit holidays and named days, shared by all
    GROUND = "ground"  # see grids, estates, buildings, rooms, organisations and bodies
    GROUND_EDIT = "ground_edit"
    PEOPLE = "people"  # see residents and households, secret fields masked
    PEOPLE_EDIT = "people_edit"
    COUNTS = "counts"  # see how many residents there are of a kind, not who
    REVEAL = "reveal"  # see a secret field for a purpose
    SHEETS_IN = "sheets_in"
    SHEETS_OUT = "sheets_out"
    MERGE = "merge"  # join two entries that are one person
    ROUNDS = "rounds"  # begin and close rounds of verification
    VERIFY = "verify"  # confirm what is behind a door
    SECURITY = "security"  # demand a second factor, end others' sessions, unlock
    AUDIT = "audit"  # read the log
    DESIGN = "design"  # make ledgers, checklists and fields of one's own
    BACKUPS = "backups"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a kind of post may do, as posts.yaml says."""

    rights: frozenset[May]
    in_grids: frozenset[May]
    hides: frozenset[str]
    every_line: bool
    appoints: frozenset[str]


def _grants() -> dict[str, Grant]:
    read = yaml.safe_load(Path(__file__).with_name("posts.yaml").read_text(encoding="utf-8"))
    return {
        PostKind(kind).value: Grant(
            frozenset(May(right) for right in told["rights"]),
            frozenset(May(right) for right in told.get("in_grids", ())),
            frozenset(told.get("hides", ())),
            {"all": True, "own": False}[told["lines"]],
            frozenset(PostKind(appointed).value for appointed in told.get("appoints", ())),
        )
        for kind, told in read.items()
    }


GRANTS = _grants()
RIGHTS: dict[str, frozenset[May]] = {kind: grant.rights for kind, grant in GRANTS.items()}


class Policy:
    """The rights of one user, from the posts that hold today."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def posts(self) -> list[Post]:
        return list(Post.objects.current().filter(user=self.user).select_related("community", "subdistrict"))

    @cached_property
    def grids(self) -> dict[UUID, set[UUID]]:
        """The grids that each of the user's posts walks today, by the post's id."""
        day = today()
        found: dict[UUID, set[UUID]] = {}
        duties = GridDuty.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), post__in=self.posts, starts_on__lte=day)
        for post, grid in duties.values_list("post_id", "grid_id"):
            found.setdefault(post, set()).add(grid)
        return found

    def communities(self, may: May = May.SEE) -> QuerySet[Community]:
        """Every community where the user has this right, be it in some grids only."""
        scope = Q(pk__in=[])
        for post in self._granting(may):
            scope |= Q(subdistrict_id=post.subdistrict_id) if post.community_id is None else Q(pk=post.community_id)
        return Community.objects.filter(scope).select_related("subdistrict")

    @cached_property
    def visible(self) -> list[Community]:
        """Every community that the user may see, asked of the database once."""
        return list(self.communities())

    def allows(self, may: May, community: Community) -> bool:
        """Whether the user has this right in the community, be it in some grids only."""
        return any(
            post.subdistrict_id == community.subdistrict_id and post.community_id in {None, community.pk}
            for post in self._granting(may)
        )

    def rows(self, rows: QuerySet[Row], may: May) -> QuerySet[Row]:
        """Of a list of records of communities, those for which the user has this right."""
        return rows.filter(self.scope(rows.model, may))

    def scope(self, model: type[Model], may: May) -> Q:
        """The condition on a record's columns under which the user has this right; see `allows_record`."""
        scope, grid_path = Q(pk__in=[]), getattr(model, "GRID_PATH", None)
        for post in self._granting(may):
            if post.community_id:
                reach = Q(community_id=post.community_id)
            else:
                reach = Q(**{getattr(model, "SUBDISTRICT_PATH", "subdistrict_id"): post.subdistrict_id})
            if grid_path and may in GRANTS[post.kind].in_grids:
                reach &= Q(**{f"{grid_path}__in": self.grids.get(post.pk, set())})
            scope |= reach
        return scope

    def allows_record(self, may: May, record: Any) -> bool:
        """Whether the user has this right for one record of a community; the same answer as `scope` gives of a list."""
        return any(True for _ in self._reaching(may, record))

    def hides(self, field: str, record: Any, may: May = May.PEOPLE) -> bool:
        """Whether a field, such as resident.work_unit, is kept from the user, by every post that shows the record."""
        posts = list(self._reaching(may, record))
        return not posts or all(field in GRANTS[post.kind].hides for post in posts)

    def lines_of(self, record: Any, may: May = May.PEOPLE) -> frozenset[str] | None:
        """The lines of work whose marks on a record the user sees; None: of every line."""
        seen: set[str] = set()
        for post in self._reaching(may, record):
            if GRANTS[post.kind].every_line:
                return None
            seen |= set(post.lines)
        return frozenset(seen)

    def _reaching(self, may: May, record: Any) -> Iterator[Post]:
        """The posts that give the right for this record."""
        grid = grid_of(record)
        for post in self._granting(may):
            if post.community_id not in {None, record.community_id} or post.subdistrict_id != record.subdistrict_id:
                continue
            if grid is not NO_GRIDS and may in GRANTS[post.kind].in_grids and grid not in self.grids.get(post.pk, ()):
                continue
            yield post

    def subdistricts(self, may: May = May.SEE) -> list[Subdistrict]:
        """The subdistricts where the user has this right over every community."""
        found = {post.subdistrict_id: post.subdistrict for post in self._granting(may) if post.community_id is None}
        return list(found.values())

    def appoints(self, subdistrict: Subdistrict, community: Community | None) -> frozenset[str]:
        """The kinds of post whose holders' accounts the user keeps: in a community, or in the office (None)."""
        reach = {None, community.pk if community else None}
        return frozenset(
            kind
            for post in self._granting(May.ACCOUNTS)
            if post.subdistrict_id == subdistrict.pk and post.community_id in reach
            for kind in GRANTS[post.kind].appoints
        )

    def keeps(self, post: Post) -> bool:
        """Whether the account of a post's holder is the user's to keep, as far as this post goes."""
        return post.kind in self.appoints(post.subdistrict, post.community)

    def secures(self, user: User) -> bool:
        """Whether the user watches over another's sign-in: all posts held, or to come, are where this right reaches."""
        reach = {subdistrict.pk for subdistrict in self.subdistricts(May.SECURITY)}
        held = set(Post.objects.lasting().filter(user=user).values_list("subdistrict_id", flat=True))
        return bool(held) and held <= reach

    @property
    def home_id(self) -> UUID | None:
        """The id of the subdistrict in whose log the user's own acts stand, such as a change of their password."""
        return next((post.subdistrict_id for post in self.posts), None)

    def demands_second_factor(self) -> bool:
        """Whether one of the user's posts is of a kind that its subdistrict lets in with a second factor only."""
        return any(post.kind in post.subdistrict.second_factor_for for post in self.posts)

    def allows_anywhere(self, may: May) -> bool:
        return any(True for _ in self._granting(may))

    def _granting(self, may: May) -> Iterator[Post]:
        return (post for post in self.posts if may in GRANTS[post.kind].rights)


NO_GRIDS = object()  # for records of kinds that lie in no grid, such as bodies


def grid_of(record: Any) -> object:
    """The id of the grid that a record lies in today, None if in none; NO_GRIDS for kinds that never do."""
    path = getattr(record, "GRID_PATH", None)
    if path is None:
        return NO_GRIDS
    for step in path.split("__"):
        record = getattr(record, f"{step}_id" if step == "grid" else step)
    return record
