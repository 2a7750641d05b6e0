"""Every night: entries not settled in time, or left without a verifier, are made known to the subdistrict; files that
no entry took are removed.

And indexes are brought in line with the declarations: then, and whenever one was published or retired.
"""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from nianlun.ledgers.actions.escalate import escalate_left, escalate_overdue
from nianlun.ledgers.actions.files import forget_unfiled
from nianlun.ledgers.actions.indexes import tend_indexes

log = logging.getLogger(__name__)


@app.periodic(cron="25 16 * * *")
@app.task(queueing_lock="escalate_entries")
def escalate_entries(timestamp: int) -> None:
    """Soon after midnight in China (cron is in UTC)."""
    log.info("entries: %d escalated, %d left to the subdistrict", escalate_overdue(), escalate_left())


@app.periodic(cron="35 16 * * *")
@app.task(queueing_lock="forget_unfiled_files")
def forget_unfiled_files(timestamp: int) -> None:
    """Ten minutes after it."""
    log.info("files that no entry took: %d removed", forget_unfiled())


@app.periodic(cron="45 18 * * *")
@app.task(queueing_lock="tend_entry_indexes_nightly", lock="entry_indexes")
def tend_entry_indexes_nightly(timestamp: int) -> None:
    """At night, where a publishing's own job came to nothing."""
    tend_entry_indexes()


@app.task(name="ledgers.tend_entry_indexes", queueing_lock="tend_entry_indexes", lock="entry_indexes")
def tend_entry_indexes() -> None:
    """The indexes that declarations ask for are made, those that none asks for any more are dropped."""
    tended = tend_indexes()
    log.info("indexes of entries: %d made, %d dropped", len(tended.made), len(tended.dropped))
    if tended.failed:
        raise RuntimeError(f"indexes were not made: {', '.join(tended.failed)}; see the log")


def queue_tend_entry_indexes() -> None:
    """Once what was published is committed; one job that waits already will see it too."""
    transaction.on_commit(_queue)


def _queue() -> None:
    try:
        with transaction.atomic():
            tend_entry_indexes.defer()
    except AlreadyEnqueued:
        log.info("declarations changed: a job waits already")
