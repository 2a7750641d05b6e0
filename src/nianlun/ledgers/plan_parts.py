"""What this room shows on pages of plans and duties: ledgers beside each item, and how far a plan has them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString, mark_safe

from nianlun.duties.access import text_of
from nianlun.duties.models import Duty
from nianlun.ledgers.bound import ItemLedgers, counts_of, ledgers_of
from nianlun.places.access import policy_of
from nianlun.plans.models import ItemText, Plan, PlanVersion

PART = "ledgers/parts/item_ledgers.html"


def beside_items(request: HttpRequest, version: PlanVersion, rows: Sequence[ItemText]) -> dict[UUID, SafeString]:
    """By the id of the item's text; an item that is left out of the year has none."""
    template = get_template(PART)
    listed = [row for row in rows if not row.dropped_reason]
    found = ledgers_of(version, listed, policy_of(request))
    return {pk: mark_safe(template.render({"part": part})) for pk, part in found.items()}


def of_plan(request: HttpRequest, plan: Plan, version: PlanVersion | None) -> SafeString | None:
    """How many items of the adopted version have their ledgers, and the way to all of them."""
    if version is None:
        return None
    about = {"plan": plan, "community": plan.community, "counts": counts_of(version, plan.community)}
    return render_to_string("ledgers/parts/plan_ledgers.html", about)


def of_duty(request: HttpRequest, duty: Duty) -> SafeString | None:
    """The ledgers of a duty's item; a duty that no plan asks for has none."""
    row = text_of(duty)
    if row is None or duty.plan is None:
        return None
    row.version.plan = duty.plan
    duty.plan.community = duty.community
    part: ItemLedgers = ledgers_of(row.version, [row], policy_of(request))[row.pk]
    return render_to_string("ledgers/parts/duty_ledgers.html", {"part": part})
