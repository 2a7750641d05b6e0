"""Every night: entries not settled in time are made known to the subdistrict, files that no entry took are removed."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from nianlun.ledgers.actions.escalate import escalate_overdue
from nianlun.ledgers.actions.files import forget_unfiled

log = logging.getLogger(__name__)


@app.periodic(cron="25 16 * * *")
@app.task(queueing_lock="escalate_entries")
def escalate_entries(timestamp: int) -> None:
    """Soon after midnight in China (cron is in UTC)."""
    log.info("entries: %d escalated", escalate_overdue())


@app.periodic(cron="35 16 * * *")
@app.task(queueing_lock="forget_unfiled_files")
def forget_unfiled_files(timestamp: int) -> None:
    """Ten minutes after it."""
    log.info("files that no entry took: %d removed", forget_unfiled())
