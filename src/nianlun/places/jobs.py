"""Every night: buildings come into their new grids, accounts whose term is over close, the search index is mended."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from procrastinate.contrib.django import app

from nianlun.kernel.clock import now
from nianlun.places.actions.ground_moves import follow_spells
from nianlun.places.actions.posts import close_ended_accounts
from nianlun.places.models import Building, Community
from nianlun.places.search.rebuild import rebuild

LATELY = timedelta(days=14)  # of kinds that grow for ever; `nianlun reindex` looks at all
log = logging.getLogger(__name__)


def follow_all_spells() -> int:
    """Each community in a transaction of its own; run twice it changes nothing more. Gives how many buildings moved."""
    moved = 0
    for community in Community.objects.order_by("pk"):
        with transaction.atomic():
            moved += follow_spells(Building.objects.filter(community=community))
    return moved


@app.periodic(cron="30 17 * * *")
@app.task(queueing_lock="reindex")
def reindex(timestamp: int) -> None:
    """At night: whatever the search box's index missed is made good."""
    log.info("records indexed: %d", rebuild(now() - LATELY))


@app.periodic(cron="2 16 * * *")
@app.task(queueing_lock="follow_grid_spells")
def follow_grid_spells(timestamp: int) -> None:
    """Just after midnight in China (cron is in UTC)."""
    log.info("buildings that came into another grid: %d", follow_all_spells())


@app.periodic(cron="4 16 * * *")
@app.task(queueing_lock="close_accounts")
def close_accounts(timestamp: int) -> None:
    """Just after midnight in China: whose last term has ended is closed out, and sessions that ran out are dropped."""
    log.info("accounts closed at the end of a term: %d", close_ended_accounts())
    SessionStore.clear_expired()
