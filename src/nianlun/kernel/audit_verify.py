"""Whether the audit log is as it was written: the whole chain recomputed, and every fault named with its row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection

from nianlun.kernel.audit_chain import ROOT, Head, Told, chained, id_at, unlinked
from nianlun.kernel.clock import now
from nianlun.kernel.models import ChainCheck

BATCH = 10_000
PATIENCE = timedelta(minutes=10)  # the chain is drawn every minute: what is out of it for longer was kept out
KEPT_FAULTS = 200
LINKS = """
SELECT link.seq, link.row_id, link.hash, row.id, row.at, row.actor_id, row.action, row.kind, row.record_id,
       row.subdistrict_id, row.detail
FROM kernel_auditlink AS link LEFT JOIN kernel_auditrow AS row ON row.id = link.row_id
WHERE link.seq > %s ORDER BY link.seq LIMIT %s
"""


class Fault(StrEnum):
    CHANGED = "changed"  # the row, or the hash before it, is not what was chained
    REORDERED = "reordered"  # the row was chained at another number
    ROW_GONE = "row gone"
    LINK_GONE = "link gone"
    CUT_OFF = "cut off"  # the chain ends before a head that was known
    REWRITTEN = "rewritten"  # the chain has another hash at a head that was known
    UNLINKED = "unlinked"


@dataclass(frozen=True)
class Found:
    """One fault, by the number in the chain and the row that it concerns."""

    fault: Fault
    seq: int | None
    row_id: UUID | None
    said: str


@dataclass
class Verified:
    """What a verification saw: the end of the chain, how many faults, and the first of them."""

    end: Head
    count: int = 0
    found: list[Found] = field(default_factory=list)

    def add(self, fault: Fault, seq: int | None, row_id: UUID | None, said: str) -> None:
        self.count += 1
        if len(self.found) < KEPT_FAULTS:
            self.found.append(Found(fault, seq, row_id, said))


@dataclass(frozen=True)
class _Wrong:
    """A row that does not give its hash; it may give that of another number."""

    seq: int
    before: bytes
    row: Told
    hash: bytes


def verify(known: Head | None = None, *, batch: int = BATCH) -> Verified:
    """Recompute the chain from its beginning, against a head kept elsewhere and the last check's; note the outcome."""
    heads = [head for head in (known, _last_good()) if head is not None and head.seq]
    seen = Verified(Head(0, ROOT))
    before: bytes | None = ROOT  # None: the link before is gone
    wrong: list[_Wrong] = []
    for seq, row_id, here, row in _links(batch):
        if seq != seen.end.seq + 1:
            gone = f"{seen.end.seq + 1}" if seq == seen.end.seq + 2 else f"{seen.end.seq + 1} to {seq - 1}"
            seen.add(Fault.LINK_GONE, seen.end.seq + 1, None, f"link {gone} is gone; {seq} cannot be checked")
            before = None
        if row is None:
            seen.add(Fault.ROW_GONE, seq, row_id, f"row {row_id} (link {seq}) was removed")
        elif before is not None and chained(before, seq, row) != here:
            wrong.append(_Wrong(seq, before, row, here))
        for head in heads:
            if head.seq == seq and head.hash != here:
                seen.add(Fault.REWRITTEN, seq, row_id, f"link {seq} is not the one of the head {head}")
        before, seen.end = here, Head(seq, here)
    _tell_wrong(wrong, seen)
    for head in heads:
        if head.seq > seen.end.seq:
            seen.add(Fault.CUT_OFF, seen.end.seq, None, f"the chain ends at {seen.end.seq}, before the head {head}")
    for late in unlinked(until=id_at(now() - PATIENCE)).iterator():
        seen.add(Fault.UNLINKED, None, late.pk, f"row {late.pk} of {late.at:%Y-%m-%d %H:%M} is not in the chain")
    ChainCheck.objects.create(seq=seen.end.seq, hash=seen.end.hash, faults=seen.count)
    return seen


def _links(batch: int) -> Iterator[tuple[int, UUID, bytes, Told | None]]:
    """Each link by number (with its row's id and its hash) and its row, if that still stands."""
    last, count = 0, batch
    while count == batch:
        with connection.cursor() as cursor:
            cursor.execute(LINKS, [last, batch])
            found = cursor.fetchall()
        for seq, row_id, here, *told, detail in found:
            yield seq, row_id, bytes(here), None if told[0] is None else Told._make([*told, json.loads(detail)])
        count = len(found)
        last = found[-1][0] if found else last


def _tell_wrong(wrong: list[_Wrong], seen: Verified) -> None:
    """Tell rows that stand at each other's numbers from rows that were changed."""
    for one in wrong[:KEPT_FAULTS]:
        if other := next((row for row in wrong if chained(one.before, one.seq, row.row) == one.hash), None):
            said = f"row {one.row.id} stands at link {one.seq}, where row {other.row.id} was"
            seen.add(Fault.REORDERED, one.seq, one.row.id, said)
        else:
            said = f"row {one.row.id} (link {one.seq}) or the hash of link {one.seq - 1} was changed"
            seen.add(Fault.CHANGED, one.seq, one.row.id, said)
    seen.count += max(0, len(wrong) - KEPT_FAULTS)


def _last_good() -> Head | None:
    check = ChainCheck.objects.filter(faults=0).order_by("-at").first()
    return Head(check.seq, bytes(check.hash)) if check else None
