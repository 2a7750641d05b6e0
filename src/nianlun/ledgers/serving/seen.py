"""Entries of several ledgers at once, as far as somebody may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from nianlun.ledgers import catalogue
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.model import Ledger, State
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import may_see_any, scope_of
from nianlun.places.viewing import CommunityViewer


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry with its ledger, and where it is shown."""

    entry: Entry
    ledger: Ledger
    address: str

    @property
    def state(self) -> State | None:
        return self.ledger.flow.states.get(self.entry.status)


def scope_over(viewer: CommunityViewer, held: dict[str, Held]) -> Q:
    """The condition under which entries of these ledgers are the viewer's to see; ledgers seen alike share one."""
    alike: dict[tuple[bool, frozenset[str]], list[str]] = {}
    for code, one in held.items():
        if may_see_any(viewer.policy, one.ledger, viewer.community):
            alike.setdefault((one.ledger.sensitive, frozenset(one.ledger.sees)), []).append(code)
    scope = Q(pk__in=[])
    for codes in alike.values():
        scope |= Q(ledger__in=codes) & scope_of(viewer.policy, held[codes[0]].ledger)
    return scope


def seen_of(viewer: CommunityViewer, ids: Iterable[UUID]) -> dict[UUID, Seen]:
    """By id those of these entries that the viewer may see; two queries, however many they are."""
    wanted = list(ids)
    if not wanted:
        return {}
    held = catalogue.readable_at(viewer.community)
    rows = Entry.objects.filter(scope_over(viewer, held), pk__in=wanted, community=viewer.community)
    return {
        row.pk: Seen(
            row, held[row.ledger].ledger, reverse("registers:record", args=[viewer.place_code, row.ledger, row.pk])
        )
        for row in rows.select_related("recorded_by")
    }  # fmt: skip
