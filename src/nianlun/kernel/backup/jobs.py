"""The nightly backup, and the one that somebody asks for; a run that was missed is made up at start."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from nianlun.kernel.backup import shelf
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.make import make_backup

log = logging.getLogger(__name__)
ONE_AT_A_TIME = "backup"
BY_HAND = "kernel.backup_now"


@app.periodic(cron="30 18 * * *")
@app.task(name="kernel.nightly_backup", queueing_lock="nightly_backup", lock=ONE_AT_A_TIME)
def nightly_backup(timestamp: int) -> None:
    """At 02:30 in China (cron is in UTC); does nothing where one was made since it fell due."""
    due = datetime.fromtimestamp(timestamp, UTC)
    if any(backup.made_at >= due for backup in shelf.backups()):
        return
    _make()


@app.task(name=BY_HAND, queueing_lock="backup_now", lock=ONE_AT_A_TIME)
def backup_now() -> None:
    """Asked for by a person."""
    _make()


def queue_backup() -> None:
    """Once the request is committed; one that waits already is enough."""
    transaction.on_commit(_queue)


def is_under_way() -> bool:
    """Whether one runs, or waits for the worker."""
    waiting = ProcrastinateJob.objects.filter(task_name=BY_HAND, status="todo")
    return shelf.is_running() or waiting.exists()


def _queue() -> None:
    try:
        with transaction.atomic():
            backup_now.defer()
    except AlreadyEnqueued:
        log.info("backup: one waits already")


def _make() -> None:
    try:
        made = make_backup()
    except BackupError as error:  # the page tells it; the next night tries again
        log.error("backup failed: %s", error.message)
    else:
        log.info("backup: %s, %d bytes", made.path.name, made.size)
