"""Making the whole index anew from the records, so that nothing that went by it stays unfound or found in vain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from nianlun.places.models import Findable
from nianlun.places.search.index import index
from nianlun.places.search.kinds import all_kinds

BATCH = 2_000


def rebuild(since: datetime | None = None) -> int:
    """Index every record of every kind, and forget what is no record any more; gives how many were looked at.

    With `since`, of kinds that tell it only what was written from then on: a million entries take minutes.
    Rows that were right already are not written. Each batch is a transaction of its own.
    """
    count = 0
    for model, changed in {kind.model: kind.changed for kind in all_kinds()}.items():
        rows = model._base_manager.filter(**{f"{changed}__gte": since} if since and changed else {})
        for records in _batches(rows):
            index(records)
            count += len(records)
    for kind in all_kinds():
        if since and kind.changed:
            continue
        there = kind.model._base_manager.filter(pk=OuterRef("record_id"))  # NOT IN would compare each with every other
        Findable.objects.filter(~Exists(there), kind=kind.code).delete()
    Findable.objects.exclude(kind__in=[kind.code for kind in all_kinds()]).delete()
    return count


def after_new_digests(sender: Any, **_: Any) -> None:
    """Secret numbers are found again by their new digests."""
    rebuild()


def _batches(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    after: UUID | None = None
    rows = rows.order_by("pk")
    while True:
        records = list((rows if after is None else rows.filter(pk__gt=after))[:BATCH])
        if not records:
            return
        yield records
        after = records[-1].pk
