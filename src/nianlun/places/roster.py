"""What a body's page shows besides its fields: its roster as the viewer may see it, its term, what lies below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.masks import mask
from nianlun.places.access import people_of
from nianlun.places.bodies_seen import bodies_of
from nianlun.places.models import Body, Member, Resident, ResidentState
from nianlun.places.policy import May
from nianlun.places.registers.residents import ResidentRegister
from nianlun.places.rules.terms import POSTS, TermState, post_rank, term_state
from nianlun.places.search.described import address_of
from nianlun.places.search.pinyin import initials
from nianlun.places.viewing import CommunityViewer

FOUND = 10  # people that the picker offers
PAST = 200  # past members shown


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a roster. `resident` is there where the viewer may see them; `about` says where they are now."""

    member: Member
    name: str
    about: str
    resident: Resident | None = None
    left: bool = False  # a colleague without a post or a resident who lives here no more


def roster_of(body: Body, viewer: CommunityViewer) -> dict[str, Any]:
    """For the page of a body; the same few queries however long the roster."""
    day = today()
    members = list(
        body.members.select_related("user", "resident__building__estate", "resident__room__unit").order_by("starts_on")
    )
    working = {user.pk for user in people_of(viewer.community)}
    lines = [line_of(member, viewer, working) for member in members]
    current = [
        line
        for line in lines
        if (line.member.starts_on is None or line.member.starts_on <= day)
        and (line.member.ends_on is None or line.member.ends_on > day)
    ]
    past = [line for line in lines if line.member.ends_on is not None and line.member.ends_on <= day]
    current.sort(key=lambda line: (post_rank(body.kind, line.member.post), line.name))
    past.sort(key=lambda line: (line.member.ends_on or day, line.member.starts_on or day), reverse=True)
    seen = bodies_of(viewer.community, viewer.policy)
    return {
        "community": viewer.community,
        "current": current,
        "past": past[:PAST],
        "more_past": max(len(past) - PAST, 0),
        "term": term_state(body.term_ends_on, day) if body.closed_on is None else TermState("closed"),
        "below": seen.filter(parent=body, closed_on=None),
        "above": seen.filter(pk=body.parent_id).first() if body.parent_id else None,
        "today": day,
    }


def line_of(member: Member, viewer: CommunityViewer, working: Container[UUID | None]) -> Line:
    """A colleague by name; a resident by name for those who see people here, and masked for others."""
    if member.user is not None:
        left = member.user_id not in working
        return Line(member, member.user.name, "已离岗" if left else "社区工作人员", left=left)
    resident = member.resident
    assert resident is not None
    if not viewer.policy.allows(May.PEOPLE, viewer.community):
        return Line(member, mask("name", resident.name), "居民")
    left = resident.state != ResidentState.LIVING
    if not viewer.policy.allows_record(May.PEOPLE, resident):
        return Line(member, resident.name, "居民", left=left)
    about = resident.get_state_display() if left else address_of(resident.building, resident.room) or "居民"
    return Line(member, resident.name, about, resident, left)


@dataclass(slots=True)
class Twig:
    """A body in the tree with those below it."""

    body: Body
    term: TermState
    below: list[Twig] = field(default_factory=list)


def tree_of(viewer: CommunityViewer) -> list[Twig]:
    """The standing bodies that the viewer may see, each under its parent, or at the top where that is hidden."""
    day = today()
    current = Q(members__starts_on=None) | Q(members__starts_on__lte=day)
    lasting = Q(members__ends_on=None) | Q(members__ends_on__gt=day)
    rows = bodies_of(viewer.community, viewer.policy).filter(closed_on=None)
    twigs = [
        Twig(body, term_state(body.term_ends_on, day))
        for body in rows.annotate(member_count=Count("members", filter=current & lasting)).order_by("kind", "name")
    ]
    by_id = {twig.body.pk: twig for twig in twigs}
    tops: list[Twig] = []
    for twig in twigs:
        parent = by_id.get(twig.body.parent_id) if twig.body.parent_id else None
        (parent.below if parent else tops).append(twig)
    return tops


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody whom the picker offers, by the value of their choice."""

    value: str
    name: str
    about: str


def people_found(words: str, viewer: CommunityViewer) -> list[Found]:
    """Colleagues and residents by a part of the name or its initials; only residents that the viewer may see."""
    said = "".join(words.split())
    if not said:
        return []
    posts: defaultdict[UUID, list[str]] = defaultdict(list)
    for post in viewer.community.posts.current():
        posts[post.user_id].append(str(post))
    found = [
        Found(f"user:{user.pk}", user.name, "、".join(posts[user.pk]))
        for user in people_of(viewer.community)
        if said in user.name or initials(user.name, person=True).startswith(said.lower())
    ]
    living = viewer.policy.rows(
        Resident.objects.filter(community=viewer.community, state=ResidentState.LIVING), May.PEOPLE
    )
    rows = ResidentRegister().find(living, said, viewer).select_related("building__estate", "room__unit")
    left = max(FOUND - len(found), 0)
    found += [
        Found(f"resident:{one.pk}", one.name, address_of(one.building, one.room) or "居民")
        for one in rows.order_by("name", "pk")[:left]
    ]
    return found[:FOUND]


def posts_offered(body: Body) -> tuple[str, ...]:
    return POSTS.get(body.kind, ())
