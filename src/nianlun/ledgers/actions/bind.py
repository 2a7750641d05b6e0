"""Binding items of a plan to ledgers: by hand, by taking suggestions, at adoption; and taking a change back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404

from nianlun.kernel import audit
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.ledgers import catalogue
from nianlun.ledgers.bound import bindings_of, near_unbound, sentence_of, suggester_at
from nianlun.ledgers.models import ItemLedger
from nianlun.places.models import User
from nianlun.places.policy import May, Policy
from nianlun.plans.access import adopted_version
from nianlun.plans.models import Item, Plan, PlanVersion

State = Literal["suggested", "chosen", "refused"] | None  # of one item and one ledger; None: nothing was said of them
States = dict[str, dict[str, State]]  # by item and ledger
CHANGED, UNDONE = "plan.ledgers_changed", "plan.ledgers_undone"
STALE = "这之后又有人改过这些任务的台账，不能直接撤销，请逐条修改。"


@transaction.atomic
def add_ledger(*, acting_user: User, plan: Plan, item_id: UUID, ledger: str) -> AuditRow | None:
    """Bind an item to a ledger by hand; None where it was bound already."""
    _check(acting_user, plan)
    _check_known(plan, item_id, ledger)
    return _change(acting_user, plan, {item_id: {ledger: "chosen"}})


@transaction.atomic
def remove_ledger(*, acting_user: User, plan: Plan, item_id: UUID, ledger: str) -> AuditRow | None:
    """Take a ledger away from an item; it is not suggested for it again."""
    _check(acting_user, plan)
    _check_known(plan, item_id, ledger, bound=True)
    return _change(acting_user, plan, {item_id: {ledger: "refused"}})


@transaction.atomic
def take_suggestions(*, acting_user: User, plan: Plan, items: Iterable[UUID] | None = None) -> AuditRow | None:
    """Bind what is suggested for items without a ledger: these, or all of the plan as it is adopted."""
    _check(acting_user, plan)
    version = adopted_version(plan)
    if version is None:
        raise UserError("计划还没有通过，通过时会采用建议的台账。")
    near = near_unbound(version, plan.community)
    chosen = set(near) if items is None else set(items) & set(near)
    return _change(acting_user, plan, {item: dict.fromkeys(near[item], "suggested") for item in chosen})


@transaction.atomic
def undo(*, acting_user: User, plan: Plan, row: UUID) -> AuditRow:
    """Put the ledgers of items back as they stood before one change, where nobody changed them since."""
    _check(acting_user, plan)
    told = AuditRow.objects.filter(pk=row, kind="plan", record_id=plan.pk, action__in=[CHANGED, UNDONE]).first()
    if told is None:
        raise Http404
    before: States = told.detail["before"]
    items = _locked(plan, [UUID(item) for item in before])
    if _states(items, told.detail["after"]) != told.detail["after"]:
        raise StaleRevision(STALE)
    made = _write(plan, {UUID(item): states for item, states in before.items()}, acting_user, UNDONE)
    if made is None:
        raise StaleRevision(STALE)
    return made


@transaction.atomic
def bind_suggested(*, acting_user: User, version: PlanVersion) -> int:
    """With the adoption: what is surely suggested for an item and was not taken away is bound; gives how many."""
    plan = version.plan
    ask = suggester_at(catalogue.ledgers_at(plan.community))
    rows = list(version.items.filter(dropped_reason=""))
    decided = bindings_of([row.item_id for row in rows])
    fresh = [
        ItemLedger(item_id=row.item_id, ledger=one.ledger)
        for row in rows
        for one in ask(sentence_of(row))
        if one.sure and one.ledger not in decided.get(row.item_id, {})
    ]
    ItemLedger.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)  # somebody may bind one meanwhile
    audit.record(
        "plan.ledgers_bound", actor_id=acting_user.pk, kind="plan", record_id=plan.pk,
        subdistrict_id=plan.community.subdistrict_id, detail={"version": version.number, "bound": len(fresh)},
    )  # fmt: skip
    return len(fresh)


def _check(user: User, plan: Plan) -> None:
    if not Policy(user).allows(May.REVIEW, plan.community):
        raise PermissionDenied


def _check_known(plan: Plan, item_id: UUID, ledger: str, *, bound: bool = False) -> None:
    """One that was retired since can still be taken away from an item that is bound to it."""
    if ledger in catalogue.ledgers_at(plan.community):
        return
    if not (bound and ItemLedger.objects.filter(item=item_id, ledger=ledger).exists()):
        raise UserError("没有这本台账，可能刚刚停用。请重新选择。")


def _change(user: User, plan: Plan, wanted: Mapping[UUID, dict[str, State]]) -> AuditRow | None:
    """Only what differs is written; nothing is told of where nothing does."""
    _locked(plan, wanted)
    return _write(plan, wanted, user, CHANGED)


def _locked(plan: Plan, items: Iterable[UUID]) -> list[UUID]:
    """The items, held until the transaction's end, so that two who change the same one come after each other."""
    wanted = sorted(items)
    found = list(Item.objects.select_for_update().filter(plan=plan, pk__in=wanted).order_by("pk").values_list("pk"))
    if len(found) != len(wanted):
        raise UserError("没有找到这条任务，可能已被合并，请刷新页面。")
    return wanted


def _states(items: Iterable[UUID], asked: Mapping[str, Mapping[str, State]]) -> States:
    """How the items stand now, for the ledgers asked about."""
    rows = ItemLedger.objects.filter(item__in=list(items)).values_list("item_id", "ledger", "suggested", "refused")
    stored: dict[tuple[str, str], State] = {
        (str(item), ledger): "refused" if refused else "suggested" if suggested else "chosen"
        for item, ledger, suggested, refused in rows
    }
    return {item: {ledger: stored.get((item, ledger)) for ledger in ledgers} for item, ledgers in asked.items()}


def _write(plan: Plan, wanted: Mapping[UUID, Mapping[str, State]], user: User, action: str) -> AuditRow | None:
    asked = {str(item): dict(states) for item, states in wanted.items()}
    stands = _states(wanted, asked)
    before: States = {}
    for item, states in asked.items():
        if differ := {code: stands[item][code] for code in states if not _same(stands[item][code], states[code])}:
            before[item] = differ
    if not before:
        return None
    after = {item: {code: asked[item][code] for code in codes} for item, codes in before.items()}
    _put(after)
    return audit.record(
        action, actor_id=user.pk, kind="plan", record_id=plan.pk, subdistrict_id=plan.community.subdistrict_id,
        detail={"before": before, "after": after},
    )  # fmt: skip


def _same(now: State, wanted: State) -> bool:
    """A ledger that is bound already is not bound once more, however it came."""
    return now == wanted or (now == "suggested" and wanted == "chosen")


def _put(states: States) -> None:
    """As many queries as there are ledgers, however many items."""
    gone: defaultdict[str, list[UUID]] = defaultdict(list)
    stay: list[ItemLedger] = []
    for item, by_ledger in states.items():
        for ledger, state in by_ledger.items():
            if state is None:
                gone[ledger].append(UUID(item))
            else:
                suggested, refused = state == "suggested", state == "refused"
                stay.append(ItemLedger(item_id=UUID(item), ledger=ledger, suggested=suggested, refused=refused))
    for ledger, items in gone.items():
        ItemLedger.objects.filter(ledger=ledger, item__in=items).delete()
    ItemLedger.objects.bulk_create(
        stay, batch_size=500, update_conflicts=True, unique_fields=["item", "ledger"],
        update_fields=["suggested", "refused"],
    )  # fmt: skip
