"""Which ledgers and checklists hold at a place: shipped ones, and those of its subdistrict and community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Q

from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.source import read_source
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.models import Community


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger as it holds at a place: its version, and the overlay that adds fields to it."""

    version_id: UUID
    ledger: Ledger
    overlay_id: UUID | None = None

    @property
    def code(self) -> str:
        return self.ledger.ledger


def ledgers_at(community: Community) -> dict[str, Held]:
    """Every ledger that new entries may be written into there, by code; one query, what it finds is read once."""
    at = Q(subdistrict=None) | Q(subdistrict=community.subdistrict_id, community=None) | Q(community=community)
    rows = (
        LedgerVersion.objects.filter(at, standing=Standing.PUBLISHED)
        .exclude(kind=LedgerVersion.Kind.CHECKLIST)
        .order_by("code", "version")
        .values_list("kind", "code", "id")
    )
    versions: dict[str, UUID] = {}
    overlays: dict[str, UUID] = {}
    for kind, code, pk in rows:
        (overlays if kind == LedgerVersion.Kind.OVERLAY else versions)[code] = pk
    return {code: held(pk, overlays.get(code)) for code, pk in versions.items()}


def held(version_id: UUID, overlay_id: UUID | None) -> Held:
    """A ledger in a version, with an overlay's fields after its own."""
    ledger = ledger_of(version_id)
    if overlay_id is None:
        return Held(version_id, ledger)
    return Held(version_id, _overlaid(version_id, overlay_id), overlay_id)


@lru_cache(maxsize=512)
def ledger_of(version_id: UUID) -> Ledger:
    """A published ledger: it never changes, so it is read once.

    From its words where they are kept: the database's JSON would not keep choices and states in their order.
    """
    code, words, body = LedgerVersion.objects.values_list("code", "words", "body").get(pk=version_id)
    return Ledger.model_validate(read_source(words, code).data if words else body)


@lru_cache(maxsize=512)
def _overlaid(version_id: UUID, overlay_id: UUID) -> Ledger:
    ledger = ledger_of(version_id)
    added = LedgerVersion.objects.values_list("body", flat=True).get(pk=overlay_id)["fields"]
    fields = [*ledger.fields, *(FieldSpec.model_validate(field) for field in added)]
    return ledger.model_copy(update={"fields": fields})


def checklists_at(community: Community) -> dict[str, Checklist]:
    """Every checklist that may be taken there, by code, in its newest version."""
    at = Q(subdistrict=None) | Q(subdistrict=community.subdistrict_id, community=None) | Q(community=community)
    rows = LedgerVersion.objects.filter(at, standing=Standing.PUBLISHED, kind=LedgerVersion.Kind.CHECKLIST)
    newest = dict(rows.order_by("version").values_list("code", "id"))
    return {code: checklist_of(pk) for code, pk in newest.items()}


def checklists_for(community: Community, taken: Iterable[object]) -> dict[str, Checklist]:
    """Those that may be taken there, and instead of the newest the versions in which `taken` ones were taken."""
    found = checklists_at(community)
    for one in taken:
        if not isinstance(one, dict) or "checklist" not in one:
            continue
        code, version = str(one["checklist"]), one.get("version")
        if version is not None and (code not in found or found[code].version != version):
            there = LedgerVersion.objects.filter(
                _at(community), kind=LedgerVersion.Kind.CHECKLIST, code=code, version=version
            ).exclude(standing=Standing.DRAFT)
            if (pk := there.values_list("pk", flat=True).first()) is not None:
                found[code] = checklist_of(pk)
    return found


def _at(community: Community) -> Q:
    return Q(subdistrict=None) | Q(subdistrict=community.subdistrict_id, community=None) | Q(community=community)


@lru_cache(maxsize=256)
def checklist_of(version_id: UUID) -> Checklist:
    return Checklist.model_validate(LedgerVersion.objects.values_list("body", flat=True).get(pk=version_id))


def forget() -> None:
    """For tests whose database begins anew under the same process."""
    ledger_of.cache_clear()
    _overlaid.cache_clear()
    checklist_of.cache_clear()
