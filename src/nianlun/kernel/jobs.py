"""What the machinery asks of itself: dead workers' jobs taken up again, old ones forgotten, the audit log chained."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from nianlun.kernel.audit_chain import seal_log
from nianlun.kernel.audit_verify import verify
from nianlun.kernel.backup import jobs as backup_jobs  # noqa: F401 (their registration is all that is wanted)
from nianlun.kernel.submissions import forget_old

logger = logging.getLogger(__name__)

KEPT_HOURS = 24 * 30


@app.periodic(cron="* * * * *")
@app.task(pass_context=True, queueing_lock="retry_stalled")
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put back in the queue what a worker left half done; every job of ours may run twice without harm."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="10 19 * * *")
@app.task(pass_context=True, queueing_lock="forget_old_jobs")
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """At night (UTC evening), drop finished jobs of more than a month ago."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True)


@app.periodic(cron="20 19 * * *")
@app.task(queueing_lock="forget_old_submissions")
def forget_old_submissions(timestamp: int) -> None:
    """At night (UTC evening), drop the keys of forms that were sent more than a week ago."""
    forget_old()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal_audit_log")
def seal_audit_log(timestamp: int) -> None:
    """Draw the chain of the audit log behind the rows of the last minute."""
    seal_log()


@app.periodic(cron="40 18 * * *")
@app.task(queueing_lock="verify_audit_log")
def verify_audit_log(timestamp: int) -> None:
    """At night (UTC evening), chain what came to light very late, then check the whole chain; a fault is logged."""
    seal_log(everything=True)
    for found in (seen := verify()).found:
        logger.error("audit log: %s: %s", found.fault, found.said)
    if seen.count:
        logger.error("audit log: %s faults; run nianlun audit verify", seen.count)
