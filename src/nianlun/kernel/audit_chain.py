"""The audit log as a chain: each row's hash covers the one before it, so that a change anywhere shows.

Writes add rows freely and wait for nobody; the chain is drawn behind them, by one process at a time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SM3, Hash
from django.db import connection, transaction
from django.db.models import QuerySet

from nianlun.kernel.models import AuditLink, AuditRow

ROOT = bytes(32)  # what the first row's hash follows
BATCH = 5000
LOCK = 0x6E69616E6C756E  # of the advisory lock: only one draws the chain at a time
LATE = timedelta(days=1)  # a write's row may come to light so long after its id was made; later ones wait for the night


@dataclass(frozen=True)
class Head:
    """The end of the chain; kept elsewhere, it proves later that nothing was cut off."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


class Told(NamedTuple):
    """A row's columns as the chain covers them; plain, because checks go through millions."""

    id: UUID
    at: datetime
    actor_id: UUID | None
    action: str
    kind: str
    record_id: UUID
    subdistrict_id: UUID | None
    detail: Any


def head() -> Head:
    last = AuditLink.objects.order_by("-seq").first()
    return Head(last.seq, bytes(last.hash)) if last else Head(0, ROOT)


def chained(before: bytes, seq: int, row: Told) -> bytes:
    """SM3 of the hash before, the number, and the row as JSON with sorted keys and its moment in UTC."""
    told = {
        "id": row.id.hex,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": _hex(row.actor_id),
        "action": row.action,
        "kind": row.kind,
        "record": row.record_id.hex,
        "subdistrict": _hex(row.subdistrict_id),
        "detail": row.detail,
    }
    made = Hash(SM3())
    made.update(before)
    made.update(seq.to_bytes(8, "big"))
    made.update(json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())
    return made.finalize()


def seal_log(*, everything: bool = False, batch: int = BATCH) -> int:
    """Chain the rows that are not yet, by id; gives back how many. Nothing is done while another process is at it.

    Looks back one day from the newest link, which is quick in a long log; `everything` looks through all of it.
    """
    sealed = 0
    floor = None if everything else _floor()
    while True:
        with transaction.atomic():
            if not _locked():
                return sealed
            rows = [Told(*row) for row in unlinked(since=floor).values_list(*Told._fields)[:batch]]
            _link(rows)
        sealed += len(rows)
        if len(rows) < batch:
            return sealed


def unlinked(*, since: UUID | None = None, until: UUID | None = None) -> QuerySet[AuditRow]:
    """Rows outside the chain by id, within ids of two moments."""
    rows = AuditRow.objects.filter(link=None).order_by("pk")
    if since is not None:
        rows = rows.filter(pk__gte=since)
    return rows if until is None else rows.filter(pk__lt=until)


def id_at(moment: datetime) -> UUID:
    """The least id that could have been made at a moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _floor() -> UUID | None:
    last = AuditLink.objects.order_by("-seq").values_list("row_id", flat=True).first()
    if last is None:
        return None
    made = datetime.fromtimestamp((last.int >> 80) / 1000, UTC)
    return id_at(max(made - LATE, datetime.fromtimestamp(0, UTC)))


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _link(rows: Sequence[Told]) -> None:
    at = head()
    seq, hash_before = at.seq, at.hash
    made: list[tuple[int, UUID, bytes]] = []
    for row in rows:
        seq += 1
        hash_before = chained(hash_before, seq, row)
        made.append((seq, row.id, hash_before))
    columns: list[Any] = [list(column) for column in zip(*made, strict=True)] or [[], [], []]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_auditlink (seq, row_id, hash) "
            "SELECT * FROM unnest(%s::bigint[], %s::uuid[], %s::bytea[])",
            columns,
        )


def _hex(value: UUID | None) -> str | None:
    return value.hex if value else None
