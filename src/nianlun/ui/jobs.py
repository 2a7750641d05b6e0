"""Imports in the background: each may be run again after a worker died, and goes on where it stood."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from nianlun.kernel.disk import no_room
from nianlun.ui.sheets.forgetting import forget
from nianlun.ui.sheets.running import FAILED_CHECK, FAILED_WRITE, NO_ROOM, apply_run, check_run, fail, undo_run

logger = logging.getLogger(__name__)


@app.task(name="ui.check_sheet", queue="sheets")
def check_sheet(run_id: str) -> None:
    """Check all rows of an upload."""
    try:
        check_run(run_id)
    except Exception as error:
        logger.exception("checking of import %s failed", run_id)
        fail(run_id, _why(error, FAILED_CHECK))


@app.task(name="ui.apply_sheet", queue="sheets")
def apply_sheet(run_id: str) -> None:
    """Write the rows that were found good."""
    try:
        apply_run(run_id)
    except Exception as error:
        logger.exception("import %s failed", run_id)
        fail(run_id, _why(error, FAILED_WRITE))


@app.task(name="ui.undo_sheet", queue="sheets")
def undo_sheet(run_id: str) -> None:
    """Take back what an import wrote."""
    try:
        undo_run(run_id)
    except Exception as error:
        logger.exception("undo of import %s failed", run_id)
        fail(run_id, _why(error, FAILED_WRITE))


def _why(error: Exception, otherwise: str) -> str:
    """What the page says: a full disk is not the sheet's fault."""
    return NO_ROOM if no_room(error) else otherwise


@app.periodic(cron="20 19 * * *")
@app.task(queueing_lock="forget_sheets")
def forget_sheets(timestamp: int) -> None:
    """At night (UTC evening), drop the rows of old imports and the files of those that nobody went on with."""
    forget()
