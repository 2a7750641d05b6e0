"""Which ledgers items of a plan are bound to, and which are suggested; read for many items at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from nianlun.ledgers import catalogue
from nianlun.ledgers.catalogue import Held
from nianlun.ledgers.declarations.hints import shipped_hints
from nianlun.ledgers.declarations.shipped import shipped_presets
from nianlun.ledgers.models import ItemLedger
from nianlun.ledgers.rights import may_see_any
from nianlun.ledgers.rules.suggest import Sentence, Suggester, Suggestion
from nianlun.places.models import Community
from nianlun.places.policy import May, Policy
from nianlun.plans.models import ItemText, PlanVersion, VersionStatus

OPEN = (VersionStatus.REVIEW, VersionStatus.ADOPTED)  # of these versions the bindings can be changed
MOST_OFFERS = 2
NO_ITEM = UUID(int=0)
REMEMBERED = 20_000  # sentences: a subdistrict's plans of a year

Ask = Callable[[Sentence], list[Suggestion]]


@dataclass(frozen=True, slots=True)
class Chip:
    """One ledger beside an item; suggested: not bound before the plan is adopted."""

    code: str
    title: str
    address: str = ""  # of its list, where the viewer may see that
    suggested: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemLedgers:
    """What stands beside one item: its ledgers, and where there is none, those that come near."""

    row: ItemText
    address: str
    chips: list[Chip]
    offers: list[Chip]
    may_edit: bool


def suggester_at(held: dict[str, Held]) -> Ask:
    """What suggests among these ledgers; sentences that were asked before are answered at once."""
    return _suggester(tuple(sorted((one.version_id, one.overlay_id) for one in held.values())))


@lru_cache(maxsize=64)
def _suggester(versions: tuple[tuple[UUID, UUID | None], ...]) -> Ask:
    ledgers = [catalogue.held(*version).ledger for version in versions]
    return lru_cache(maxsize=REMEMBERED)(Suggester(ledgers, shipped_presets().values(), shipped_hints()).of)


def sentence_of(row: ItemText) -> Sentence:
    return Sentence(row.text, row.line, tuple(row.headings))


def ledgers_of(version: PlanVersion, rows: Sequence[ItemText], policy: Policy) -> dict[UUID, ItemLedgers]:
    """By the id of the item's text; two queries, however many items."""
    community = version.plan.community
    held = catalogue.ledgers_at(community)
    ask, bindings = suggester_at(held), bindings_of([row.item_id for row in rows])
    lists = {
        code: reverse("registers:list", args=[community.code, code])
        for code, one in held.items()
        if may_see_any(policy, one.ledger, community)
    }
    any_item = reverse("ledgers:item", args=[community.code, version.plan_id, version.number, NO_ITEM])
    titles = {code: one.ledger.title for code, one in held.items()}
    may_edit = version.status in OPEN and policy.allows(May.REVIEW, community)
    adopted = version.status != VersionStatus.REVIEW

    def chip(code: str, *, suggested: bool = False, reason: str = "") -> Chip:
        return Chip(code, titles.get(code, f"已停用的台账（{code}）"), lists.get(code, ""), suggested, reason)

    found: dict[UUID, ItemLedgers] = {}
    for row in rows:
        decided = bindings.get(row.item_id, {})
        chips = [chip(code) for code, refused in decided.items() if not refused]
        near = [one for one in ask(sentence_of(row)) if one.ledger not in decided]
        if not adopted:
            chips += [chip(one.ledger, suggested=True, reason=one.reason) for one in near if one.sure]
        offers = [] if chips or not may_edit else [chip(one.ledger, reason=one.reason) for one in near[:MOST_OFFERS]]
        address = any_item.replace(str(NO_ITEM), str(row.pk))  # addresses of hundreds of items are slow to make
        found[row.pk] = ItemLedgers(row, address, chips, offers, may_edit and not row.dropped_reason)
    return found


def bindings_of(items: Sequence[UUID]) -> dict[UUID, dict[str, bool]]:
    """By item: its ledgers in the order in which they were bound, each with whether it was taken away by hand."""
    found: dict[UUID, dict[str, bool]] = {}
    rows = ItemLedger.objects.filter(item__in=items).order_by("pk")
    for item, ledger, refused in rows.values_list("item_id", "ledger", "refused"):
        found.setdefault(item, {})[ledger] = refused
    return found


def standing(version: PlanVersion) -> QuerySet[ItemText]:
    """The items that a version asks for."""
    return ItemText.objects.filter(version=version, dropped_reason="")


def without_ledger(rows: QuerySet[ItemText]) -> QuerySet[ItemText]:
    return rows.filter(~Exists(ItemLedger.objects.filter(item=OuterRef("item"), refused=False)))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of a version there are, how many without a ledger, and how many for each: (code, title, n)."""

    all: int
    without: int
    by_ledger: list[tuple[str, str, int]]

    @property
    def bound(self) -> int:
        return self.all - self.without


def counts_of(version: PlanVersion, community: Community) -> Counts:
    rows = standing(version)
    titles = {code: one.ledger.title for code, one in catalogue.ledgers_at(community).items()}
    counted = (
        ItemLedger.objects.filter(refused=False, item__in=rows.values("item"))
        .values("ledger")
        .annotate(n=Count("pk"))
        .order_by("-n", "ledger")
    )
    by_ledger = [(one["ledger"], titles.get(one["ledger"], one["ledger"]), one["n"]) for one in counted]
    return Counts(rows.count(), without_ledger(rows).count(), by_ledger)


def near_unbound(version: PlanVersion, community: Community) -> dict[UUID, list[str]]:
    """By item, of those without a ledger: what would be bound if its suggestions were taken."""
    ask = suggester_at(catalogue.ledgers_at(community))
    rows = list(without_ledger(standing(version)))
    decided = bindings_of([row.item_id for row in rows])
    found: dict[UUID, list[str]] = {}
    for row in rows:
        near = [one for one in ask(sentence_of(row)) if one.ledger not in decided.get(row.item_id, {})]
        if near:
            found[row.item_id] = [one.ledger for one in near if one.sure] or [near[0].ledger]
    return found
