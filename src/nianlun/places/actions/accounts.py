"""Signing in and its lock-out, accounts, passwords, posts and bodies."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from nianlun.kernel import audit
from nianlun.kernel.clock import now, today
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.places.models import Body, Community, Member, Post, PostKind, Subdistrict, User
from nianlun.places.policy import May, Policy

ATTEMPTS = 5
LOCK = timedelta(minutes=15)
# No letters or figures that are mistaken for one another when a password is read out.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def failed_sign_in(username: str) -> None:
    """Count a failure; the fifth in a row locks the account for a quarter of an hour."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first()
        if user is None:
            return
        user.failed_sign_ins += 1
        if user.failed_sign_ins >= ATTEMPTS:
            user.failed_sign_ins, user.locked_until = 0, now() + LOCK
            audit.record("user.locked", actor_id=None, kind="user", record_id=user.pk, subdistrict_id=None)
        user.save(update_fields=["failed_sign_ins", "locked_until"])


def succeeded_sign_in(user: User) -> None:
    User.objects.filter(pk=user.pk).exclude(failed_sign_ins=0, locked_until=None).update(
        failed_sign_ins=0, locked_until=None
    )


def first_password() -> str:
    """A password to hand over on paper: three groups of four, about 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


@transaction.atomic
def make_account(
    *,
    acting_user: User,
    community: Community,
    username: str,
    name: str,
    kind: str,
    title: str = "",
    lines: Sequence[str] = (),
) -> tuple[User, str]:
    """A new user with one post in the community, and the first password, which is shown once."""
    if kind not in {PostKind.SECRETARY, PostKind.WORKER}:
        raise UserError("社区账号的岗位只能是社区书记或社区工作者。")
    post = Post(kind=kind, subdistrict=community.subdistrict, community=community, title=title, lines=list(lines))
    return _make_user(acting_user, username, name, post)


@transaction.atomic
def make_officer(
    *, acting_user: User | None, subdistrict: Subdistrict, username: str, name: str, kind: str, title: str = ""
) -> tuple[User, str]:
    """A new user with a post over the whole subdistrict, and the first password; nobody acts for the very first."""
    if kind not in {PostKind.SUBDISTRICT, PostKind.ADMINISTRATOR}:
        raise UserError("街道账号的岗位只能是街道或管理员。")
    return _make_user(acting_user, username, name, Post(kind=kind, subdistrict=subdistrict, title=title))


def _make_user(acting_user: User | None, username: str, name: str, post: Post) -> tuple[User, str]:
    if User.objects.filter(username__iexact=username).exists():  # two that differ in case are taken for each other
        raise UserError(f"登录名“{username}”已有人使用，请换一个。")
    password = first_password()
    post.user = User.objects.create_user(username, password, name=name)
    post.save()
    audit.record(
        "user.made", actor_id=acting_user.pk if acting_user else None, kind="user", record_id=post.user.pk,
        subdistrict_id=post.subdistrict_id,
        detail={"kind": post.kind, "community": post.community.code if post.community else ""},
    )  # fmt: skip
    return post.user, password


@transaction.atomic
def add_community(*, acting_user: User | None, subdistrict: Subdistrict, code: str, name: str) -> Community:
    """A community of the subdistrict; its code stands in addresses and is nobody else's."""
    if Community.objects.filter(code=code).exists():
        raise UserError(f"代码“{code}”已有社区使用，请换一个。")
    community = Community.objects.create(subdistrict=subdistrict, code=code, name=name)
    audit.record(
        "community.added", actor_id=acting_user.pk if acting_user else None, kind="community",
        record_id=community.pk, subdistrict_id=subdistrict.pk, detail={"code": code, "name": name},
    )  # fmt: skip
    return community


@transaction.atomic
def change_post(*, acting_user: User, post: Post, kind: str, title: str, lines: Sequence[str], name: str) -> None:
    """Change what someone is entrusted with in a community, and how they are called."""
    post.kind, post.title, post.lines = kind, title, list(lines)
    post.save(update_fields=["kind", "title", "lines"])
    User.objects.filter(pk=post.user_id).update(name=name)
    audit.record(
        "post.changed", actor_id=acting_user.pk, kind="post", record_id=post.pk,
        subdistrict_id=post.subdistrict_id, detail={"kind": kind, "title": title, "lines": list(lines)},
    )  # fmt: skip


@transaction.atomic
def reset_password(*, acting_user: User, post: Post) -> str:
    """A new first password, to be changed at the next sign-in; a lock is lifted.

    It opens everything the holder may do, so whoever resets it must keep the accounts of each place they work in.
    """
    if not _keeps_accounts(acting_user, post.user):
        raise UserError("此人不在本社区在岗，或还在别处任职，请管理员重置密码。")
    user, password = post.user, first_password()
    user.set_password(password)
    user.must_change_password, user.failed_sign_ins, user.locked_until = True, 0, None
    user.save()
    audit.record(
        "user.password_reset", actor_id=acting_user.pk, kind="user", record_id=user.pk,
        subdistrict_id=post.subdistrict_id,
    )  # fmt: skip
    return password


def _keeps_accounts(acting_user: User, user: User) -> bool:
    """Whether every post that the user holds today is among those whose accounts the acting user keeps."""
    policy = Policy(acting_user)
    above = policy.subdistricts(May.ACCOUNTS)
    held = list(Post.objects.current().filter(user=user).select_related("community", "subdistrict"))
    return bool(held) and all(
        policy.allows(May.ACCOUNTS, post.community) if post.community else post.subdistrict in above for post in held
    )


@transaction.atomic
def end_post(*, acting_user: User, post: Post) -> None:
    """The holder leaves the community; an account without any post left is closed."""
    if post.user_id == acting_user.pk:
        raise UserError("不能停用自己的账号，请由管理员办理。")
    post.ends_on = today() - timedelta(days=1)
    post.save(update_fields=["ends_on"])
    if not Post.objects.current().filter(user_id=post.user_id).exists():
        User.objects.filter(pk=post.user_id).update(is_active=False, feed_secret=None)
    audit.record(
        "post.ended", actor_id=acting_user.pk, kind="post", record_id=post.pk, subdistrict_id=post.subdistrict_id
    )


@transaction.atomic
def reopen_post(*, acting_user: User, post: Post) -> None:
    """Undo of ending a post."""
    post.ends_on = None
    post.save(update_fields=["ends_on"])
    User.objects.filter(pk=post.user_id).update(is_active=True)
    audit.record(
        "post.reopened", actor_id=acting_user.pk, kind="post", record_id=post.pk, subdistrict_id=post.subdistrict_id
    )


@transaction.atomic
def change_own_password(*, acting_user: User, old: str, new: str) -> None:
    if not acting_user.check_password(old):
        raise ValidationError({"old": "原密码不对，请重新输入。"})
    if old == new:
        raise ValidationError({"new": "新密码不能与原密码相同。"})
    try:
        validate_password(new, acting_user)
    except ValidationError as error:
        raise ValidationError({"new": error.messages}) from error
    acting_user.set_password(new)
    acting_user.must_change_password = False
    acting_user.save(update_fields=["password", "must_change_password"])
    audit.record(
        "user.password_changed", actor_id=acting_user.pk, kind="user", record_id=acting_user.pk, subdistrict_id=None
    )


@transaction.atomic
def save_body(
    *, acting_user: User, community: Community, body: Body | None, name: str, members: Sequence[User], revision: int = 1
) -> Body:
    """Make a group, or change its name and members; a stale revision is refused with both lists."""
    if Body.objects.filter(community=community, name=name).exclude(pk__in=[body.pk] if body else []).exists():
        raise UserError(f"已有名为“{name}”的队伍，请换一个名称。")
    if body is None:
        body = Body.objects.create(community=community, name=name)
    else:
        changed = Body.objects.filter(pk=body.pk, revision=revision).update(name=name, revision=F("revision") + 1)
        if not changed:
            body.refresh_from_db()
            raise StaleRevision(
                "别人刚刚修改了这支队伍，请核对后再保存。",
                mine="、".join(member.name for member in members),
                theirs="、".join(body.members.current().values_list("user__name", flat=True)),
            )
        body.refresh_from_db()
    there = set(body.members.current().filter(user__isnull=False).values_list("user_id", flat=True))
    wanted = {member.pk for member in members}
    body.members.current().filter(user_id__in=there - wanted).update(ends_on=today())
    Member.objects.bulk_create(Member(body=body, user_id=pk) for pk in wanted - there)
    audit.record(
        "body.saved", actor_id=acting_user.pk, kind="body", record_id=body.pk,
        subdistrict_id=community.subdistrict_id, detail={"name": name, "members": [str(m.pk) for m in members]},
    )  # fmt: skip
    return body
