"""Entries for tests, filed as people file them."""

from __future__ import annotations

from dataclasses import dataclass

from nianlun.kernel.clock import today
from nianlun.ledgers.actions.entries import file_entry
from nianlun.ledgers.actions.writing import Head
from nianlun.ledgers.catalogue import ledgers_at
from nianlun.ledgers.models import Entry
from nianlun.places.models import Community, User
from tests.places import make

HAZARD = {"found": "楼道堆放杂物", "category": "fire", "severity": "minor"}


@dataclass(frozen=True, slots=True)
class Yard:
    """A community with a secretary and two workers, and a neighbour in another subdistrict."""

    home: Community
    boss: User
    one: User
    two: User
    stranger: User


def yard() -> Yard:
    home, far = make.community(), make.community("far", of=make.subdistrict("other"))
    return Yard(
        home, make.secretary("boss", at=home), make.worker("one", at=home), make.worker("two", at=home),
        make.secretary("stranger", at=far),
    )  # fmt: skip


def hazard(by: User, at: Community, **values: object) -> Entry:
    written = {**HAZARD, **values}
    return file_entry(acting_user=by, community=at, held=ledgers_at(at)["hazard"], head=Head(today()), written=written)
