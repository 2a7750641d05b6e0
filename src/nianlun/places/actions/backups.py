"""Asking for a backup; who did stands in the log."""

from __future__ import annotations

from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.backup.jobs import queue_backup
from nianlun.kernel.ids import uuid7
from nianlun.places.models import User


@transaction.atomic
def ask_for_backup(*, acting_user: User) -> None:
    """Queue one; where one waits already, that one will do."""
    queue_backup()
    audit.record("backup.asked", actor_id=acting_user.pk, kind="backup", record_id=uuid7(), subdistrict_id=None)
