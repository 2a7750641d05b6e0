"""The second factor: a code of six figures from an app on one's phone (TOTP, RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence

import pyotp
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.actions.sessions import end_all
from nianlun.places.models import PostKind, Subdistrict, User
from nianlun.places.policy import May, Policy

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be off, either way
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "年轮"


def setting_up(user: User) -> pyotp.TOTP | None:
    """What a phone is given to read while the factor is being set up; None before, and once it is in use."""
    return _totp(user) if user.totp_sealed and user.totp_since is None else None


def _totp(user: User) -> pyotp.TOTP:
    return pyotp.TOTP(unseal(user.totp_sealed), name=user.username, issuer=ISSUER)


@transaction.atomic
def begin_set_up(*, acting_user: User) -> None:
    """A fresh secret; it counts only after a first code proved that the phone has it."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    if user.totp_since is not None:
        raise UserError("两步验证已经开启。要换手机，请先关闭，再重新开启。")
    user.totp_sealed, user.totp_step = seal(pyotp.random_base32()), 0
    user.save(update_fields=["totp_sealed", "totp_step"])
    _record("factor.begun", acting_user, user)


@transaction.atomic
def finish_set_up(*, acting_user: User, code: str) -> list[str]:
    """The first code: the factor is in use from now on. Returns the recovery codes, which are shown this once."""
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    if setting_up(user) is None:
        raise UserError("请先点“开始设置”。")
    step = _step_of(user, code)
    if step is None:
        raise UserError("验证码不对。请等手机上换了新的再输；仍不对时，请检查手机时间是否准确。")
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    user.totp_since, user.totp_step, user.recovery_hashes = now(), step, [make_password(_plain(one)) for one in codes]
    user.save(update_fields=["totp_since", "totp_step", "recovery_hashes"])
    _record("factor.on", acting_user, user)
    return codes


@transaction.atomic
def accept_code(*, user: User, code: str) -> bool:
    """Whether a code opens the second step of a sign-in; a time step and a recovery code serve once."""
    user = User.objects.select_for_update().get(pk=user.pk)
    step = _step_of(user, code)
    if step is not None:
        user.totp_step = step
        user.save(update_fields=["totp_step"])
        return True
    given = _plain(code)
    used = next((one for one in user.recovery_hashes if len(given) > 6 and check_password(given, one)), None)
    if used is None:
        return False
    user.recovery_hashes.remove(used)
    user.save(update_fields=["recovery_hashes"])
    _record("factor.recovery_used", user, user, left=len(user.recovery_hashes))
    return True


@transaction.atomic
def switch_off(*, acting_user: User) -> None:
    """One's own factor; refused while the subdistrict demands one of a post that is held."""
    if Policy(acting_user).demands_second_factor():
        raise UserError("您的岗位要求两步验证，不能关闭。换了手机请管理员重置。")
    _forget(acting_user)
    _record("factor.off", acting_user, acting_user)


@transaction.atomic
def reset_factor(*, acting_user: User, user: User, subdistrict: Subdistrict) -> None:
    """A security administrator takes a lost phone's factor away; its owner signs in anew and sets another up."""
    if not Policy(acting_user).secures(user):
        raise PermissionDenied
    _forget(user)
    end_all(user, why="factor")
    _record("factor.reset", acting_user, user, subdistrict=subdistrict)


@transaction.atomic
def demand_of(*, acting_user: User, subdistrict: Subdistrict, kinds: Sequence[str]) -> None:
    """Which kinds of post the subdistrict lets in with a second factor only, from their next page on."""
    if subdistrict not in Policy(acting_user).subdistricts(May.SECURITY):
        raise PermissionDenied
    demanded = [kind.value for kind in PostKind if kind in kinds]
    Subdistrict.objects.filter(pk=subdistrict.pk).update(second_factor_for=demanded)
    audit.record(
        "factor.demanded", actor_id=acting_user.pk, kind="subdistrict", record_id=subdistrict.pk,
        subdistrict_id=subdistrict.pk, detail={"kinds": demanded},
    )  # fmt: skip


def _step_of(user: User, code: str) -> int | None:
    """The time step that a code belongs to, if it is one near to now and later than the last that was accepted."""
    given = "".join(code.split())
    if not user.totp_sealed or not (given.isascii() and given.isdigit() and len(given) == 6):
        return None
    totp, here = _totp(user), int(now().timestamp()) // STEP
    for step in range(here - DRIFT, here + DRIFT + 1):
        if step > user.totp_step and hmac.compare_digest(totp.generate_otp(step), given):
            return step
    return None


def _forget(user: User) -> None:
    User.objects.filter(pk=user.pk).update(totp_sealed="", totp_since=None, totp_step=0, recovery_hashes=[])


def _recovery_code() -> str:
    """Three groups of four, about 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def _plain(code: str) -> str:
    """A recovery code as it is hashed: without what people add or leave out when they type it."""
    return "".join(code.lower().replace("-", "").split())


def _record(
    action: str, acting_user: User, user: User, *, subdistrict: Subdistrict | None = None, **detail: int
) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="user", record_id=user.pk,
        subdistrict_id=subdistrict.pk if subdistrict else Policy(user).home_id, detail=detail,
    )  # fmt: skip
