"""Every night buildings come into the grids that were planned for the new day, and the search box's index is mended."""

from __future__ import annotations

import logging

from django.db import transaction
from procrastinate.contrib.django import app

from nianlun.places.actions.ground_moves import follow_spells
from nianlun.places.models import Building, Community
from nianlun.places.search.rebuild import rebuild

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
    log.info("records indexed: %d", rebuild())


@app.periodic(cron="2 16 * * *")
@app.task(queueing_lock="follow_grid_spells")
def follow_grid_spells(timestamp: int) -> None:
    """Just after midnight in China (cron is in UTC)."""
    log.info("buildings that came into another grid: %d", follow_all_spells())
