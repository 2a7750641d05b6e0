"""Every write leaves a row in the same transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from nianlun.kernel.bulk import copy_rows
from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow


class OutsideTransaction(RuntimeError):
    """An audit row must stand in the transaction of the write that it tells of."""


def record(
    action: str,
    *,
    actor_id: UUID | None,
    kind: str,
    record_id: UUID,
    subdistrict_id: UUID | None,
    detail: Mapping[str, Any] | None = None,
) -> AuditRow:
    """Note one act; `detail` is JSON and never holds a secret field's value."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(action)
    return AuditRow.objects.create(
        action=action,
        actor_id=actor_id,
        kind=kind,
        record_id=record_id,
        subdistrict_id=subdistrict_id,
        detail=dict(detail or {}),
    )


def record_many(
    action: str,
    told: Iterable[tuple[UUID, Mapping[str, Any]]],
    *,
    actor_id: UUID | None,
    kind: str,
    subdistrict_id: UUID | None,
) -> None:
    """Note the same act on many records, each given as its id and detail; a row for each, written in bulk."""
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(action)
    at = now()
    columns = ("id", "at", "actor_id", "action", "kind", "record_id", "subdistrict_id", "detail")
    copy_rows(
        AuditRow,
        columns,
        (
            (uuid7(), at, actor_id, action, kind, record_id, subdistrict_id, json.dumps(detail, ensure_ascii=False))
            for record_id, detail in told
        ),
    )
