"""Every night entries that were not settled in time are made known to the subdistrict."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from nianlun.ledgers.actions.escalate import escalate_overdue

log = logging.getLogger(__name__)


@app.periodic(cron="25 16 * * *")
@app.task(queueing_lock="escalate_entries")
def escalate_entries(timestamp: int) -> None:
    """Soon after midnight in China (cron is in UTC)."""
    log.info("entries: %d escalated", escalate_overdue())
