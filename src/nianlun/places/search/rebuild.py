"""Making the whole index anew from the records, so that nothing that went by it stays unfound or found in vain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Model

from nianlun.places.models import Findable
from nianlun.places.search.index import index
from nianlun.places.search.kinds import all_kinds

BATCH = 2_000


def rebuild() -> int:
    """Index every record of every kind, and forget what is no record any more; gives how many were looked at.

    Rows that were right already are not written. Each batch is a transaction of its own.
    """
    count = 0
    for model in dict.fromkeys(kind.model for kind in all_kinds()):
        for records in _batches(model):
            index(records)
            count += len(records)
    for kind in all_kinds():
        Findable.objects.filter(kind=kind.code).exclude(record_id__in=kind.model._base_manager.values("pk")).delete()
    Findable.objects.exclude(kind__in=[kind.code for kind in all_kinds()]).delete()
    return count


def after_new_digests(sender: Any, **_: Any) -> None:
    """Secret numbers are found again by their new digests."""
    rebuild()


def _batches(model: type[Model]) -> Iterator[list[Any]]:
    after: UUID | None = None
    while True:
        rows = model._base_manager.order_by("pk")
        records = list((rows if after is None else rows.filter(pk__gt=after))[:BATCH])
        if not records:
            return
        yield records
        after = records[-1].pk
