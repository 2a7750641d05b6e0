"""Whom a duty is with: assignments resolved to people by the posts, bodies and leave of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from nianlun.duties.models import Assignee, Assignment, Leave, Mode, Occurrence
from nianlun.kernel.clock import today
from nianlun.places.models import Body, Community, Member, Post, PostKind


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody's leave, or a post with a deputy: between two days the stand-in does the work."""

    user_id: UUID
    stand_in_id: UUID
    starts_on: date
    ends_on: date

    def covers(self, act_on: date, day: date) -> bool:
        """What is to be worked on within the leave; late work counts as today's."""
        return self.starts_on <= max(act_on, day) <= self.ends_on


class Roster:
    """Who holds which post and belongs to which body of a community today, and who is away; made with four queries."""

    def __init__(self, community: Community, day: date | None = None) -> None:
        self.day = day or today()
        self.community = community
        self.names: dict[UUID, str] = {}
        self.titles: defaultdict[str, list[UUID]] = defaultdict(list)
        self.kinds: defaultdict[str, list[UUID]] = defaultdict(list)
        deputies: list[Cover] = []
        for post in self._posts():
            self.names[post.user_id] = post.user.name
            if post.deputy_for is not None and post.starts_on and post.ends_on:
                # A deputy does the holder's share, and makes no second one where each holder of the title has theirs.
                deputies.append(Cover(post.deputy_for.user_id, post.user_id, post.starts_on, post.ends_on))
                continue
            self.kinds[post.kind].append(post.user_id)
            if post.title:
                self.titles[post.title].append(post.user_id)
        bodies = Body.objects.filter(community=community, closed_on=None)
        self.bodies = dict(bodies.values_list("pk", "name"))
        self.members: dict[UUID, list[UUID]] = {pk: [] for pk in self.bodies}
        members = Member.objects.current().filter(body__in=self.bodies, user__isnull=False).order_by("user__name")
        for body, user in members.values_list("body_id", "user_id"):
            if user in self.names:
                self.members[body].append(user)
        leaves = Leave.objects.filter(community=community, cancelled_on=None, ends_on__gte=self.day)
        self.covers = [Cover(one.user_id, one.stand_in_id, one.starts_on, one.ends_on) for one in leaves] + deputies

    def _posts(self) -> QuerySet[Post]:
        """The posts held today, and those of deputies whose term is still to come."""
        begun = Q(starts_on=None) | Q(starts_on__lte=self.day) | Q(deputy_for__isnull=False)
        lasting = Q(ends_on=None) | Q(ends_on__gte=self.day)
        found = Post.objects.filter(begun, lasting, community=self.community, user__is_active=True)
        return found.select_related("user", "deputy_for").order_by("user__name")

    def people_of(self, assignee: Assignee) -> list[UUID]:
        """The people an assignee stands for today; none where the post is vacant or the person has left."""
        if assignee.user_id is not None:
            return [assignee.user_id] if assignee.user_id in self.names else []
        if assignee.body_id is not None:
            return self.members.get(assignee.body_id, [])
        return self.titles.get(assignee.post_title, []) if assignee.post_title else self.kinds[assignee.post_kind]

    def name_of(self, assignee: Assignee) -> str:
        """How pages call an assignee."""
        if assignee.user_id is not None:
            return self.names.get(assignee.user_id, "已离岗人员")
        if assignee.body_id is not None:
            return self.bodies.get(assignee.body_id, "")
        return assignee.post_title or PostKind(assignee.post_kind).label

    def stand_in(self, user_id: UUID, act_on: date) -> UUID | None:
        """Who works in place of a person for something to be done on that day; None where they are not away."""
        for cover in self.covers:
            if cover.user_id == user_id and cover.covers(act_on, self.day):
                return cover.stand_in_id
        return None

    def away_for(self, user_id: UUID) -> set[UUID]:
        """The people for whom this one stands in, now or later."""
        return {cover.user_id for cover in self.covers if cover.stand_in_id == user_id}


class Hands:
    """The assignments of duties, resolved: who may do each, and whether everybody must."""

    def __init__(self, roster: Roster, assignments: Iterable[Assignment]) -> None:
        self.roster = roster
        self.by_duty: defaultdict[UUID, list[Assignment]] = defaultdict(list)
        for one in assignments:
            self.by_duty[one.duty_id].append(one)

    @classmethod
    def of_community(cls, roster: Roster) -> Hands:
        """One query for all duties of the community."""
        return cls(roster, Assignment.objects.filter(duty__community=roster.community).order_by("pk"))

    @classmethod
    def of_duties(cls, roster: Roster, duties: Sequence[UUID]) -> Hands:
        return cls(roster, Assignment.objects.filter(duty__in=duties).order_by("pk"))

    def people(self, duty_id: UUID) -> list[UUID]:
        """Everybody the duty is with, once each; [] is 待分工."""
        return list(dict.fromkeys(user for one in self.by_duty[duty_id] for user in self.roster.people_of(one)))

    def everybody(self, duty_id: UUID) -> list[UUID]:
        """Those who each have a share to do; [] where any one may do it for all."""
        found = [user for one in self.by_duty[duty_id] if one.mode == Mode.ALL for user in self.roster.people_of(one)]
        return list(dict.fromkeys(found)) if len(set(found)) > 1 else []

    def holder(self, one: Occurrence) -> UUID | None:
        """Who took it or was handed it, as long as they work here; after that it is its duty's people's again."""
        return one.taken_by_id if one.taken_by_id in self.roster.names else None

    def required(self, one: Occurrence) -> list[UUID]:
        """Whose shares the occurrence waits for; [] where one person does it whole."""
        return [] if self.holder(one) else self.everybody(one.duty_id)

    def with_whom(self, one: Occurrence) -> list[UUID]:
        """The people an occurrence is with: who took it or was handed it, else those of its duty."""
        holder = self.holder(one)
        return [holder] if holder else self.people(one.duty_id)

    def occurrence_said(self, one: Occurrence) -> str:
        """Whom an occurrence is with, in words."""
        holder = self.holder(one)
        return self.roster.names[holder] if holder else self.said(one.duty_id)

    def behalf(self, one: Occurrence, user_id: UUID) -> list[UUID]:
        """For whom a user may do it: themselves first, then those they stand in for; [] where it is not theirs."""
        found = []
        for person in self.with_whom(one):
            stand_in = self.roster.stand_in(person, one.act_on)
            if person == user_id or stand_in == user_id:
                found.append(person)
        return sorted(found, key=lambda person: person != user_id)

    def said(self, duty_id: UUID) -> str:
        """The assignees of a duty in words: 网格员（每人都做）、民政专干 周以宁."""
        parts = []
        for one in self.by_duty[duty_id]:
            people, name = self.roster.people_of(one), self.roster.name_of(one)
            if len(people) > 1:
                parts.append(f"{name}（{'每人都做' if one.mode == Mode.ALL else '任一人'}）")
            elif people and one.user_id is None:
                parts.append(f"{name} {self.roster.names[people[0]]}")
            else:
                parts.append(name if people else f"{name}（无人在岗）")
        return "、".join(parts)
