"""What people are entrusted with: posts with terms and grids, deputies, and who may not hold what beside what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from nianlun.kernel import audit
from nianlun.kernel.clock import today
from nianlun.kernel.errors import UserError
from nianlun.places.actions.sessions import end_all
from nianlun.places.models import Grid, GridDuty, Post, PostKind, User
from nianlun.places.policy import Policy

# Who looks after the sign-in, or reads the log, holds no other post: nobody watches over what they do themselves.
ALONE = frozenset({PostKind.AUDITOR, PostKind.SYSTEM_ADMIN, PostKind.SECURITY_ADMIN, PostKind.AUDIT_ADMIN})
DAY = timedelta(days=1)


@transaction.atomic
def change_post(
    *,
    acting_user: User,
    post: Post,
    kind: str,
    title: str,
    lines: Sequence[str],
    name: str,
    starts_on: date | None = None,
    ends_on: date | None = None,
    grids: Sequence[Grid] | None = None,
) -> None:
    """Change what someone is entrusted with and how they are called; deputies follow. `grids` None: as they are."""
    _must_keep(acting_user, post)
    if post.deputy_for_id is not None:
        raise UserError("代理岗位随原岗位变动，请修改原岗位。")
    own = post.user_id == acting_user.pk
    if own and (kind, starts_on, ends_on) != (post.kind, post.starts_on, post.ends_on):
        raise UserError("不能更改自己的岗位类别和任期，请由别的书记或管理员办理。")
    if ends_on != post.ends_on and ends_on is not None and ends_on < today():
        raise UserError("任期止日已过。此人已经离岗的，请在名单里点“离岗”。")
    check_term(starts_on, ends_on)
    post.kind, post.title, post.lines = kind, title, list(lines)
    post.starts_on, post.ends_on = starts_on, ends_on
    _must_keep(acting_user, post)
    refuse_mixing(post)
    post.save(update_fields=["kind", "title", "lines", "starts_on", "ends_on"])
    User.objects.filter(pk=post.user_id).update(name=name)
    if grids is not None:
        walk_grids(post, grids)
    _deputies_follow(post)
    audit.record(
        "post.changed", actor_id=acting_user.pk, kind="post", record_id=post.pk, subdistrict_id=post.subdistrict_id,
        detail={
            "kind": kind, "title": title, "lines": list(lines),
            "from": str(starts_on or ""), "to": str(ends_on or ""),
            "grids": [] if grids is None else [grid.code for grid in grids],
        },
    )  # fmt: skip


def check_term(starts_on: date | None, ends_on: date | None) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise UserError("任期止日早于起日，请改正。")


def refuse_mixing(post: Post) -> None:
    """Refuse a post beside another of the same person that must be held alone, in terms that overlap."""
    others = Post.objects.filter(_overlapping(post.starts_on, post.ends_on), user_id=post.user_id).exclude(pk=post.pk)
    for other in others:
        if ALONE & {PostKind(post.kind), PostKind(other.kind)}:
            raise UserError(
                f"{post.user.name}同时任{other.get_kind_display()}。系统管理员、安全管理员、审计管理员和审计员须各由专人担任，"
                "不兼任其他岗位。请先让此人从原岗位离岗，或换一个人。"
            )


def _overlapping(starts_on: date | None, ends_on: date | None) -> Q:
    """Posts whose term has a day in common with this one; None is without bound."""
    return (Q(ends_on=None) | Q(ends_on__gte=starts_on or today())) & (
        Q() if ends_on is None else Q(starts_on=None) | Q(starts_on__lte=ends_on)
    )


def walk_grids(post: Post, grids: Sequence[Grid]) -> None:
    """From today the post's holder walks these grids and no others, within the post's term; no audit of its own."""
    day = max(today(), post.starts_on or today())
    until = post.ends_on + DAY if post.ends_on else None
    wanted = {grid.pk for grid in grids}
    running = Q(ends_on=None) | Q(ends_on__gt=day)
    for duty in GridDuty.objects.filter(running, post=post):
        if duty.grid_id in wanted:
            wanted.discard(duty.grid_id)
            if duty.ends_on != until:
                duty.ends_on = until
                duty.save(update_fields=["ends_on"])
        elif duty.starts_on >= day:
            duty.delete()
        else:
            duty.ends_on = day
            duty.save(update_fields=["ends_on"])
    GridDuty.objects.bulk_create(GridDuty(grid_id=grid, post=post, starts_on=day, ends_on=until) for grid in wanted)


def grids_walked(post: Post) -> list[Grid]:
    """The grids that a post walks, today or from the day it begins."""
    running = Q(ends_on=None) | Q(ends_on__gt=max(today(), post.starts_on or today()))
    return [duty.grid for duty in GridDuty.objects.filter(running, post=post).select_related("grid")]


def _must_keep(acting_user: User, post: Post) -> None:
    if not Policy(acting_user).keeps(post):
        raise PermissionDenied


@transaction.atomic
def end_post(*, acting_user: User, post: Post) -> None:
    """The holder leaves; deputies of the post leave with them, and an account without any post left is closed."""
    _must_keep(acting_user, post)
    if post.user_id == acting_user.pk:
        raise UserError("不能停用自己的账号，请由管理员办理。")
    _end(acting_user, post)
    lasting = Post.objects.lasting().select_related("user")
    for deputy in lasting.filter(deputy_for=post):
        _end(acting_user, deputy)
    here = Post.objects.lasting().filter(user=post.user, subdistrict=post.subdistrict_id, community=post.community_id)
    if not here.filter(deputy_for=None).exists():  # whoever has left stands in for nobody
        for deputy in lasting.filter(pk__in=here):
            _end(acting_user, deputy)


def _end(acting_user: User, post: Post) -> None:
    post.ends_on = today() - DAY
    post.save(update_fields=["ends_on"])
    post.grid_duties.filter(Q(ends_on=None) | Q(ends_on__gt=today())).update(ends_on=today())
    _close_if_without_post(post.user)
    audit.record(
        "post.ended", actor_id=acting_user.pk, kind="post", record_id=post.pk, subdistrict_id=post.subdistrict_id
    )


def _close_if_without_post(user: User) -> None:
    if not Post.objects.lasting().filter(user=user).exists():
        User.objects.filter(pk=user.pk).update(is_active=False, feed_secret=None)
        end_all(user, why="closed")


def close_ended_accounts() -> int:
    """Close the accounts whose last post came to the end of its term; run twice it closes no more. Says how many."""
    over = list(
        User.objects.filter(is_active=True, posts__isnull=False).exclude(posts__in=Post.objects.lasting()).distinct()
    )
    for user in over:
        with transaction.atomic():
            last = user.posts.order_by("-ends_on").select_related("subdistrict")[0]
            _close_if_without_post(user)
            audit.record(
                "user.closed", actor_id=None, kind="user", record_id=user.pk, subdistrict_id=last.subdistrict_id
            )
    return len(over)


@transaction.atomic
def reopen_post(*, acting_user: User, post: Post) -> None:
    """Undo of ending a post, with the grids that it walked."""
    _must_keep(acting_user, post)
    if post.deputy_for_id is not None:
        raise UserError("代理已结束，不能恢复。需要时请重新设置代理人。")
    if post.user_id == acting_user.pk:
        raise UserError("不能恢复自己的岗位，请由别的书记或管理员办理。")
    ended = post.ends_on
    if ended is None or ended >= today():
        raise UserError("这个岗位还在任期内，不用恢复。要改任期，请打开岗位修改。")
    post.ends_on = None
    refuse_mixing(post)
    post.save(update_fields=["ends_on"])
    if ended is not None:
        post.grid_duties.filter(ends_on=ended + DAY).update(ends_on=None)
    User.objects.filter(pk=post.user_id).update(is_active=True)
    audit.record(
        "post.reopened", actor_id=acting_user.pk, kind="post", record_id=post.pk, subdistrict_id=post.subdistrict_id
    )


@transaction.atomic
def name_deputy(*, acting_user: User, post: Post, user: User, starts_on: date, ends_on: date) -> Post:
    """For a term within the post's own, a colleague holds what the post holds; it ends by itself."""
    _must_keep(acting_user, post)
    _check_deputy(acting_user, post, user, starts_on, ends_on)
    made = Post(
        user=user, kind=post.kind, subdistrict=post.subdistrict, community=post.community, title=post.title,
        lines=post.lines, starts_on=starts_on, ends_on=ends_on, deputy_for=post,
    )  # fmt: skip
    refuse_mixing(made)
    made.save()
    walk_grids(made, grids_walked(post))
    audit.record(
        "deputy.named", actor_id=acting_user.pk, kind="post", record_id=made.pk, subdistrict_id=post.subdistrict_id,
        detail={"for": str(post.pk), "user": str(user.pk), "from": str(starts_on), "to": str(ends_on)},
    )  # fmt: skip
    return made


def _check_deputy(acting_user: User, post: Post, user: User, starts_on: date, ends_on: date) -> None:
    if post.deputy_for_id is not None:
        raise UserError("代理岗位不能再设代理人，请在原岗位上设置。")
    if post.kind in ALONE:
        raise UserError("系统管理员、安全管理员、审计管理员和审计员不设代理人，需要时请另行任命一人。")
    if user.pk == post.user_id:
        raise UserError("代理人不能是本人，请另选一位同事。")
    if user.pk == acting_user.pk:
        raise UserError("不能指定自己代理，请由别的书记或管理员办理。")
    if user.pk not in {colleague.pk for colleague in colleagues(post)}:
        raise UserError("代理人须是同一社区（或街道）的在岗人员，请重新选择。")
    check_term(starts_on, ends_on)
    if ends_on < today():
        raise UserError("代理期已过，请选今天或以后的止日。")
    if (post.starts_on and starts_on < post.starts_on) or (post.ends_on and ends_on > post.ends_on):
        raise UserError("代理期要在原岗位的任期之内，请缩短代理期或先延长任期。")
    if post.deputies.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise UserError("这段时间已有代理人。请先结束原来的代理，或错开日期。")


def colleagues(post: Post) -> list[User]:
    """Who may stand in for a post: the others who hold a post of their own at the same place today."""
    same = Post.objects.current().filter(subdistrict=post.subdistrict, community=post.community, deputy_for=None)
    held = same.exclude(kind__in=ALONE).exclude(user_id=post.user_id)
    return list(User.objects.filter(posts__in=held).distinct().order_by("name"))


def _deputies_follow(post: Post) -> None:
    """Deputies hold what the post holds now, and not beyond its term."""
    for deputy in post.deputies.filter(ends_on__gte=today()):
        deputy.kind, deputy.title, deputy.lines = post.kind, post.title, post.lines
        deputy.ends_on = min(day for day in (deputy.ends_on, post.ends_on) if day is not None)
        refuse_mixing(deputy)
        deputy.save(update_fields=["kind", "title", "lines", "ends_on"])
        walk_grids(deputy, grids_walked(post))
