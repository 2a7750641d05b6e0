"""A new entry that follows from another: which, by which of its follow-ons, and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, QueryDict

from nianlun.kernel.clock import today
from nianlun.kernel.sealing.seal import masked, unseal
from nianlun.ledgers import catalogue
from nianlun.ledgers.access import LedgerViewer, access_entry, ledger_at
from nianlun.ledgers.actions.writing import ledger_of
from nianlun.ledgers.declarations.model import FieldSpec, FollowOn, Ledger
from nianlun.ledgers.forms.raw import Raw
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rules.following import Names, filled, parts_of, secret_fills
from nianlun.ledgers.rules.stored import secret_codes, values_of


@dataclass(frozen=True, slots=True)
class Origin:
    """`place` is the follow-on's among those of its ledger; `part` the point or row that it is about."""

    entry: Entry
    follow: FollowOn
    place: int
    part: str
    names: Names

    def raw(self, fields: list[FieldSpec]) -> Raw:
        """What the form begins with; secret values as masks."""
        secret = frozenset(self.entry.sealed)
        known = {spec.code: spec for spec in fields}
        found = filled(self.follow, self.names, secret | secret_codes(ledger_of(self.entry)), today())
        for code, name in secret_fills(self.follow, secret).items():
            if code in known:
                found[code] = masked(known[code].kind, self.entry.sealed[name])
        return {code: value for code, value in found.items() if code in known}

    def head(self, ledger: Ledger) -> dict[str, str]:
        """Whom and where it is about, as far as the opened ledger is about such."""
        entry = self.entry
        found = {}
        if entry.subject_kind in ledger.about:
            found["subject"] = f"{entry.subject_kind}:{entry.subject_id}"
        if entry.building_id:
            found["building"] = str(entry.building_id)
        return found

    def secrets_kept(self, raw: Mapping[str, object]) -> dict[str, str]:
        """Secret values that came back as their masks, as they are."""
        secret = frozenset(self.entry.sealed)
        return {
            code: unseal(self.entry.sealed[name])
            for code, name in secret_fills(self.follow, secret).items()
            if "*" in str(raw.get(code, ""))
        }


def origin_of(viewer: LedgerViewer, said: QueryDict) -> Origin | None:
    """As address or form say it; raises Http404 where the entry is not the user's to see, or does not open this."""
    if not said.get("from"):
        return None
    try:
        pk, place = UUID(str(said["from"])), int(str(said.get("follow", "")))
    except ValueError:
        raise Http404 from None
    source_code = Entry.objects.filter(pk=pk, community=viewer.community).values_list("ledger", flat=True).first()
    if source_code is None:
        raise Http404
    source_viewer = LedgerViewer(
        viewer.user, viewer.community, viewer.policy, ledger_at(viewer.community, source_code)
    )  # fmt: skip
    entry = access_entry(source_viewer, pk)
    ledger = ledger_of(entry)
    if not 0 <= place < len(ledger.follow_ons) or ledger.follow_ons[place].opens != viewer.ledger.ledger:
        raise Http404
    follow, part = ledger.follow_ons[place], str(said.get("part", ""))
    values = {**values_of(ledger, entry.data, entry.sealed), "status": entry.status}
    parts = parts_of(ledger, follow, values, catalogue.checklists_for(viewer.community, values.values()), today())
    if part not in parts:
        raise Http404
    return Origin(entry, follow, place, part, parts[part])
