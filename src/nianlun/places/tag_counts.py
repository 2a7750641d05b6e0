"""How many residents bear each tag, by community; few of a sensitive kind are not told apart from none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from nianlun.kernel.clock import today
from nianlun.places.models import Community, Resident, ResidentState, ResidentTag
from nianlun.places.policy import GRANTS, May, Policy
from nianlun.places.registers.resident_filters import in_band
from nianlun.places.rules.tags import Tag, shipped

FEW = 5
FEWER = "<5"


@dataclass(frozen=True, slots=True)
class Row:
    """One tag with its counts in words, in the order of the communities; `total` is "" where it would tell few."""

    tag: Tag
    counts: list[str]
    total: str


def counted(policy: Policy, communities: Sequence[Community]) -> list[Row]:
    """The tags whose line the user sees in every one of the communities; two queries for any number."""
    tags = [tag for tag in shipped().values() if all(_sees(policy, tag, one) for one in communities)]
    if not communities:
        return []
    by_tag = _stored(communities) | _by_age(communities, [tag for tag in tags if tag.band])
    named = [policy.allows(May.PEOPLE, one) for one in communities]  # there the people themselves may be seen
    rows = []
    for tag in tags:
        numbers = [by_tag.get((one.pk, tag.code), 0) for one in communities]
        hidden = [tag.special and n < FEW and not seen for n, seen in zip(numbers, named, strict=True)]
        said = [FEWER if few else str(number) for few, number in zip(hidden, numbers, strict=True)]
        rows.append(Row(tag, said, "" if any(hidden) else str(sum(numbers))))
    return rows


def _sees(policy: Policy, tag: Tag, community: Community) -> bool:
    return any(
        May.COUNTS in GRANTS[post.kind].rights and (GRANTS[post.kind].every_line or tag.line in post.lines)
        for post in policy.posts
        if post.subdistrict_id == community.subdistrict_id and post.community_id in {None, community.pk}
    )


def _stored(communities: Sequence[Community]) -> dict[tuple[UUID, str], int]:
    day = today()
    holding = ResidentTag.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day, resident__state=ResidentState.LIVING,
        resident__community__in=communities,
    )  # fmt: skip
    counts = (
        holding.order_by().values_list("resident__community", "code").annotate(people=Count("resident", distinct=True))
    )
    return {(community, code): people for community, code, people in counts}


def _by_age(communities: Sequence[Community], tags: Sequence[Tag]) -> dict[tuple[UUID, str], int]:
    living = Resident.objects.filter(community__in=communities, state=ResidentState.LIVING).order_by()
    counts = {tag.code: Count("pk", filter=in_band(tag.band)) for tag in tags if tag.band}
    rows: Iterable[Any] = living.values("community").annotate(**counts)
    return {(row["community"], code): row[code] for row in rows for code in counts}
