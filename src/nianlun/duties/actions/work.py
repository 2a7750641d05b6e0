"""What people do with one occurrence: take, hand over, postpone, do; each by who has it, or by the secretary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from nianlun.duties.actions.acts import WORK_FIELDS, check_revision, lock, note_act, snapshot
from nianlun.duties.actions.files import add_files
from nianlun.duties.assignment import Hands, Roster
from nianlun.duties.models import Occurrence, OccurrenceStatus, Share
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import UserError
from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, User
from nianlun.places.policy import May, Policy
from nianlun.ui.slots import answers

RECORDABLE = (OccurrenceStatus.OPEN, OccurrenceStatus.BEFORE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an acting user is to an occurrence."""

    hands: Hands
    people: list[UUID]  # whom it is with
    behalf: list[UUID]  # for whom the user may do it
    manages: bool  # may hand out, so may act for anyone

    @property
    def may_work(self) -> bool:
        return self.manages or bool(self.behalf) or not self.people


@dataclass(frozen=True, slots=True)
class Known:
    """What many acts of one user in one community need, asked once."""

    hands: Hands
    policy: Policy

    @classmethod
    def of(cls, user: User, community: Community) -> Known:
        return cls(Hands.of_community(Roster(community)), Policy(user))


def standing(user: User, one: Occurrence, known: Known | None = None) -> Standing:
    policy = known.policy if known else Policy(user)
    if not policy.allows(May.DO, one.community):
        raise PermissionDenied
    hands = known.hands if known else Hands.of_duties(Roster(one.community), [one.duty_id])
    return Standing(hands, hands.with_whom(one), hands.behalf(one, user.pk), policy.allows(May.HAND_OUT, one.community))


def must_be_theirs(held: Standing) -> None:
    """Refuse who has no part in it; raises UserError that names who has."""
    if not held.may_work:
        names = "、".join(held.hands.roster.names.get(person, "别人") for person in held.people)
        raise UserError(f"这项任务现由{names}负责，您不能代办；需要时请对方或书记转交给您。")


def _must_be_open(one: Occurrence, allowed: Sequence[str] = (OccurrenceStatus.OPEN,)) -> None:
    if one.status not in allowed:
        raise UserError(f"这项任务{one.get_status_display()}，不用再办；如要更改，请先撤销。")


def _save(one: Occurrence, *fields: str) -> None:
    one.revision += 1
    one.save(update_fields=[*fields, "revision"])


@transaction.atomic
def take(*, acting_user: User, pk: UUID, revision: int | None) -> AuditRow:
    """One of a group says: I do it; it leaves the others' desks."""
    one = lock(pk, revision, mine="我来办")
    held = standing(acting_user, one)
    _must_be_open(one)
    if held.hands.holder(one) is not None:
        raise UserError("这项任务已有人认领。")
    if held.hands.required(one):
        raise UserError("这项任务每个人都要做，不用认领；做完自己的一份即可。")
    if held.people and acting_user.pk not in held.people:
        raise UserError("这项任务没有分给您所在的岗位或队伍，请书记转交。")
    before = snapshot(one, WORK_FIELDS)
    one.taken_by = acting_user
    _save(one, "taken_by")
    return note_act("occurrence.taken", acting_user=acting_user, record=one, before=before)


@transaction.atomic
def hand_over(*, acting_user: User, pk: UUID, revision: int | None, to: User, reason: str = "") -> AuditRow:
    """This one time goes to somebody else of the community; the duty's assignment stays."""
    one = lock(pk, revision, mine=f"转交给{to.name}")
    held = standing(acting_user, one)
    must_be_theirs(held)
    _must_be_open(one)
    if to.pk not in held.hands.roster.names:
        raise UserError(f"{to.name}不在本社区任职，请换一个人。")
    if one.taken_by_id == to.pk:
        raise UserError(f"这项任务已经在{to.name}名下。")
    if held.hands.required(one) and not held.manages:
        raise UserError("这项任务每个人都要做，不能整项转交；不在岗时请登记请假代班，或请书记调整。")
    before = snapshot(one, WORK_FIELDS)
    one.taken_by, one.handed_by = to, acting_user
    _save(one, "taken_by", "handed_by")
    return note_act(
        "occurrence.handed_over", acting_user=acting_user, record=one, before=before, to=to.pk, reason=reason
    )


@transaction.atomic
def postpone(*, acting_user: User, pk: UUID, revision: int | None, to: date, reason: str) -> AuditRow:
    """It will be done by a later day, and why; the day that the plan asked for stays visible."""
    one = lock(pk, revision, mine=f"延至{to}：{reason}")
    held = standing(acting_user, one)
    must_be_theirs(held)
    _must_be_open(one)
    if not reason.strip():
        raise UserError("请写明延期的原因。")
    if to < today():
        raise UserError("延期的日期不能早于今天。")
    if to <= one.due_on:
        raise UserError(f"延期的日期应晚于原定的{one.due_on:%Y-%m-%d}。")
    if to.year > max(today(), one.due_on).year + 1:
        raise UserError("最多延到第二年年底，请检查延期日期的年份。")
    before = snapshot(one, WORK_FIELDS)
    one.postponed_to = one.act_on = to
    one.postponed_reason = reason.strip()
    _save(one, "postponed_to", "act_on", "postponed_reason")
    return note_act("occurrence.postponed", acting_user=acting_user, record=one, before=before, to=to, reason=reason)


@transaction.atomic
def do(
    *,
    acting_user: User,
    pk: UUID,
    revision: int | None,
    done_on: date,
    note: str = "",
    files: Sequence[UploadedFile[bytes]] = (),
    by: UUID | None = None,
    known: Known | None = None,
    whole: bool = False,
) -> AuditRow:
    """Record work that was done: when it was done, by whom, and what there is to show for it.

    `by` names whoever did it; without it, it is the acting user, or whom they stand in for. Where everybody does
    their own share, the share of another in between is no clash. `whole`: it was done piece by piece by many, and
    the last piece makes it done for all, whoever it is with.
    """
    one = lock(pk, None)
    held = standing(acting_user, one, known)
    lacking = [] if whole else answers("occurrence_lacks", occurrence=one)
    if lacking and not (held.manages and note.strip()):
        raise UserError(lacking[0])
    required = [] if whole or lacking else held.hands.required(one)
    if not required:
        check_revision(one, revision, mine=f"完成：{done_on}\n{note}".strip())
    if not whole:
        must_be_theirs(held)
    _must_be_open(one, RECORDABLE)
    if done_on > today():
        raise UserError("完成日期不能晚于今天；还没做完的，可以延期。")
    if done_on.year < one.window_start.year - 1:
        raise UserError(f"{done_on:%Y-%m-%d}远早于这项任务，请检查完成日期的年份。")
    before = snapshot(one, WORK_FIELDS)
    added = add_files(one, files, acting_user)
    if not required:
        _finish(one, done_on, note, by=_doer(held, acting_user, by), recorded_by=acting_user)
        return note_act("occurrence.done", acting_user=acting_user, record=one, before=before, on=done_on, files=added)
    shares = {share.user_id for share in one.shares.all()}
    person = by if by is not None and held.manages else next((p for p in held.behalf if p not in shares), None)
    if person not in required or person in shares:
        raise UserError("您的一份已经完成，其余由其他人各自完成。" if held.behalf else "请选择是谁完成了自己的一份。")
    Share.objects.create(
        occurrence=one, user_id=person, done_on=done_on, recorded_at=now(), recorded_by=acting_user, note=note
    )
    if set(required) <= shares | {person}:
        last = max(one.shares.values_list("done_on", flat=True))
        _finish(one, last, one.note, by=person, recorded_by=acting_user)
    else:
        _save(one)
    return note_act(
        "occurrence.share_done", acting_user=acting_user, record=one, before=before,
        on=done_on, files=added, share_of=person,
    )  # fmt: skip


@transaction.atomic
def add_papers(*, acting_user: User, pk: UUID, files: Sequence[UploadedFile[bytes]]) -> AuditRow:
    """Files that come after the work was recorded; nothing else changes."""
    one = lock(pk, None)
    must_be_theirs(standing(acting_user, one))
    if not files:
        raise UserError("请先选择文件。")
    added = add_files(one, files, acting_user)
    return note_act("occurrence.files_added", acting_user=acting_user, record=one, before={}, files=added)


def _doer(held: Standing, acting_user: User, by: UUID | None) -> UUID:
    if by is not None:
        if by not in held.hands.roster.names:
            raise UserError("完成人不在本社区任职，请重新选择。")
        if by != acting_user.pk and not held.manages:
            raise UserError("只有书记能替别人登记完成。")
        return by
    # A stand-in did the work; a secretary who ticks another's work records it as that person's.
    if held.behalf or not held.people:
        return acting_user.pk
    return held.people[0] if len(held.people) == 1 else acting_user.pk


def _finish(one: Occurrence, done_on: date, note: str, *, by: UUID | None, recorded_by: User) -> None:
    one.status, one.done_on, one.note = OccurrenceStatus.DONE, done_on, note.strip()
    one.done_by_id, one.recorded_by, one.recorded_at = by, recorded_by, now()
    _save(one, "status", "done_on", "note", "done_by", "recorded_by", "recorded_at")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of a bulk action."""

    pk: UUID
    row: AuditRow | None
    why: str = ""


def do_several(
    *, acting_user: User, community: Community, chosen: Sequence[tuple[UUID, int]], done_on: date, note: str = ""
) -> list[Outcome]:
    """Each by itself: one that is refused does not hold up the others, and says why."""
    outcomes, known = [], Known.of(acting_user, community)
    for pk, revision in chosen:
        try:
            row = do(acting_user=acting_user, pk=pk, revision=revision, done_on=done_on, note=note, known=known)
        except UserError as error:
            outcomes.append(Outcome(pk, None, error.message))
        else:
            outcomes.append(Outcome(pk, row))
    return outcomes
