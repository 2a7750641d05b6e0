"""Jobs that nobody was there to run are run once, and jobs whose worker died are taken up again."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector

from nianlun.kernel.jobs import retry_stalled
from nianlun.kernel.worker import work

YEARLY = "0 0 1 1 *"


@pytest.fixture
def ran() -> list[int]:
    return []


@pytest.fixture
def app(ran: list[int]) -> App:
    app = App(connector=InMemoryConnector())

    @app.periodic(cron=YEARLY)
    @app.task(name="yearly")
    def yearly(timestamp: int) -> None:
        ran.append(timestamp)

    return app


def test_a_run_missed_long_ago_is_made_up_once(app: App, ran: list[int]) -> None:
    asyncio.run(work(app, wait=False))
    assert len(ran) == 1
    asyncio.run(work(app, wait=False))
    assert len(ran) == 1


def test_what_a_dead_worker_left_is_queued_again(app: App) -> None:
    connector = app.connector
    assert isinstance(connector, InMemoryConnector)

    async def leave_a_job_half_done() -> None:
        await app.configure_task("yearly").defer_async(timestamp=1)
        dead = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=dead) is not None
        await app.job_manager.unregister_worker(dead)

    class Context:
        pass

    context: Any = Context()
    context.app = app
    asyncio.run(leave_a_job_half_done())
    assert [job["status"] for job in connector.jobs.values()] == ["doing"]
    asyncio.run(retry_stalled.func(context, timestamp=0))
    assert [job["status"] for job in connector.jobs.values()] == ["todo"]
