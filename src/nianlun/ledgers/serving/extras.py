"""What a line of a duty's time shows beside: how many of its places are done, and the form by which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from nianlun.duties.extras import Extra
from nianlun.duties.models import Occurrence, OccurrenceStatus
from nianlun.ledgers import catalogue
from nianlun.ledgers.fan_out.counts import count_of, counts_of
from nianlun.ledgers.rights import may_file
from nianlun.ledgers.serving.forms_of import ledgers_of_duties
from nianlun.places.access import policy_of
from nianlun.places.models import Community
from nianlun.places.policy import May
from nianlun.ui.nav import Link


def extras(request: HttpRequest, community: Community, occurrences: Sequence[Occurrence]) -> dict[UUID, Extra]:
    """A fixed number of queries, however many lines there are."""
    policy, at = policy_of(request), community.code
    may_enter = policy.allows(May.DO, community)
    held = catalogue.ledgers_at(community) if may_enter else {}
    filable = {code: one for code, one in held.items() if may_file(policy, one.ledger, community)}
    forms = ledgers_of_duties([one.duty for one in occurrences], filable)
    found = {}
    counts = counts_of(community, occurrences)
    for one in occurrences:
        codes = forms[one.duty_id]
        if (count := counts.get(one.pk)) and (count.done or one.status != OccurrenceStatus.DONE):
            places = reverse("ledgers:places", args=[at, one.pk])
            action = Link("逐个登记", places, "ledger") if may_enter else None
            found[one.pk] = Extra(count.said, places, action, holds=not count.complete)
        elif codes:
            page = reverse("duties:occurrence", args=[at, one.pk])
            form = f"{reverse('ledgers:new', args=[at, codes[0]])}?serves={one.pk}"
            address = form if len(codes) == 1 else f"{page}#enter"
            found[one.pk] = Extra(action=Link("登记台账", address, "ledger"))
    return found


def lacks(occurrence: Occurrence) -> str | None:
    """Why a time cannot be called done yet: some of its places have no entry."""
    count = count_of(occurrence)
    if count is None or count.complete:
        return None
    left = count.whole - len(count.done)
    if not count.places:
        return "这项任务要逐个地点登记，但还没有指定地点；请书记先指定，或写明原因后登记完成。"
    return (
        f"还有 {left} 处没有登记（共 {count.whole} 处），都登记了才算完成；确实不用再做的，请书记写明原因后登记完成。"
    )
