"""What of duties the search box finds: what each asks for, and the paper that charged it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from nianlun.duties.models import Duty
from nianlun.places.policy import May
from nianlun.places.search.index import index
from nianlun.places.search.kinds import Described, Kind, Where, describe

FOUND_BY = {"title", "source_title", "ended_on"}


def describe_all() -> None:
    """Called once at start-up."""
    describe(Kind("duty", "任务", Duty, _duties, _page, May.SEE))


def saved(sender: Any, *, instance: Duty, update_fields: frozenset[str] | None = None, **_: Any) -> None:
    """One duty was saved; those written in bulk are indexed by whoever writes them."""
    if update_fields is None or FOUND_BY & update_fields:
        index([instance])


def _page(community: str, pk: UUID) -> str:
    return reverse("duties:duty", args=[community, pk])


def _duties(records: Sequence[Duty]) -> Iterator[Described]:
    for one in records:
        where = Where(one.pk, one.subdistrict_id, one.community_id)
        about = f"{one.year} 年 {one.get_origin_display()} {one.source_title}".strip()
        yield Described(where, one.title, about, texts=[one.title, one.source_title], gone=one.ended_on is not None)
