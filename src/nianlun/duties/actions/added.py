"""Duties added by hand (上级交办, 临时任务): outside the plan, with the paper that charged them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from nianlun.duties.actions.acts import note_act, snapshot
from nianlun.duties.actions.adopt import end
from nianlun.duties.actions.files import check_file, ending
from nianlun.duties.actions.hand_out import Whom, check_in_community
from nianlun.duties.materialise import materialise
from nianlun.duties.models import Assignment, Duty, Origin
from nianlun.kernel.clock import today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy
from nianlun.plans.reading.schedule import Schedule, to_json

FURTHEST = 3  # years ahead; further is a slip of the keyboard
EDITED = ("title", "line", "schedules", "starts_on", "ends_on", "every_day", "source_title")


@dataclass(frozen=True, slots=True)
class Charge:
    """What a duty added by hand says."""

    origin: str
    title: str
    line: str
    schedule: Schedule
    starts_on: date
    ends_on: date
    every_day: bool = False
    source_title: str = ""


def may_add(user: User, community: Community, origin: str, to: Whom | None) -> None:
    """The subdistrict and the secretary charge; a worker adds for themselves."""
    policy = Policy(user)
    hands_out = policy.allows(May.HAND_OUT, community)
    if origin == Origin.CHARGED:
        allowed = hands_out or policy.allows(May.CHARGE, community)
    else:
        allowed = hands_out or (policy.allows(May.DO, community) and to is not None and to.user_id == user.pk)
    if not allowed:
        raise PermissionDenied


def may_edit(user: User, duty: Duty) -> bool:
    """Who added it, while they may act there, or the secretary; what the subdistrict charged only it may change."""
    policy = Policy(user)
    if duty.origin == Origin.PLAN:
        return False
    own = duty.created_by_id == user.pk and (
        policy.allows(May.DO, duty.community) or policy.allows(May.CHARGE, duty.community)
    )
    from_above = duty.origin == Origin.CHARGED and Policy(duty.created_by).allows(May.CHARGE, duty.community)
    return own or (not from_above and policy.allows(May.HAND_OUT, duty.community))


@transaction.atomic
def add_duty(
    *,
    acting_user: User,
    community: Community,
    charge: Charge,
    to: Whom | None = None,
    source: UploadedFile[bytes] | None = None,
) -> Duty:
    """A duty outside the plan; without an assignee it stands under 待分工."""
    may_add(acting_user, community, charge.origin, to)
    _check(charge)
    duty = Duty(
        community=community,
        subdistrict_id=community.subdistrict_id,
        origin=charge.origin,
        year=charge.starts_on.year,
        adopted_on=today(),
        created_by=acting_user,
    )
    _set(duty, charge)
    _attach(duty, source)
    duty.save()
    if to is not None:
        check_in_community(to, community)
        Assignment.objects.create(duty=duty, **to.fields())
    materialise(community, only=[duty.pk])
    note_act("duty.added", acting_user=acting_user, record=duty, before={}, origin=charge.origin)
    return duty


@transaction.atomic
def edit_duty(
    *,
    acting_user: User,
    duty: Duty,
    revision: int,
    charge: Charge,
    source: UploadedFile[bytes] | None = None,
) -> AuditRow:
    """Change what was added by hand; occurrences that nobody has had in hand follow."""
    duty = _locked(duty, acting_user, revision, mine=charge.title)
    _check(charge, earliest=duty.starts_on)
    before = snapshot(duty, EDITED)
    _set(duty, charge)
    _attach(duty, source)
    duty.revision += 1
    duty.save()
    materialise(duty.community, only=[duty.pk])
    return note_act("duty.edited", acting_user=acting_user, record=duty, before=before)


@transaction.atomic
def call_off(*, acting_user: User, duty: Duty, revision: int, reason: str) -> AuditRow:
    """The duty is no longer asked for, and why; done work stays."""
    duty = _locked(duty, acting_user, revision, mine="取消任务")
    if not reason.strip():
        raise UserError("请写明取消的原因。")
    return end(duty, reason.strip(), acting_user=acting_user, action="duty.called_off")


@transaction.atomic
def set_daily(*, acting_user: User, duty: Duty, revision: int, every_day: bool) -> AuditRow:
    """Whether 每天 means weekends and holidays too (24小时值班) or working days, which a plan's words do not tell."""
    found = Duty.objects.select_for_update(of=("self",)).select_related("community").get(pk=duty.pk)
    if not Policy(acting_user).allows(May.HAND_OUT, found.community):
        raise PermissionDenied
    if found.revision != revision:
        mine, theirs = _daily_said(every_day), _daily_said(found.every_day)
        raise StaleRevision("这项任务刚刚有别人改过，请核对后再保存。", mine=mine, theirs=theirs)
    before = {"every_day": found.every_day}
    found.every_day = every_day
    found.revision += 1
    found.save(update_fields=["every_day", "revision"])
    materialise(found.community, only=[found.pk])
    return note_act("duty.daily_set", acting_user=acting_user, record=found, before=before, days=_daily_said(every_day))


def _daily_said(every_day: bool) -> str:
    return "每天都做（含周末节假日）" if every_day else "工作日每天"


def _locked(duty: Duty, acting_user: User, revision: int, mine: object) -> Duty:
    found = Duty.objects.select_for_update(of=("self",)).select_related("community", "created_by").get(pk=duty.pk)
    if not may_edit(acting_user, found):
        raise PermissionDenied
    if found.ended_on is not None:
        raise UserError(f"这项任务已于{found.ended_on:%Y-%m-%d}取消。")
    if found.revision != revision:
        raise StaleRevision("这项任务刚刚有别人改过，请核对后再保存。", mine=mine, theirs=found.title)
    return found


def _check(charge: Charge, earliest: date | None = None) -> None:
    if charge.origin not in (Origin.CHARGED, Origin.AD_HOC):
        raise UserError("请选择是上级交办还是临时任务。")
    if charge.ends_on < charge.starts_on:
        raise UserError("结束日期不能早于开始日期。")
    if charge.ends_on < today():
        raise UserError("时限已经过去，请重新填写。")
    if charge.ends_on.year > charge.starts_on.year + 1:
        raise UserError("一项任务最长到第二年年底，更长的请写进计划。")
    if charge.starts_on.year > today().year + FURTHEST:
        raise UserError(f"开始日期太远（最多 {FURTHEST} 年以后），请检查年份。")


def _set(duty: Duty, charge: Charge) -> None:
    duty.title, duty.line, duty.source_title = charge.title, charge.line, charge.source_title
    duty.schedules = [to_json(charge.schedule)]
    duty.starts_on, duty.ends_on, duty.every_day = charge.starts_on, charge.ends_on, charge.every_day


def _attach(duty: Duty, source: UploadedFile[bytes] | None) -> None:
    if source is None:
        return
    check_file(source)
    name = source.name or ""
    duty.source_name = name[-200:]
    source.name = f"{uuid7()}.{ending(name)}"
    duty.source_file = source
