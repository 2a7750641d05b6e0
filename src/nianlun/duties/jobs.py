"""Every night the stored occurrences are brought up to 180 days ahead; a run that was missed is made up at start."""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from nianlun.duties.actions.hand_out import match_words
from nianlun.duties.materialise import Changes, materialise
from nianlun.places.models import Community

log = logging.getLogger(__name__)


def materialise_all() -> Changes:
    """Each community in a transaction of its own, so that one that fails does not hold up the others."""
    total, failed = Changes(), []
    for community in Community.objects.order_by("pk"):
        try:
            match_words([community])
            changes = materialise(community)
        except Exception:
            log.exception("occurrences of %s", community.code)
            failed.append(community.code)
            continue
        total.made += changes.made
        total.moved += changes.moved
        total.removed += changes.removed
    if failed:
        raise RuntimeError(f"occurrences of {', '.join(failed)} were not brought up to date; see the log")
    return total


@app.periodic(cron="10 18 * * *")
@app.task(queueing_lock="materialise_occurrences")
def materialise_occurrences(timestamp: int) -> None:
    """Soon after midnight in China (cron is in UTC)."""
    changes = materialise_all()
    log.info("occurrences: %d made, %d moved, %d removed", changes.made, changes.moved, changes.removed)


@app.task(name="duties.follow_tables", queueing_lock="follow_tables")
def follow_tables() -> None:
    """After an edit of holidays or named days: the stored occurrences of every community are brought in line."""
    changes = materialise_all()
    log.info("tables changed: %d made, %d moved, %d removed", changes.made, changes.moved, changes.removed)


def queue_follow_tables() -> None:
    """Once the edit is committed; one job that waits already will see it too."""
    transaction.on_commit(_queue)


def _queue() -> None:
    try:
        with transaction.atomic():
            follow_tables.defer()
    except AlreadyEnqueued:
        log.info("tables changed: a job waits already")
