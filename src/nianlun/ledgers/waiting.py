"""Entries that wait for somebody: those whose next step they can make now, what is overdue first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from uuid import UUID

from django.db.models import F, Q

from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.check_flow import DOER
from nianlun.ledgers.declarations.model import Ledger, Transition
from nianlun.ledgers.handed_up import left_to_subdistrict
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import actor_of, may_see_any, scope_of
from nianlun.ledgers.rules.flow import offered
from nianlun.ledgers.rules.stored import values_of
from nianlun.places.models import PostKind
from nianlun.places.viewing import CommunityViewer

SHOWN, LOOKED_AT = 12, 100  # of so many that may wait, those are shown that can be led on today


@dataclass(frozen=True, slots=True)
class Waiting:
    """`more` says whether others wait beside those that are shown."""

    entries: list[tuple[Entry, Ledger]]
    more: bool


def waiting_for(viewer: CommunityViewer) -> Waiting:
    """One query beside that of the ledgers, however many entries wait."""
    at = viewer.community
    ledgers = {
        code: held.ledger
        for code, held in catalogue.readable_at(at).items()
        if may_see_any(viewer.policy, held.ledger, at)
    }
    kinds = {
        post.kind
        for post in viewer.policy.posts
        if post.subdistrict_id == at.subdistrict_id and post.community_id in {None, at.pk}
    }
    alike: dict[tuple[bool, frozenset[str]], Q] = {}  # ledgers that are seen alike share one condition
    for ledger in ledgers.values():
        key = (ledger.sensitive, frozenset(ledger.sees))
        alike[key] = alike.get(key, Q(pk__in=[])) | _turn(ledger, kinds, viewer.user_id)
    wanted = Q(pk__in=[])
    for (sensitive, sees), turn in alike.items():
        like = next(one for one in ledgers.values() if (one.sensitive, frozenset(one.sees)) == (sensitive, sees))
        wanted |= scope_of(viewer.policy, like) & turn
    open_ones = Entry.objects.filter(wanted, community=at, closed_on=None, withdrawn_at=None)
    rows = list(open_ones.order_by(F("due_on").asc(nulls_last=True), "-pk")[:LOOKED_AT])
    found = list(islice(_mine(viewer, rows, ledgers), SHOWN + 1))
    return Waiting(found[:SHOWN], len(found) > SHOWN or (len(rows) == LOOKED_AT))


def _turn(ledger: Ledger, kinds: set[str], user: UUID) -> Q:
    """Entries of a ledger in states that the user's posts lead on from; those who did the work never verify it."""
    found = Q(pk__in=[])
    for code, state in ledger.flow.states.items():
        steps = [step for step in ledger.flow.steps if code in step.source] if not state.final else []
        by_post = [step for step in steps if kinds & {*step.who}]
        here = Q(ledger=ledger.ledger, status=code)
        if any(not step.second_person for step in by_post):
            found |= here
        elif by_post:
            found |= here & ~Q(doers__contains=[user])
        if any(DOER in step.who for step in steps):
            found |= here & Q(doers__contains=[user])
    if PostKind.SUBDISTRICT in kinds:
        verified = {code for step in ledger.flow.steps if step.second_person for code in step.source}
        handed_up = Q(ledger=ledger.ledger, status__in=verified) & ~Q(escalated_on=None)
        found |= handed_up & ~Q(doers__contains=[user])
    return found


def _others_may(left: bool, step: Transition) -> bool:
    return not left


def _mine(viewer: CommunityViewer, rows: list[Entry], ledgers: dict[str, Ledger]) -> Iterator[tuple[Entry, Ledger]]:
    """Without those of whose steps none holds now."""
    left: set[UUID] = set()
    if any(post.kind == PostKind.SUBDISTRICT for post in viewer.policy.posts):
        handed_up = Q(pk__in=[])
        for ledger in ledgers.values():
            handed_up |= Q(ledger=ledger.ledger) & left_to_subdistrict(ledger)
        left = set(Entry.objects.filter(handed_up, pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for entry in rows:
        own, actor = ledger_of(entry), actor_of(viewer.policy, entry)
        values = {**values_of(own, entry.data, entry.sealed), "status": entry.status}
        there = offered(own, entry.status, values, entry.doers, actor, today(), partial(_others_may, entry.pk in left))
        if any(not one.why_not for one in there):
            yield entry, ledgers[entry.ledger]
