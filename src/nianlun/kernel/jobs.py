"""What the machinery asks of itself: jobs whose worker died are taken up again, and old ones are forgotten."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

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
