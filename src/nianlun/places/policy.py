"""Who may do what where: one object answers for one community and for a list of them, so they cannot disagree."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property

from django.db.models import Q, QuerySet

from nianlun.places.models import Community, Post, PostKind, Subdistrict, User


class May(StrEnum):
    SEE = "see"  # plans, duties and progress of a community
    REVIEW = "review"  # upload, review, edit and adopt plans
    HAND_OUT = "hand_out"  # give duties to people, map words of ownership, enter leave
    DO = "do"  # take, do and postpone duties, add one by hand
    CHARGE = "charge"  # give a community a duty from above (上级交办)
    ACCOUNTS = "accounts"  # make accounts, reset passwords, keep bodies
    TABLES = "tables"  # edit holidays and named days, shared by all


RIGHTS: dict[str, frozenset[May]] = {
    PostKind.SUBDISTRICT: frozenset({May.SEE, May.CHARGE}),
    PostKind.SECRETARY: frozenset({May.SEE, May.REVIEW, May.HAND_OUT, May.DO, May.ACCOUNTS}),
    PostKind.WORKER: frozenset({May.SEE, May.DO}),
    PostKind.ADMINISTRATOR: frozenset({May.SEE, May.ACCOUNTS, May.TABLES}),
}


class Policy:
    """The rights of one user, from the posts that hold today."""

    def __init__(self, user: User) -> None:
        self.user = user

    @cached_property
    def posts(self) -> list[Post]:
        return list(Post.objects.current().filter(user=self.user).select_related("community", "subdistrict"))

    def communities(self, may: May = May.SEE) -> QuerySet[Community]:
        """Every community where the user has this right."""
        scope = Q(pk__in=[])
        for post in self._granting(may):
            scope |= Q(subdistrict_id=post.subdistrict_id) if post.community_id is None else Q(pk=post.community_id)
        return Community.objects.filter(scope).select_related("subdistrict")

    @cached_property
    def visible(self) -> list[Community]:
        """Every community that the user may see, asked of the database once."""
        return list(self.communities())

    def allows(self, may: May, community: Community) -> bool:
        return any(
            post.subdistrict_id == community.subdistrict_id and post.community_id in {None, community.pk}
            for post in self._granting(may)
        )

    def subdistricts(self, may: May = May.SEE) -> list[Subdistrict]:
        """The subdistricts where the user has this right over every community."""
        found = {post.subdistrict_id: post.subdistrict for post in self._granting(may) if post.community_id is None}
        return list(found.values())

    def allows_anywhere(self, may: May) -> bool:
        return any(True for _ in self._granting(may))

    def _granting(self, may: May) -> Iterable[Post]:
        return (post for post in self.posts if may in RIGHTS[post.kind])
