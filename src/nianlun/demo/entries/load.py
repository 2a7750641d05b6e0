"""The demo's year of entries: three communities, every ledger that has a table of stories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction

from nianlun.demo.entries.book import Book
from nianlun.demo.entries.neighbourhood import Neighbourhood
from nianlun.demo.entries.telling import Telling
from nianlun.demo.register.world import World
from nianlun.duties.tables import current_tables
from nianlun.kernel.clock import now, today
from nianlun.ledgers.actions.escalate import escalate_left
from nianlun.places.models import Community

SEED = 2028
SHARES: Mapping[str, float] = {"wutong": 1.0, "heying": 0.55, "shuiku": 0.3}  # of what the tables tell of a year


@dataclass(slots=True)
class Written:
    """How many entries there are now, and what their ledgers did not take."""

    entries: int = 0
    refused: list[str] = field(default_factory=list)


@transaction.atomic
def load_entries(*, share: float = 1.0) -> Written:
    """After the register is there. `share`: a part of the year's entries only."""
    day, written = today(), Written()
    holidays = current_tables([day.year - 1, day.year]).holidays
    for number, (code, of_year) in enumerate(SHARES.items()):
        world = World(SEED + number, day)
        community = Community.objects.select_related("subdistrict").get(code=code)
        book = Book(community, Neighbourhood(community, world), holidays)
        telling = Telling(book, world, now() - timedelta(minutes=5))
        telling.tell(of_year * share)
        book.write()
        written.entries += len(book.entries)
        written.refused += telling.refused
    escalate_left()
    return written
