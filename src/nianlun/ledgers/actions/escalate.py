"""Entries that were not settled in time are made known to the subdistrict, once for each state that they are in."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.ledgers import catalogue
from nianlun.ledgers.models import Entry


def overdue_entries() -> QuerySet[Entry]:
    """Past the day by which their state asks to be left, and not made known yet."""
    return Entry.objects.filter(due_on__lt=today(), closed_on=None, escalated_on=None, withdrawn_at=None)


def escalate_overdue() -> int:
    """Those whose state's limit says so; gives how many. Run twice it does nothing the second time."""
    done = 0
    versions = overdue_entries().order_by().values_list("ledger_version_id", "overlay_version_id").distinct()
    for version, overlay in list(versions):
        states = catalogue.held(version, overlay).ledger.flow.states
        there = [code for code, state in states.items() if state.limit and state.limit.then == "escalate"]
        if there:
            done += _escalate(overdue_entries().filter(ledger_version=version, status__in=there))
    return done


@transaction.atomic
def _escalate(entries: QuerySet[Entry]) -> int:
    of_subdistrict: defaultdict[UUID, list[tuple[UUID, dict[str, str]]]] = defaultdict(list)
    for entry in entries.select_for_update(skip_locked=True):
        told = {"ledger": entry.ledger, "due_on": str(entry.due_on)}
        of_subdistrict[entry.subdistrict_id].append((entry.pk, told))
    for subdistrict, rows in of_subdistrict.items():
        Entry.objects.filter(pk__in=[pk for pk, _ in rows]).update(escalated_on=today())
        audit.record_many("entry.escalated", rows, actor_id=None, kind="entry", subdistrict_id=subdistrict)
    return sum(len(rows) for rows in of_subdistrict.values())
