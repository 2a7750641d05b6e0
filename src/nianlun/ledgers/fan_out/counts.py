"""How far times of duties have come that are done place by place: 16 of 20."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from nianlun.duties.models import Occurrence
from nianlun.ledgers.fan_out.ground import Ground, Place, ground_of
from nianlun.ledgers.models import DutyEntry, FanOut
from nianlun.places.models import Community

NO_PLACES = "未指定地点"


@dataclass(frozen=True, slots=True)
class Count:
    """The places of one time, and which of them have an entry that counts."""

    fan: FanOut
    places: dict[UUID, Place]
    done: frozenset[UUID]

    @property
    def whole(self) -> int:
        return len(self.places)

    @property
    def complete(self) -> bool:
        return bool(self.places) and len(self.done) == len(self.places)

    @property
    def said(self) -> str:
        return f"{len(self.done)} / {self.whole}" if self.places else NO_PLACES


def counts_of(community: Community, occurrences: Iterable[Occurrence]) -> dict[UUID, Count]:
    """By the occurrence's id, for those whose duty fans out; as many queries however many there are."""
    ones = list(occurrences)
    fans = {fan.duty_id: fan for fan in FanOut.objects.filter(duty__in={one.duty_id for one in ones})}
    if not fans:
        return {}
    ones = [one for one in ones if one.duty_id in fans]
    return _counted(ground_of(community, fans.values()), fans, ones)


def count_of(one: Occurrence) -> Count | None:
    """Of one time; None where its duty does not fan out."""
    return counts_of(one.community, [one]).get(one.pk)


def _counted(ground: Ground, fans: dict[UUID, FanOut], ones: list[Occurrence]) -> dict[UUID, Count]:
    done: dict[UUID, set[UUID]] = {}
    links = DutyEntry.objects.filter(occurrence__in=[one.pk for one in ones], entry__withdrawn_at=None)
    for occurrence, place in links.values_list("occurrence_id", "place_id"):
        if place is not None:
            done.setdefault(occurrence, set()).add(place)
    found = {}
    for one in ones:
        places = ground.expected(fans[one.duty_id], one)
        found[one.pk] = Count(fans[one.duty_id], places, frozenset(done.get(one.pk, set()) & places.keys()))
    return found
