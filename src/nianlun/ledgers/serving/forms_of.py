"""By which ledgers duties are done: those of their items; of duties outside the plan, those that words suggest."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from nianlun.duties.models import Duty
from nianlun.ledgers.bound import suggester_at
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.models import ItemLedger
from nianlun.ledgers.rules.suggest import Sentence


def ledgers_of_duties(duties: Iterable[Duty], held: dict[str, Held]) -> dict[UUID, list[str]]:
    """Codes by the duty's id, of ledgers that hold there; one query, however many duties."""
    wanted = {duty.pk: duty for duty in duties}
    items = {duty.item_id: duty.pk for duty in wanted.values() if duty.item_id is not None}
    found: dict[UUID, list[str]] = {pk: [] for pk in wanted}
    for item, ledger in (
        ItemLedger.objects.filter(item__in=items, refused=False).order_by("pk").values_list("item_id", "ledger")
    ):
        if ledger in held:
            found[items[item]].append(ledger)
    ask = suggester_at(held)
    for pk, duty in wanted.items():
        if duty.item_id is None:
            found[pk] = [one.ledger for one in ask(Sentence(duty.title, duty.line)) if one.sure]
    return found
