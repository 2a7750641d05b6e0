"""Which ledgers and checklists hold at a place: shipped ones, and those of its subdistrict and community."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Q, QuerySet

from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.overlay import Overlay, laid_over
from nianlun.ledgers.declarations.source import read_source
from nianlun.ledgers.models import LedgerVersion, Standing
from nianlun.places.models import Community

# Shipped ones, then those of the subdistrict, then of the community; the newest last.
NEAREST_LAST = (F("subdistrict").asc(nulls_first=True), F("community").asc(nulls_first=True), F("version").asc())


@dataclass(frozen=True, slots=True)
class Held:
    """A ledger as it holds at a place: its version, and the overlays that add fields to it.

    `overlay_id` is the community's own, `above_id` that of its subdistrict. A retired ledger takes no new entries.
    """

    version_id: UUID
    ledger: Ledger
    overlay_id: UUID | None = None
    above_id: UUID | None = None
    retired: bool = False

    @property
    def code(self) -> str:
        return self.ledger.ledger


def ledgers_at(community: Community) -> dict[str, Held]:
    """Every ledger that new entries may be written into there, by code; one query, what it finds is read once."""
    return {code: one for code, one in readable_at(community).items() if not one.retired}


def readable_at(community: Community) -> dict[str, Held]:
    """Those, and the retired ones, whose entries stay readable and are finished."""
    return readable_of(community.subdistrict_id, community.pk)


def readable_of(subdistrict_id: UUID, community_id: UUID | None) -> dict[str, Held]:
    """The same of a community, or without one of what holds in all communities of the subdistrict.

    Of each code the nearest counts: the community's own before its subdistrict's before a shipped one.
    """
    rows = (
        of_place(subdistrict_id, community_id)
        .exclude(standing=Standing.DRAFT)
        .exclude(kind=LedgerVersion.Kind.CHECKLIST)
        .order_by(*NEAREST_LAST)
        .values_list("kind", "code", "id", "standing", "community")
    )
    versions: dict[str, tuple[UUID, bool]] = {}
    overlays: dict[str, tuple[UUID, bool]] = {}
    above: dict[str, tuple[UUID, bool]] = {}
    for kind, code, pk, standing, at in rows:
        into = versions if kind == LedgerVersion.Kind.LEDGER else (overlays if at else above)
        into[code] = (pk, standing == Standing.RETIRED)
    return {
        code: _held_now(pk, retired, overlays.get(code), above.get(code)) for code, (pk, retired) in versions.items()
    }


def of_place(subdistrict_id: UUID, community_id: UUID | None) -> QuerySet[LedgerVersion]:
    """Versions of what is shipped, of the subdistrict and, where one is named, of its community."""
    at = Q(subdistrict=None) | Q(subdistrict=subdistrict_id, community=None)
    return LedgerVersion.objects.filter(at | Q(community=community_id) if community_id else at)


def _held_now(
    version_id: UUID, retired: bool, overlay: tuple[UUID, bool] | None, above: tuple[UUID, bool] | None
) -> Held:
    """With what its overlays add; the fields of a retired overlay are read and no longer asked."""
    laid = tuple(one for one in (above, overlay) if one is not None)
    ledger = _overlaid(version_id, laid) if laid else ledger_of(version_id)
    own, of_office = (None if one is None or one[1] else one[0] for one in (overlay, above))
    return Held(version_id, ledger, own, of_office, retired)


def held(version_id: UUID, overlay_id: UUID | None, above_id: UUID | None = None) -> Held:
    """A ledger in a version, with the fields of its subdistrict's overlay and then of its community's."""
    laid = tuple((one, False) for one in (above_id, overlay_id) if one is not None)
    ledger = _overlaid(version_id, laid) if laid else ledger_of(version_id)
    return Held(version_id, ledger, overlay_id, above_id)


@lru_cache(maxsize=512)
def ledger_of(version_id: UUID) -> Ledger:
    """A published ledger: it never changes, so it is read once.

    From its words where they are kept: the database's JSON would not keep choices and states in their order.
    """
    code, words, body = LedgerVersion.objects.values_list("code", "words", "body").get(pk=version_id)
    return Ledger.model_validate(read_source(words, code).data if words else body)


@lru_cache(maxsize=512)
def overlay_of(version_id: UUID) -> Overlay:
    """A published overlay, read once."""
    code, words, body = LedgerVersion.objects.values_list("code", "words", "body").get(pk=version_id)
    return Overlay.model_validate(read_source(words, code).data if words else body)


@lru_cache(maxsize=512)
def _overlaid(version_id: UUID, laid: tuple[tuple[UUID, bool], ...]) -> Ledger:
    """A ledger with overlays, each with whether it is retired."""
    ledger = ledger_of(version_id)
    for overlay_id, retired in laid:
        ledger = laid_over(ledger, overlay_of(overlay_id), retired=retired)
    return ledger


def checklists_at(community: Community) -> dict[str, Checklist]:
    """Every checklist that may be taken there, by code, in its newest version."""
    return checklists_of(community.subdistrict_id, community.pk)


def checklists_of(subdistrict_id: UUID, community_id: UUID | None) -> dict[str, Checklist]:
    """The same of a community, or without one of what holds in all communities of the subdistrict."""
    rows = (
        of_place(subdistrict_id, community_id)
        .filter(kind=LedgerVersion.Kind.CHECKLIST)
        .exclude(standing=Standing.DRAFT)
        .order_by(*NEAREST_LAST)
    )
    newest = {code: (pk, standing) for code, pk, standing in rows.values_list("code", "id", "standing")}
    return {code: checklist_of(pk) for code, (pk, standing) in newest.items() if standing != Standing.RETIRED}


def checklists_for(community: Community, taken: Iterable[object]) -> dict[str, Checklist]:
    """Those that may be taken there, and instead of the newest the versions in which `taken` ones were taken."""
    found = checklists_at(community)
    for one in taken:
        if not isinstance(one, dict) or "checklist" not in one:
            continue
        code, version = str(one["checklist"]), one.get("version")
        if version is not None and (code not in found or found[code].version != version):
            there = of_place(community.subdistrict_id, community.pk).filter(
                kind=LedgerVersion.Kind.CHECKLIST, code=code, version=version
            )
            if (pk := there.exclude(standing=Standing.DRAFT).values_list("pk", flat=True).first()) is not None:
                found[code] = checklist_of(pk)
    return found


@lru_cache(maxsize=256)
def checklist_of(version_id: UUID) -> Checklist:
    return Checklist.model_validate(LedgerVersion.objects.values_list("body", flat=True).get(pk=version_id))


def forget() -> None:
    """For tests whose database begins anew under the same process."""
    ledger_of.cache_clear()
    overlay_of.cache_clear()
    _overlaid.cache_clear()
    checklist_of.cache_clear()
