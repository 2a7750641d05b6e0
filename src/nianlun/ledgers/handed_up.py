"""What comes to the subdistrict although its ledger is the community's own: what was escalated, because it is overdue,
because it is grave, or because nobody is left in the community who may verify it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Func, OuterRef, Q, QuerySet, UUIDField

from nianlun.kernel.clock import today
from nianlun.ledgers.declarations.model import Ledger, Transition
from nianlun.ledgers.models import Entry, EntryStep
from nianlun.places.models import GridDuty, Post, PostKind, User


class AmongDoers(Func):
    """Whether a post's holder is one of the entry's doers."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


def comes_up(ledger: Ledger) -> bool:
    """Whether entries of the ledger can come before the subdistrict at all."""
    flow = ledger.flow
    return (
        bool(flow.escalate_if)
        or any(step.second_person for step in flow.steps)
        or any(state.limit is not None and state.limit.then == "escalate" for state in flow.states.values())
    )


def handed_up(user: User, *, sensitive: bool) -> Q:
    """Entries that a post of the subdistrict sees without being named by their ledger: escalated ones while they are
    open, and those in which its holder made a step.

    Of a sensitive ledger, those of its lines; where the subdistrict has nobody for them, anybody of it.
    """
    scope = Q(closed_on=None) & ~Q(escalated_on=None)
    if sensitive:
        officers = _officers_of_its_lines()
        scope &= Q(Exists(officers.filter(user=user))) | ~Q(Exists(officers))
    return scope | Q(Exists(EntryStep.objects.filter(entry=OuterRef("pk"), by=user)))


def _officers_of_its_lines() -> QuerySet[Post]:
    return Post.objects.current().filter(
        subdistrict=OuterRef("subdistrict"), kind=PostKind.SUBDISTRICT, lines__overlap=OuterRef("lines")
    )


def left_to_subdistrict(ledger: Ledger) -> Q:
    """Open entries in a state from which a second person leads on, where the community has no such person.

    Where the step is the subdistrict's anyhow it sees them; of a sensitive ledger only if it has somebody of its lines.
    """
    alike: defaultdict[tuple[frozenset[str], int], list[str]] = defaultdict(list)
    for step in ledger.flow.steps:
        if step.second_person and (ledger.sensitive or PostKind.SUBDISTRICT not in step.who):
            open_ones = [code for code in step.source if not ledger.flow.states[code].final]
            alike[frozenset(step.who), step.approvals] += open_ones
    found = Q(pk__in=[])
    for (who, approvals), states in alike.items():
        there = Q(status__in=states) & nobody_left(who, approvals, sensitive=ledger.sensitive)
        found |= there & ~Q(Exists(_officers_of_its_lines())) if PostKind.SUBDISTRICT in who else there
    return Q(closed_on=None, withdrawn_at=None) & found


def nobody_left(who: frozenset[str], approvals: int, *, sensitive: bool) -> Q:
    """Entries whose community has fewer people than approvals who hold such a post, see it, and had no part in it."""
    day = today()
    walks = GridDuty.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day), post=OuterRef("pk"), grid=OuterRef(OuterRef("grid")), starts_on__lte=day
    )
    posts = Post.objects.current().filter(community=OuterRef("community"), kind__in=who)
    posts = posts.annotate(
        did=AmongDoers(F("user"), OuterRef("doers")),
        lies_in=ExpressionWrapper(OuterRef("grid"), output_field=UUIDField()),
    )
    seeing = Q(kind=PostKind.SECRETARY)
    if sensitive:
        seeing |= Q(kind=PostKind.WORKER, lines__overlap=OuterRef("lines"))
    else:
        seeing |= Q(kind=PostKind.WORKER) | (Q(kind=PostKind.GRID_WORKER) & (Q(lies_in=None) | Q(Exists(walks))))
    others = posts.filter(seeing & Q(did=False)).order_by("user").values("user").distinct()
    return ~Q(Exists(others[approvals - 1 : approvals]))


def others_may(step: Transition, entry: Entry, *, sensitive: bool) -> bool:
    """Whether enough people of the community who had no part in the entry may make the step."""
    nobody = nobody_left(frozenset(step.who), step.approvals, sensitive=sensitive)
    return not Entry.objects.filter(nobody, pk=entry.pk).exists()


def nobody_may_go_on(entry: Entry, ledger: Ledger) -> bool:
    """Whether the entry, as it is stored, is left to the subdistrict; asks the database only where it can be."""
    at_stake = any(
        step.second_person
        and entry.status in step.source
        and (ledger.sensitive or PostKind.SUBDISTRICT not in step.who)
        for step in ledger.flow.steps
    )
    return at_stake and Entry.objects.filter(left_to_subdistrict(ledger), pk=entry.pk).exists()
