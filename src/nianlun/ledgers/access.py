"""How pages reach ledgers and entries: what somebody may not see does not exist for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.digest import digest
from nianlun.ledgers import catalogue
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.findable import ENTRY
from nianlun.ledgers.models import Entry, EntryDigest, LedgerVersion, Standing
from nianlun.ledgers.records import names_of
from nianlun.ledgers.rights import may_file, may_see_any, visible
from nianlun.places.access import access_community, policy_of, signed_in
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.places.search.find import records_with
from nianlun.places.viewing import CommunityViewer

HELD = "held"  # the form's field that carries the versions
RULED = ("sensitive", "sees", "files_by")  # as they hold now, whatever a form was opened with
TOO_OLD = "这张表单对应的台账版本已不能用，没有保存。请重新打开再填。"


@dataclass(frozen=True, slots=True)
class LedgerViewer(CommunityViewer):
    """A user at a ledger of a community."""

    held: Held = None  # type: ignore[assignment]
    _names: dict[str, str] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)

    @classmethod
    def of_ledger(cls, request: HttpRequest, place_code: str, code: str) -> LedgerViewer:
        """Raises Http404 where there is no such ledger, PermissionDenied where it is for other posts."""
        community = access_community(request, place_code, May.SEE)
        held = as_opened(ledger_at(community, code), community, str(request.POST.get(HELD, "")))
        policy = policy_of(request)
        if not may_see_any(policy, held.ledger, community):
            raise PermissionDenied
        return cls(signed_in(request), community, policy, held)

    @property
    def ledger(self) -> Ledger:
        return self.held.ledger

    @property
    def may_write(self) -> bool:
        """Whether a post of the user's files its entries; of a retired ledger it changes them still."""
        return may_file(self.policy, self.ledger, self.community)

    @property
    def may_file(self) -> bool:
        return self.may_write and not self.held.retired

    @property
    def may_step(self) -> bool:
        """Whether a post of the user's is among those of any step."""
        at = self.community
        kinds = {
            post.kind
            for post in self.policy.posts
            if post.subdistrict_id == at.subdistrict_id and post.community_id in {None, at.pk}
        }
        return any(kinds & {*step.who} for step in self.ledger.flow.steps)

    @property
    def may_export(self) -> bool:
        return self.policy.allows(May.SHEETS_OUT, self.community)

    def entries(self) -> QuerySet[Entry]:
        """Those that the user may see."""
        entries = Entry.objects.filter(community=self.community, ledger=self.ledger.ledger)
        return visible(self.policy, self.ledger, entries)

    def names(self, ids: Mapping[str, Iterable[str]]) -> dict[str, str]:
        """How records are called; each is asked for once in a request, those that are no more too."""
        missing = {kind: {*wanted} - self._asked for kind, wanted in ids.items()}
        self._asked.update(*missing.values())
        self._names.update(names_of(missing))
        return self._names

    def find(self, rows: QuerySet[Entry], words: str) -> QuerySet[Entry]:
        """By words as the search box finds them; by a phone or its last four, or an ID number.

        Raises UserError for words that would find nothing or everything.
        """
        said = words.replace(" ", "")
        kinds = {4: "phone_tail", 11: "phone", 18: "id_number"}
        if said[:-1].isdigit() and len(said) in kinds:
            kind = kinds[len(said)]
            numbered = EntryDigest.objects.filter(digest=digest(kind, said.upper()), kind=kind).values("entry_id")
            if kind != "phone_tail":
                return rows.filter(pk__in=numbered)
            found = records_with(ENTRY, self.community, words, self.ledger.ledger)  # four figures may be a year too
            return rows.filter(Q(pk__in=numbered) | Q(pk__in=found))
        return rows.filter(pk__in=records_with(ENTRY, self.community, words, self.ledger.ledger))


def ledger_at(community: Community, code: str) -> Held:
    """The ledger as it holds there today, retired or not; raises Http404."""
    held = catalogue.readable_at(community).get(code)
    if held is None:
        raise Http404
    return held


def version_mark(held: Held) -> str:
    """What the form of a new entry carries, so that it is filed under the versions that it was opened with."""
    return ":".join(str(one or "") for one in (held.version_id, held.overlay_id, held.above_id))


def as_opened(now: Held, community: Community, mark: str) -> Held:
    """The ledger as a form knew it that was opened before a newer version; as it holds now where the form says nothing.

    Raises UserError where the versions are none of this ledger at the place.
    """
    if not mark or mark == version_mark(now):
        return now
    try:
        version, overlay, above = (UUID(one) if one else None for one in mark.split(":"))
    except ValueError:
        raise UserError(TOO_OLD) from None
    asked = {pk for pk in (version, overlay, above) if pk}
    known = catalogue.of_place(community.subdistrict_id, community.pk).filter(code=now.code, pk__in=asked)
    kinds = LedgerVersion.Kind
    there = {
        pk: (kind, at)
        for pk, kind, at in known.exclude(standing=Standing.DRAFT).values_list("pk", "kind", "community_id")
    }
    asked_of: list[tuple[UUID | None, str, bool, UUID | None]] = [
        (version, kinds.LEDGER, False, None),
        (overlay, kinds.OVERLAY, True, community.pk),
        (above, kinds.OVERLAY, True, None),
    ]
    fits = all(
        pk is None or (pk in there and there[pk][0] == kind and (not exact or there[pk][1] == at))
        for pk, kind, exact, at in asked_of
    )
    if not fits or version is None:
        raise UserError(TOO_OLD)
    opened = catalogue.held(version, overlay, above)
    ruled = {key: getattr(now.ledger, key) for key in RULED}
    return replace(opened, ledger=opened.ledger.model_copy(update=ruled), retired=now.retired)


def access_entry(viewer: LedgerViewer, pk: UUID) -> Entry:
    """One entry that the user may see; raises Http404."""
    seen = viewer.entries().select_related("recorded_by", "withdrawn_by", "building__estate", "grid", "community")
    entry = seen.filter(pk=pk).first()
    if entry is None:
        raise Http404
    return entry
