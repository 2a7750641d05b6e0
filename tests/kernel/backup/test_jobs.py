"""Each night makes one backup, however often its job runs; what is asked for by hand waits once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.kernel.backup import jobs, shelf
from nianlun.kernel.backup.address import Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.clock import CHINA, frozen

NIGHT = datetime(2027, 3, 1, 2, 30, tzinfo=CHINA)


def test_it_is_due_at_half_past_two_in_china() -> None:
    periodic = {task.task.name: task for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["kernel.nightly_backup"].cron == "30 18 * * *"


def test_the_same_night_makes_one(scratch: Address) -> None:
    due = int(NIGHT.timestamp())
    with frozen(NIGHT + timedelta(seconds=30)):
        jobs.nightly_backup(due)
        jobs.nightly_backup(due)
    assert [backup.name for backup in shelf.backups()] == ["nianlun-20270301-023030.tar"]
    with frozen(NIGHT + timedelta(days=1)):
        jobs.nightly_backup(due + 86400)
    assert shelf.status().count == 2


def test_one_made_by_hand_before_the_night_does_not_stand_for_it(scratch: Address) -> None:
    with frozen(NIGHT - timedelta(hours=1)):
        jobs.backup_now()
    with frozen(NIGHT):
        jobs.nightly_backup(int(NIGHT.timestamp()))
    assert shelf.status().count == 2


def test_a_failure_is_kept_for_the_page_and_ends_the_job(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise BackupError("磁盘已满")

    monkeypatch.setattr(jobs, "make_backup", fails)
    jobs.nightly_backup(int(NIGHT.timestamp()))


@pytest.mark.django_db(transaction=True)
def test_asked_for_twice_it_waits_once(var: Path) -> None:
    assert not jobs.is_under_way()
    for _ in range(2):
        with transaction.atomic():
            jobs.queue_backup()
    assert ProcrastinateJob.objects.filter(task_name=jobs.BY_HAND).count() == 1
    assert jobs.is_under_way()
