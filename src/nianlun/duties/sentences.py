"""Where a plan says what a duty asks: the sentence with what stands around it, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse

from nianlun.duties.access import text_of
from nianlun.duties.models import Duty
from nianlun.plans.models import ItemText, VersionStatus

AROUND = 60  # characters of the plan shown on each side of a sentence


def sentence(duty: Duty) -> dict[str, Any] | None:
    """The duty's sentence with what stands around it, and the way to it in the plan."""
    found = text_of(duty)
    return None if found is None else _shown(duty, found)


def sentences(duties: Iterable[Duty]) -> dict[UUID, dict[str, Any]]:
    """The same of many duties, by the duty's id; one query."""
    by_item = {duty.item_id: duty for duty in duties if duty.item_id is not None}
    texts: dict[UUID, ItemText] = {}
    rows = ItemText.objects.filter(item__in=by_item).select_related("version").order_by("version__number")
    for text in rows:
        last = texts.get(text.item_id)
        if last is None or last.version.status != VersionStatus.ADOPTED:
            texts[text.item_id] = text
    return {by_item[item].pk: _shown(by_item[item], text) for item, text in texts.items()}


def _shown(duty: Duty, found: ItemText) -> dict[str, Any]:
    text, start, end = found.version.text, found.start, found.end
    address = reverse("plans:version", args=[duty.community.code, duty.plan_id, found.version.number])
    return {
        "before": text[max(0, start - AROUND) : start].split("\n")[-1],
        "text": text[start:end] or found.text,
        "after": text[end : end + AROUND].split("\n")[0],
        "headings": found.headings,
        "version": found.version,
        "address": f"{address}#i-{found.pk}",
    }
