"""Entries are made known to the subdistrict, once for each state that they are in: those that were not settled in time,
and those that nobody left in the community may verify."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.handed_up import left_to_subdistrict
from nianlun.ledgers.models import Entry


def open_entries() -> QuerySet[Entry]:
    """Those that are not made known yet."""
    return Entry.objects.filter(closed_on=None, escalated_on=None, withdrawn_at=None)


def escalate_overdue() -> int:
    """Those past their day where the state's limit says so; gives how many. Run twice it does nothing more."""

    def late(ledger: Ledger) -> Q | None:
        states = ledger.flow.states
        there = [code for code, state in states.items() if state.limit and state.limit.then == "escalate"]
        return Q(due_on__lt=today(), status__in=there) if there else None

    return sum(_escalate(entries) for entries in _by_version(Q(due_on__lt=today()), late))


def escalate_left() -> int:
    """Those whose verifiers have left since; gives how many. Run twice it does nothing more."""

    def left(ledger: Ledger) -> Q | None:
        return left_to_subdistrict(ledger) if any(step.second_person for step in ledger.flow.steps) else None

    return sum(_escalate(entries) for entries in _by_version(Q(), left))


def _by_version(scope: Q, wanted: Callable[[Ledger], Q | None]) -> Iterator[QuerySet[Entry]]:
    versions = open_entries().filter(scope).order_by().values_list("ledger_version_id", flat=True).distinct()
    for version in list(versions):
        condition = wanted(catalogue.ledger_of(version))
        if condition is not None:
            yield open_entries().filter(condition, ledger_version=version)


@transaction.atomic
def _escalate(entries: QuerySet[Entry]) -> int:
    of_subdistrict: defaultdict[UUID, list[tuple[UUID, dict[str, str]]]] = defaultdict(list)
    for entry in entries.select_for_update(of=("self",), skip_locked=True):
        told = {"ledger": entry.ledger, "due_on": str(entry.due_on or "")}
        of_subdistrict[entry.subdistrict_id].append((entry.pk, told))
    for subdistrict, rows in of_subdistrict.items():
        Entry.objects.filter(pk__in=[pk for pk, _ in rows]).update(escalated_on=today())
        audit.record_many("entry.escalated", rows, actor_id=None, kind="entry", subdistrict_id=subdistrict)
    return sum(len(rows) for rows in of_subdistrict.values())
