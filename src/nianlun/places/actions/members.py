"""Writing rosters: who belongs to a body, in which post, from when until when; and elections that begin a term."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.access import people_of
from nianlun.places.actions.bodies import hold, note
from nianlun.places.actions.clashes import clashes_told
from nianlun.places.actions.ground import Act
from nianlun.places.models import Body, Member, Resident, ResidentState, User
from nianlun.places.policy import May, Policy
from nianlun.places.search.index import index

MOST = 300  # members that one election brings in


@dataclass(frozen=True, slots=True)
class Who:
    """A colleague or a resident: exactly one of the two."""

    user_id: UUID | None = None
    resident_id: UUID | None = None

    @classmethod
    def parse(cls, said: str) -> Who:
        """Read the value of a choice on a page: user:…, resident:…."""
        kind, _, value = said.partition(":")
        try:
            match kind:
                case "user":
                    return cls(user_id=UUID(value))
                case "resident":
                    return cls(resident_id=UUID(value))
        except ValueError:
            pass
        raise UserError("请先查找并选中一位居民或同事。", code="who")

    @classmethod
    def of(cls, member: Member) -> Who:
        return cls(member.user_id, member.resident_id)

    @property
    def value(self) -> str:
        return f"user:{self.user_id}" if self.user_id else f"resident:{self.resident_id}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Somebody chosen for a term, and the post that they were chosen for."""

    who: Who
    post: str = ""


@transaction.atomic
def add_member(*, acting_user: User, body: Body, who: Who, post: str, on: date) -> Member:
    """They belong to it from that day on."""
    held = _open(body)
    _not_ahead(on)
    if held.founded_on and on < held.founded_on:
        raise UserError(f"{held.name}从 {held.founded_on} 起才有，请核对日期。", code="on")
    _must_be_here(held, [who], acting_user)
    later = _rows(held, who).filter(Q(ends_on=None) | Q(ends_on__gt=on)).first()
    if later is not None:
        since = f"从 {later.starts_on} " if later.starts_on else ""
        until = f"到 {later.ends_on}" if later.ends_on else "至今"
        raise UserError(f"此人{since}{until}已在册，请核对日期。", code="on")
    return _add(held, who, post, on, acting_user)


@transaction.atomic
def change_member(*, acting_user: User, member: Member, post: str, on: date) -> Member:
    """They hold another post from that day on; what they held before stays on the roster as past."""
    held = _open(member.body)
    there = _current(held, member)
    _not_ahead(on)
    if there.post == post:
        raise UserError("职务没有变，不用登记。", code="post")
    if there.starts_on and on < there.starts_on:
        raise UserError(f"此人从 {there.starts_on} 起才在册，请核对日期。", code="on")
    if on == there.starts_on:  # it was written wrongly
        there.post = post
        there.save(update_fields=["post"])
    else:
        there.ends_on = on
        there.save(update_fields=["ends_on"])
        there = Member.objects.create(
            body=held, user_id=there.user_id, resident_id=there.resident_id, post=post, starts_on=on
        )
    note("body.member_changed", held, Act(acting_user, held.community), who=Who.of(there).value, post=post, on=f"{on}")
    return there


@transaction.atomic
def end_member(*, acting_user: User, member: Member, on: date) -> None:
    """They belong to it no longer from that day on; whoever was added by mistake ends on the day they began."""
    held = hold(member.body)
    there = _current(held, member)
    _not_ahead(on)
    if there.starts_on and on < there.starts_on:
        raise UserError(f"此人从 {there.starts_on} 起才在册，请核对日期。", code="on")
    if on == there.starts_on:
        there.delete()
    else:
        there.ends_on = on
        there.save(update_fields=["ends_on"])
    note("body.member_ended", held, Act(acting_user, held.community), who=Who.of(there).value, on=f"{on}")


@transaction.atomic
def begin_term(
    *,
    acting_user: User,
    body: Body,
    starts_on: date,
    ends_on: date | None,
    chosen: Sequence[Chosen],
    revision: int | None = None,
) -> Body:
    """An election: whoever was on the roster leaves it on that day, and those chosen are on it from then on."""
    held = hold(body, revision)
    if held.closed_on is not None:
        raise UserError(f"{held.name}已撤销，请先恢复。")
    _not_ahead(starts_on)
    if ends_on is not None and ends_on <= starts_on:
        raise UserError("届满日期要晚于开始日期，请核对。", code="ends_on")
    if held.term_starts_on and starts_on <= held.term_starts_on:
        raise UserError(f"上一届从 {held.term_starts_on} 开始，新一届要晚于这一天。", code="starts_on")
    if not chosen:
        raise UserError("请至少选一位新一届的成员。", code="chosen")
    if len(chosen) > MOST:
        raise UserError(f"一次最多 {MOST} 人，请分开登记。", code="chosen")
    if len({one.who for one in chosen}) < len(chosen):
        raise UserError("有人选了两次，请去掉一次。", code="chosen")
    staying = list(held.members.filter(Q(ends_on=None) | Q(ends_on__gt=starts_on)))
    _must_be_here(held, [one.who for one in chosen], acting_user, known={Who.of(one) for one in staying})
    if late := [one for one in staying if one.starts_on and one.starts_on > starts_on]:
        raise UserError(f"有 {len(late)} 人在这一天以后才加入，请把换届日期改晚，或先移出他们。", code="starts_on")
    held.members.filter(pk__in=[one.pk for one in staying if one.starts_on == starts_on]).delete()
    held.members.filter(pk__in=[one.pk for one in staying if one.starts_on != starts_on]).update(ends_on=starts_on)
    Member.objects.bulk_create(
        Member(body=held, user_id=one.who.user_id, resident_id=one.who.resident_id, post=one.post, starts_on=starts_on)
        for one in chosen
    )
    before = [str(held.term_starts_on or ""), str(held.term_ends_on or "")]
    held.term_starts_on, held.term_ends_on, held.revision = starts_on, ends_on, held.revision + 1
    held.save()
    changes = {"term_starts_on": [before[0], f"{starts_on}"], "term_ends_on": [before[1], f"{ends_on or ''}"]}
    members = [{"who": one.who.value, "post": one.post} for one in chosen]
    note("body.term_begun", held, Act(acting_user, held.community), changes=changes, members=members)
    index([held])
    return held


def _open(body: Body) -> Body:
    held = hold(body)
    if held.closed_on is not None:
        raise UserError(f"{held.name}已撤销，请先恢复再登记成员。")
    return held


def _current(body: Body, member: Member) -> Member:
    there = body.members.select_for_update(of=("self",)).filter(pk=member.pk, ends_on=None).first()
    if there is None:
        raise UserError("此人已不在名册上，请刷新页面查看。")
    return there


def _not_ahead(on: date) -> None:
    if on > today():
        raise UserError("日期不能晚于今天，请核对。", code="on")


def _rows(body: Body, who: Who) -> QuerySet[Member]:
    if who.user_id is not None:
        return body.members.filter(user_id=who.user_id)
    return body.members.filter(resident=who.resident_id)


def _add(body: Body, who: Who, post: str, on: date, acting_user: User) -> Member:
    with clashes_told():
        made = Member.objects.create(
            body=body, user_id=who.user_id, resident_id=who.resident_id, post=post, starts_on=on
        )
    note("body.member_added", body, Act(acting_user, body.community), who=who.value, post=post, on=f"{on}")
    return made


def _must_be_here(body: Body, some: Iterable[Who], acting_user: User, known: set[Who] | None = None) -> None:
    """Members are colleagues of the community, or residents of it that the acting user may see; or are so already."""
    new = [one for one in some if one not in (known or set())]
    colleagues = {user.pk for user in people_of(body.community)} if any(one.user_id for one in new) else set()
    wanted = {one.resident_id for one in new if one.resident_id}
    if wanted:
        living = Resident.objects.filter(community=body.community, state=ResidentState.LIVING, pk__in=wanted)
        wanted -= set(Policy(acting_user).rows(living, May.PEOPLE).values_list("pk", flat=True))
    if wanted or any(one.user_id and one.user_id not in colleagues for one in new):
        raise UserError("所选的人已不在本社区在岗或居住，请重新查找。", code="who")
