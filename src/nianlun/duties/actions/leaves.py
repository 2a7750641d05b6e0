"""Leave (请假代班): made, cancelled; never two at once for a person, and never a stand-in who is away."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from nianlun.duties.models import Leave
from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.access import people_of
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy


def _may(acting_user: User, community: Community, away: User) -> None:
    """One's own leave, or with the right to hand out anybody's."""
    policy = Policy(acting_user)
    own = acting_user.pk == away.pk and policy.allows(May.DO, community)
    if not own and not policy.allows(May.HAND_OUT, community):
        raise PermissionDenied


def _check(community: Community, user: User, stand_in: User, starts_on: date, ends_on: date) -> None:
    if user.pk == stand_in.pk:
        raise UserError("代班人不能是请假人自己。")
    if ends_on < starts_on:
        raise UserError("结束日期不能早于开始日期。")
    if ends_on < today():
        raise UserError("请假的日期已经过去，不用登记代班；逾期任务可以转交。")
    if not {user.pk, stand_in.pk} <= {person.pk for person in people_of(community)}:
        raise UserError("请假人和代班人都要在本社区任职。")
    for other in Leave.objects.filter(
        community=community, cancelled_on=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    ).select_related("user", "stand_in"):
        days = f"{other.starts_on:%m-%d} 至 {other.ends_on:%m-%d}"
        if other.user_id == user.pk:
            raise UserError(f"{user.name}在 {days} 已登记请假，由{other.stand_in.name}代班；日期不能重叠。")
        if other.user_id == stand_in.pk:
            raise UserError(f"{stand_in.name}在 {days} 自己也请假，请换一位代班人。")
        if other.stand_in_id == user.pk:
            raise UserError(f"{user.name}在 {days} 正替{other.user.name}代班，请先为{other.user.name}换代班人。")


@transaction.atomic
def make_leave(
    *,
    acting_user: User,
    community: Community,
    user: User,
    stand_in: User,
    starts_on: date,
    ends_on: date,
    reason: str = "",
) -> Leave:
    """All of a person's duties go to another between two days, both included; it ends by itself."""
    _may(acting_user, community, user)
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)  # two overlapping ones cannot both pass
    _check(community, user, stand_in, starts_on, ends_on)
    leave = Leave.objects.create(
        community=community, user=user, stand_in=stand_in, starts_on=starts_on, ends_on=ends_on,
        reason=reason.strip(), created_by=acting_user,
    )  # fmt: skip
    audit.record(
        "leave.made", actor_id=acting_user.pk, kind="leave", record_id=leave.pk,
        subdistrict_id=community.subdistrict_id,
        detail={
            "user": str(user.pk), "stand_in": str(stand_in.pk), "from": str(starts_on), "to": str(ends_on),
        },
    )  # fmt: skip
    return leave


@transaction.atomic
def cancel_leave(*, acting_user: User, leave: Leave, revision: int) -> None:
    """The leave does not take place, or the person is back early: the duties return at once."""
    _may(acting_user, leave.community, leave.user)
    changed = Leave.objects.filter(pk=leave.pk, revision=revision, cancelled_on=None).update(
        cancelled_on=today(), revision=F("revision") + 1
    )
    if not changed:
        leave.refresh_from_db()
        raise StaleRevision(
            "这次请假刚刚有别人改过。", mine="取消", theirs="已取消" if leave.cancelled_on else "已改动"
        )
    _note(acting_user, leave, "leave.cancelled")


@transaction.atomic
def restore_leave(*, acting_user: User, leave: Leave, revision: int) -> None:
    """Undo of cancelling, where the days are still free."""
    _may(acting_user, leave.community, leave.user)
    Community.objects.select_for_update(no_key=True).get(pk=leave.community_id)
    _check(leave.community, leave.user, leave.stand_in, leave.starts_on, leave.ends_on)
    changed = (
        Leave.objects.filter(pk=leave.pk, revision=revision)
        .exclude(cancelled_on=None)
        .update(cancelled_on=None, revision=F("revision") + 1)
    )
    if not changed:
        raise StaleRevision("这次请假刚刚有别人改过。", mine="恢复", theirs="已改动")
    _note(acting_user, leave, "leave.restored")


def _note(acting_user: User, leave: Leave, action: str) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="leave", record_id=leave.pk,
        subdistrict_id=leave.community.subdistrict_id,
    )  # fmt: skip
