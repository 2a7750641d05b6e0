"""Makes and drops the indexes of entries as declarations ask, beside everybody's work: never within a request."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.ledgers.rules.asked_indexes import PREFIX, AskedIndex, asked_indexes

log = logging.getLogger(__name__)

LOCK = 0x6E6C_6978  # an advisory lock of ours: two that tend the indexes would wait for each other
Owner = tuple[str, str, UUID | None, UUID | None]


@dataclass(slots=True)
class Tended:
    """Names of the indexes that were made, dropped, and could not be made."""

    made: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def tend_indexes() -> Tended:
    """Bring the indexes in line with the versions in force; outside any transaction, and again without harm.

    One that was cut short is left invalid by the database: it is dropped and made anew. Where another process is at
    it, nothing is done here.
    """
    tended = Tended()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return tended
        try:
            _tend(cursor, tended)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return tended


def _tend(cursor: Any, tended: Tended) -> None:
    wanted, there = wanted_indexes(), _there(cursor)
    for name, whole in there.items():
        if name not in wanted or not whole:
            cursor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            tended.dropped.append(name)
    for name, one in wanted.items():
        if there.get(name):
            continue
        try:
            cursor.execute(one.sql)
        except DatabaseError:
            log.exception("index %s", name)
            tended.failed.append(name)
        else:
            tended.made.append(name)
    if tended.made:
        cursor.execute("ANALYZE ledgers_entry")  # the planner knows nothing of an expression until then


def wanted_indexes() -> dict[str, AskedIndex]:
    """What the newest published version of each ledger and overlay asks for, those of all places first."""
    newest: dict[Owner, tuple[str, dict[str, Any]]] = {}
    published = LedgerVersion.objects.filter(standing=Standing.PUBLISHED).exclude(kind=LedgerVersion.Kind.CHECKLIST)
    for kind, code, subdistrict, community, body in published.order_by("version").values_list(
        "kind", "code", "subdistrict", "community", "body"
    ):
        newest[kind, code, subdistrict, community] = (code, body)
    in_turn = sorted(newest, key=lambda owner: (owner[2] is not None, owner[3] is not None, [*map(str, owner)]))
    return asked_indexes([newest[owner] for owner in in_turn])


def _there(cursor: Any) -> dict[str, bool]:
    """Indexes of ours by name, and whether each is whole."""
    cursor.execute(
        "SELECT c.relname, i.indisvalid AND i.indisready FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " WHERE i.indrelid = 'ledgers_entry'::regclass AND starts_with(c.relname::text, %s)",
        [PREFIX],
    )
    return dict(cursor.fetchall())
