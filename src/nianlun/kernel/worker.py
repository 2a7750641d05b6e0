"""The worker process: runs jobs, first those whose time passed while nobody was there to run them."""

from __future__ import annotations

import asyncio
import math
import os
import sys
import time
from typing import Any, cast

import django
from django.core.management import CommandError, call_command
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.periodic import PeriodicDeferrer

from nianlun.kernel.leash import hold_on_to

NICE = 10  # jobs wait for pages, where both want the processor
STOP_PATIENCE = 10.0  # seconds for running jobs; what is cut short is taken up again by `retry_stalled`


async def catch_up(app: App) -> None:
    """Queue each periodic job's latest due run if it never was, once however long ago it fell due.

    The library itself forgets runs that are more than ten minutes late, and desks are off at night.
    """
    catcher = PeriodicDeferrer(app.periodic_registry, max_delay=math.inf)
    await catcher.defer_jobs(catcher.get_previous_tasks(at=time.time()))


async def work(app: App, **options: Any) -> None:
    """Catch up, then run jobs until asked to stop."""
    async with app.open_async():
        await catch_up(app)
        await app.run_worker_async(**options)


def main() -> int:
    """Argument: the number of the leash's pipe."""
    hold_on_to(int(sys.argv[1]))
    os.nice(NICE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nianlun.settings")
    django.setup()
    try:
        call_command("keys", "check")
    except CommandError as error:
        print(f"nianlun: {error}", file=sys.stderr)
        return 1
    connector = cast(DjangoConnector, django_app.connector).get_worker_connector()
    with django_app.replace_connector(connector) as app:
        asyncio.run(work(app, shutdown_graceful_timeout=STOP_PATIENCE))
    return 0


if __name__ == "__main__":
    sys.exit(main())
