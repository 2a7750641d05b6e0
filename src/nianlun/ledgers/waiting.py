"""Entries that wait for somebody: those whose next step their posts make, what is overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, Q

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.check_flow import DOER
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import may_see_any, scope_of
from nianlun.places.viewing import CommunityViewer

SHOWN = 12


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
        for code, held in catalogue.ledgers_at(at).items()
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
    return _found(viewer, ledgers, alike)


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
    return found


def _found(viewer: CommunityViewer, ledgers: dict[str, Ledger], alike: dict[tuple[bool, frozenset[str]], Q]) -> Waiting:
    wanted = Q(pk__in=[])
    for (sensitive, sees), turn in alike.items():
        like = next(one for one in ledgers.values() if (one.sensitive, frozenset(one.sees)) == (sensitive, sees))
        wanted |= scope_of(viewer.policy, like) & turn
    open_ones = Entry.objects.filter(wanted, community=viewer.community, closed_on=None, withdrawn_at=None)
    rows = list(open_ones.order_by(F("due_on").asc(nulls_last=True), "-pk")[: SHOWN + 1])
    return Waiting([(row, ledgers[row.ledger]) for row in rows[:SHOWN]], len(rows) > SHOWN)
