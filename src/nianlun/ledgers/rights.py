"""Who may see, file and move entries: from posts, lines of work and the ledger's own words."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.handed_up import comes_up, handed_up
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rules.flow import Actor
from nianlun.places.models import Community, PostKind
from nianlun.places.policy import May, Policy


def actor_of(policy: Policy, entry: Entry) -> Actor:
    """The user with the kinds of post that they hold over the entry's place."""
    kinds = {
        post.kind
        for post in policy.posts
        if post.subdistrict_id == entry.subdistrict_id and post.community_id in {None, entry.community_id}
    }
    return Actor(policy.user.pk, frozenset(kinds))


def may_file(policy: Policy, ledger: Ledger, community: Community) -> bool:
    """Whether a post that the ledger names holds there, and may do work."""
    return policy.allows(May.DO, community) and any(
        post.kind in ledger.files_by and post.community_id in {None, community.pk} for post in policy.posts
    )


def visible(policy: Policy, ledger: Ledger, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of a ledger's entries, those that the user may see."""
    return entries.filter(scope_of(policy, ledger))


def scope_of(policy: Policy, ledger: Ledger) -> Q:
    """Which entries of a ledger the user may see.

    The secretary sees all; a worker all, or of a sensitive ledger those of their lines; a grid worker those of their
    grids; a post of the subdistrict all where the ledger names it, of a sensitive one those of its lines, else what was
    handed up to it; and everybody the entries they had a part in.
    """
    scope = Q(pk__in=[])
    for post in policy.posts:
        at = Q(community=post.community_id) if post.community_id else Q(subdistrict=post.subdistrict_id)
        match post.kind:
            case PostKind.SECRETARY:
                scope |= at
            case PostKind.WORKER:
                scope |= at & Q(lines__overlap=post.lines) if ledger.sensitive else at
            case PostKind.GRID_WORKER:
                grids = policy.grids.get(post.pk, set())
                scope |= Q(pk__in=[]) if ledger.sensitive else at & (Q(grid__in=grids) | Q(grid=None))
            case kind if kind in ledger.sees:
                scope |= at & Q(lines__overlap=post.lines) if ledger.sensitive else at
        if post.kind == PostKind.SUBDISTRICT and (ledger.sensitive or post.kind not in ledger.sees):
            scope |= at & handed_up(policy.user, sensitive=ledger.sensitive)
        if post.community_id:
            scope |= at & (Q(recorded_by=policy.user) | Q(doers__contains=[policy.user.pk]))
    return scope


def whole_scope_of(policy: Policy, ledger: Ledger) -> Q:
    """Of what `scope_of` shows, that which the columns of place tell by themselves: also of a row that stands for an
    entry and has those columns alone."""
    scope = Q(pk__in=[])
    for post in policy.posts:
        at = Q(community=post.community_id) if post.community_id else Q(subdistrict=post.subdistrict_id)
        if post.kind == PostKind.SECRETARY:
            scope |= at
        elif ledger.sensitive:
            continue
        elif post.kind == PostKind.GRID_WORKER:
            scope |= at & (Q(grid__in=policy.grids.get(post.pk, set())) | Q(grid=None))
        elif post.kind == PostKind.WORKER or post.kind in ledger.sees:
            scope |= at
    return scope


def may_see_any(policy: Policy, ledger: Ledger, community: Community) -> bool:
    """Whether the list of a ledger is there at all for the user: it may hold no more than what is handed up."""
    return sees_list(policy, ledger, community) or (
        comes_up(ledger)
        and any(
            post.subdistrict_id == community.subdistrict_id and post.kind == PostKind.SUBDISTRICT
            for post in policy.posts
        )
    )


def sees_list(policy: Policy, ledger: Ledger, community: Community) -> bool:
    """Whether the ledger is the user's to look into, in whatever part."""
    return any(
        post.subdistrict_id == community.subdistrict_id
        and post.community_id in {None, community.pk}
        and (post.community_id is not None or post.kind in ledger.sees)
        for post in policy.posts
    )


def may_withdraw(policy: Policy, entry: Entry) -> bool:
    """Whoever filed it, while they may do work there, or the secretary."""
    own = entry.recorded_by_id == policy.user.pk and policy.allows(May.DO, entry.community)
    return own or policy.allows(May.HAND_OUT, entry.community)


def may_reveal(policy: Policy, entry: Entry) -> bool:
    """Whether secret values of an entry that the user sees may be shown to them for a purpose.

    Of one that they filed, worked on or are named in always: it may lie in no grid of theirs, or in none.
    """
    me = policy.user.pk
    own = me == entry.recorded_by_id or me in entry.doers or str(me) in entry.data.values()
    return (own and policy.allows(May.REVEAL, entry.community)) or policy.allows_record(May.REVEAL, entry)
