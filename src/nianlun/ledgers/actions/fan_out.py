"""Saying that a duty is done place by place, and which places those are."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.duties.models import Duty
from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ledgers.fan_out.ground import READ, ground_of, place_of
from nianlun.ledgers.models import DutyEntry, FanOut, FanOutPlace, Over
from nianlun.places.models import Estate, Grid, User
from nianlun.places.policy import May, Policy

MOST = 500


@transaction.atomic
def set_fan_out(
    *, acting_user: User, duty: UUID, revision: int, over: str, grid: UUID | None = None, estate: UUID | None = None
) -> FanOut | None:
    """Each of what the duty is done for; empty `over`: once for all. `revision` is 0 where nothing was set yet.

    What is done stays done. Entries that times of the duty have already count for the places that they are of.
    """
    of, fan = _locked(duty, acting_user)
    if (fan.revision if fan else 0) != revision:
        raise StaleRevision(
            "别人刚刚改过怎样逐个落实，请看清现在的设定再改。", mine=_said(over), theirs=_said(fan.over if fan else "")
        )
    if over and over not in Over.values:
        raise UserError("请选择对谁逐个做。")
    if grid is not None and not Grid.objects.filter(pk=grid, community=of.community, closed_on=None).exists():
        raise UserError("没有找到这个网格，请重新选择。")
    if estate is not None and not Estate.objects.filter(pk=estate, community=of.community).exists():
        raise UserError("没有找到这个小区，请重新选择。")
    before = {"over": fan.over if fan else ""}
    if not over:
        if fan is not None:
            fan.delete()
            DutyEntry.objects.filter(occurrence__duty=of).update(place_id=None)
            _note(of, acting_user, before=before, over="")
        return None
    fan = fan or FanOut(duty=of, revision=0)
    narrowed = over == Over.BUILDINGS
    fan.over, fan.grid_id, fan.estate_id = over, grid if narrowed else None, estate if narrowed else None
    fan.set_by, fan.set_at, fan.revision = acting_user, now(), fan.revision + 1
    fan.save()
    _put_places(fan)
    _note(of, acting_user, before=before, over=over)
    return fan


@transaction.atomic
def list_places(*, acting_user: User, duty: UUID, places: Iterable[tuple[str, UUID]]) -> int:
    """Add places and organisations to the list of a fan-out; gives how many are new."""
    of, fan = _locked(duty, acting_user)
    if fan is None or fan.over != Over.LISTED:
        raise UserError("请先选“指定的地点和单位”并保存。")
    wanted = set(places)
    for kind in {kind for kind, _ in wanted}:
        known = READ[kind](of.community) if kind in READ else {}
        if any(pk not in known for one, pk in wanted if one == kind):
            raise UserError("有地点没有找到，请重新查找。")
    there = set(fan.listed.values_list("place_id", flat=True))
    new = [FanOutPlace(fan_out=fan, kind=kind, place_id=pk) for kind, pk in sorted(wanted) if pk not in there]
    if len(there) + len(new) > MOST:
        raise UserError(f"一项任务最多指定 {MOST} 处，请分成几项任务。")
    FanOutPlace.objects.bulk_create(new)
    _changed(of, fan, acting_user, added=len(new))
    return len(new)


@transaction.atomic
def drop_places(*, acting_user: User, duty: UUID, places: Iterable[tuple[str, UUID]]) -> int:
    """Take places off the list; what was entered for them stays."""
    of, fan = _locked(duty, acting_user)
    if fan is None:
        raise UserError("这项任务没有逐个落实。")
    gone, _ = fan.listed.filter(place_id__in=[pk for _, pk in places]).delete()
    _changed(of, fan, acting_user, dropped=gone)
    return gone


def _changed(duty: Duty, fan: FanOut, user: User, **detail: int) -> None:
    fan.revision += 1
    fan.save(update_fields=["revision"])
    _put_places(fan)
    _note(duty, user, before={}, over=fan.over, **detail)


def _put_places(fan: FanOut) -> None:
    """Entries that count for none of the places yet, or for one that is not of them, are looked at again."""
    places = ground_of(fan.duty.community, [fan]).of(fan)
    links = DutyEntry.objects.filter(occurrence__duty=fan.duty_id).select_related("entry__building")
    moved = []
    for link in links:
        if link.place_id not in places:
            link.place_id = place_of(link.entry, places)
            moved.append(link)
    DutyEntry.objects.bulk_update(moved, ["place_id"], batch_size=500)


def _locked(duty: UUID, user: User) -> tuple[Duty, FanOut | None]:
    of = Duty.objects.select_for_update(of=("self",)).select_related("community").get(pk=duty)
    if not Policy(user).allows(May.HAND_OUT, of.community):
        raise PermissionDenied
    if of.ended_on is not None:
        raise UserError(f"这项任务已于{of.ended_on:%Y-%m-%d}结束。")
    return of, FanOut.objects.filter(duty=of).first()


def _note(duty: Duty, user: User, **detail: object) -> None:
    audit.record(
        "duty.fanned_out", actor_id=user.pk, kind="duty", record_id=duty.pk, subdistrict_id=duty.subdistrict_id,
        detail={**detail, "each": _said(str(detail.get("over", "")))},
    )  # fmt: skip


def _said(over: str) -> str:
    return str(Over(over).label) if over in Over.values else "不逐个"
