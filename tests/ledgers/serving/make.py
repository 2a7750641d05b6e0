"""Duties that are bound to ledgers, and entries that do them."""

from __future__ import annotations

from datetime import date

from nianlun.duties.models import Occurrence
from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry, ItemLedger
from nianlun.places.models import User
from tests.duties.make import Wanted, World

INSPECTION = {"target": "老街小吃店", "kind": "routine", "inspectors": "两名网格员", "conclusion": "passed"}
VISIT = {"purpose": ["care"], "gist": "都好"}


def duty(world: World, text: str, *ledgers: str, year: int = 2027, **wanted: object) -> Occurrence:
    """The first open time of a duty of the plan, whose item is bound to these ledgers."""
    world.adopt(Wanted(text, **wanted), year=year)  # type: ignore[arg-type]
    one = world.first(text)
    assert one.duty.item is not None
    ItemLedger.objects.filter(item=one.duty.item).delete()  # what its words suggested
    for ledger in ledgers:
        ItemLedger.objects.create(item=one.duty.item, ledger=ledger)
    return one


def inspection(world: World, by: User, on: date | None = None, **head: object) -> Entry:
    held = ledgers_at(world.home)["inspection"]
    at = Head(on or today(), late_reason="补录" if on else "", **head)  # type: ignore[arg-type]
    return file_entry(acting_user=by, community=world.home, held=held, head=at, written=INSPECTION)
