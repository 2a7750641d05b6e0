"""Small plans, adopted, for tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from nianlun.duties.models import Duty, Occurrence
from nianlun.kernel.clock import CHINA, frozen, now
from nianlun.places.models import Body, Community, Member, User
from nianlun.plans.models import Item, ItemText, Plan, PlanVersion, VersionStatus
from nianlun.plans.signals import version_adopted
from tests.places import make

MONTHLY: dict[str, Any] = {"kind": "every", "unit": "month", "interval": 1, "times": 1}
WEEKLY: dict[str, Any] = {"kind": "every", "unit": "week", "interval": 1, "times": 1}
DAILY: dict[str, Any] = {"kind": "every", "unit": "day", "interval": 1, "times": 1}


def at(year: int, month: int, day: int, hour: int = 10) -> AbstractContextManager[None]:
    """Hold the clock at that day in China."""
    return frozen(datetime(year, month, day, hour, tzinfo=CHINA))


@dataclass(frozen=True)
class Wanted:
    """An item of a small plan."""

    text: str
    line: str = "safety"
    schedules: Sequence[Mapping[str, Any]] = (MONTHLY,)
    owners: Sequence[str] = ()
    dropped: str = ""
    item: Item | None = field(default=None)


def adopt(
    community: Community, user: User, wanted: Sequence[Wanted], *, year: int = 2027, plan: Plan | None = None
) -> PlanVersion:
    """A plan (or the next version of one) with these items, adopted as the review does it."""
    with transaction.atomic():
        made = plan or Plan.objects.create(community=community, year=year, title=f"{year}年工作计划", created_by=user)
        made.versions.filter(status=VersionStatus.ADOPTED).update(status=VersionStatus.SUPERSEDED)
        text = "\n".join(one.text for one in wanted)
        version = PlanVersion.objects.create(
            plan=made, number=made.versions.count() + 1, status=VersionStatus.ADOPTED, text=text,
            created_by=user, adopted_by=user, adopted_at=now(),
        )  # fmt: skip
        start = 0
        for one in wanted:
            ItemText.objects.create(
                version=version, item=one.item or Item.objects.create(plan=made), start=start,
                end=start + len(one.text), text=one.text, line=one.line, schedules=list(one.schedules),
                owners=list(one.owners), dropped_reason=one.dropped,
            )  # fmt: skip
            start += len(one.text) + 1
        version_adopted.send(sender=PlanVersion, version=version, acting_user=user)
    return version


@dataclass
class World:
    """A community with a secretary, workers and a team, and a neighbour in another subdistrict."""

    home: Community
    boss: User
    grid1: User
    grid2: User
    welfare: User
    team: Body
    far: Community
    stranger: User

    def adopt(self, *wanted: Wanted, **options: Any) -> PlanVersion:
        return adopt(self.home, self.boss, wanted, **options)

    def duty(self, text: str) -> Duty:
        return Duty.objects.get(community=self.home, title=text)

    def first(self, text: str) -> Occurrence:
        """The duty's earliest open occurrence."""
        found = Occurrence.objects.filter(duty=self.duty(text), status="open").order_by("act_on").first()
        assert found is not None
        return found


def world() -> World:
    home = make.community()
    far = make.community("faraway", of=make.subdistrict("elsewhere"))
    grid1, grid2 = (make.worker(name, at=home, title="网格员") for name in ("grid1", "grid2"))
    welfare = make.worker("welfare", at=home, title="民政专干")
    team = Body.objects.create(community=home, name="巡逻队")
    Member.objects.bulk_create(Member(body=team, user=user) for user in (grid1, welfare))
    return World(
        home, make.secretary("boss", at=home), grid1, grid2, welfare, team, far, make.secretary("stranger", at=far)
    )
