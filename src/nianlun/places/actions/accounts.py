"""Accounts and their passwords, and the communities of a subdistrict; posts and deputies are in `posts`."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.places.actions.posts import check_term, walk_grids
from nianlun.places.actions.sessions import end_all
from nianlun.places.actions.sign_in import failed_sign_in, locked_until
from nianlun.places.models import LOCAL_KINDS, Community, Grid, Post, Subdistrict, User
from nianlun.places.passwords import remembered, used_before
from nianlun.places.policy import Policy

# No letters or figures that are mistaken for one another when a password is read out.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def first_password() -> str:
    """A password to hand over on paper: three groups of four, about 59 bits; of three kinds of character."""
    groups = ["".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(2)]
    last = secrets.choice(CAPITALS) + "".join(secrets.choice(ALPHABET) for _ in range(3))
    return "-".join([*groups, last])


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
    starts_on: date | None = None,
    ends_on: date | None = None,
    grids: Sequence[Grid] = (),
) -> tuple[User, str]:
    """A new user with one post in the community, and the first password, which is shown once."""
    if kind not in LOCAL_KINDS:
        raise UserError("社区账号的岗位只能是社区书记、社区工作者或网格员。")
    post = Post(
        kind=kind, subdistrict=community.subdistrict, community=community, title=title, lines=list(lines),
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip
    return _make_user(acting_user, username, name, post, grids)


@transaction.atomic
def make_officer(
    *,
    acting_user: User | None,
    subdistrict: Subdistrict,
    username: str,
    name: str,
    kind: str,
    title: str = "",
    lines: Sequence[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> tuple[User, str]:
    """A new user with a post over the whole subdistrict, and the first password; nobody acts for the very first."""
    if kind in LOCAL_KINDS:
        raise UserError("这是社区的岗位，请到该社区的“人员账号”里新建。")
    post = Post(
        kind=kind, subdistrict=subdistrict, title=title, lines=list(lines), starts_on=starts_on, ends_on=ends_on
    )
    return _make_user(acting_user, username, name, post)


def _make_user(
    acting_user: User | None, username: str, name: str, post: Post, grids: Sequence[Grid] = ()
) -> tuple[User, str]:
    if acting_user is not None and not Policy(acting_user).keeps(post):
        raise UserError("这个岗位须由街道的管理员任命，请联系管理员。")
    check_term(post.starts_on, post.ends_on)
    if User.objects.filter(username__iexact=username).exists():  # two that differ in case are taken for each other
        raise UserError(f"登录名“{username}”已有人使用，请换一个。", code="username")
    password = first_password()
    post.user = User.objects.create_user(username, password, name=name)
    post.save()
    walk_grids(post, grids)
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
def reset_password(*, acting_user: User, post: Post) -> str:
    """A new first password, to be changed at the next sign-in; any lock, session and calendar address ends.

    It opens everything the holder may do, so whoever resets it must keep the accounts of each place they
    work in, or soon will.
    """
    policy = Policy(acting_user)
    held = list(Post.objects.lasting().filter(user=post.user).select_related("community", "subdistrict"))
    works = Post.objects.current().filter(user=post.user).exists()
    if not works or not all(policy.keeps(one) for one in held):
        raise UserError("此人不在本社区在岗，或还在别处任职，请管理员重置密码。")
    user, password = post.user, first_password()
    _set_password(user, password)
    user.must_change_password, user.failed_sign_ins, user.locked_until = True, 0, None
    user.feed_secret = None
    user.save()
    end_all(user, why="reset")
    audit.record(
        "user.password_reset", actor_id=acting_user.pk, kind="user", record_id=user.pk,
        subdistrict_id=post.subdistrict_id,
    )  # fmt: skip
    return password


def _set_password(user: User, new: str) -> None:
    user.former_passwords = remembered(user)
    user.set_password(new)
    user.password_set_at = now()


def confirm_own_password(*, acting_user: User, given: str, called: str = "密码") -> None:
    """Whoever sits here must be who signed in; a failure counts like one at the sign-in. Raises ValidationError."""
    if locked_until(acting_user.username) is not None:
        raise ValidationError("输错次数太多，请过一会儿再试。")
    if not acting_user.check_password(given):
        failed_sign_in(acting_user.username)
        raise ValidationError(f"{called}不对，请重新输入。")


def change_own_password(*, acting_user: User, old: str, new: str) -> None:
    """Raises ValidationError by field: `old` where it is not theirs, `new` where the policy refuses it."""
    try:
        confirm_own_password(acting_user=acting_user, given=old, called="原密码")
    except ValidationError as error:
        raise ValidationError({"old": error.messages}) from error
    if old == new:
        raise ValidationError({"new": "新密码不能与原密码相同。"})
    try:
        validate_password(new, acting_user)
    except ValidationError as error:
        raise ValidationError({"new": error.messages}) from error
    if used_before(acting_user, new):
        raise ValidationError({"new": "这个密码最近用过，请换一个没用过的。"})
    with transaction.atomic():
        _set_password(acting_user, new)
        acting_user.must_change_password = False
        acting_user.save(update_fields=["password", "former_passwords", "password_set_at", "must_change_password"])
        audit.record(
            "user.password_changed", actor_id=acting_user.pk, kind="user", record_id=acting_user.pk,
            subdistrict_id=Policy(acting_user).home_id,
        )  # fmt: skip
