"""Signing in on a device and the end of it; what ends here is gone from the store, so its cookie opens nothing more."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest

from nianlun.kernel import audit
from nianlun.kernel.clock import CHINA
from nianlun.places.models import User, UserSession
from nianlun.places.passwords import password_policy
from nianlun.places.policy import Policy
from nianlun.places.rules.devices import device_said

BEGAN, SEEN, ROW = "began", "seen", "sign_in"  # what a session knows of itself: two moments in seconds, and its row
SEEN_EVERY = timedelta(minutes=1)
ENDINGS: dict[str, str] = {
    "out": "本人退出",
    "idle": "长时间没有操作",
    "limit": "到了最长时限",
    "owner": "本人在别处结束",
    "password": "改了密码",
    "reset": "密码被重置",
    "factor": "两步验证被重置",
    "closed": "账号停用",
    "security": "管理员结束",
}


def wall() -> datetime:
    """The machine's own time: a clock that is set for a demonstration throws nobody out."""
    return datetime.now(CHINA)


@transaction.atomic
def begin(request: HttpRequest, user: User) -> UserSession:
    """The row of a session that has just begun, which knows it from now on; Django has changed its key already.

    Rows of sessions that ran out unseen are closed on the way.
    """
    moment = wall()
    UserSession.objects.filter(user=user, ended_at=None, seen_at__lt=moment - password_policy().idle).update(
        ended_at=moment, ended_why="idle"
    )
    session = request.session
    if ROW in session:  # the same person again on the same page: Django leaves the key as it was
        UserSession.objects.filter(pk=session[ROW], ended_at=None).update(ended_at=moment, ended_why="out")
        session.cycle_key()
    if session.session_key is None:
        session.create()
    row = UserSession.objects.create(
        user=user,
        session_key=str(session.session_key),
        device=device_said(request.META.get("HTTP_USER_AGENT", "")),
        address=request.META.get("REMOTE_ADDR", "")[:45],
        started_at=moment,
        seen_at=moment,
    )
    session[BEGAN] = session[SEEN] = int(moment.timestamp())
    session[ROW] = str(row.pk)
    return row


def longest_hours() -> int:
    return settings.SESSION_COOKIE_AGE // 3600


def why_over(request: HttpRequest) -> str:
    """`idle` or `limit` where the request's session has run out; "" as long as it holds."""
    moment = wall()
    if moment - _moment(request, BEGAN) >= timedelta(seconds=settings.SESSION_COOKIE_AGE):
        return "limit"
    return "idle" if moment - _moment(request, SEEN) >= password_policy().idle else ""


def seen(request: HttpRequest) -> None:
    """Note that its user is at work: written once a minute at most."""
    moment = wall()
    if moment - _moment(request, SEEN) >= SEEN_EVERY:
        request.session[SEEN] = int(moment.timestamp())
        UserSession.objects.filter(pk=request.session[ROW]).update(seen_at=moment)


def _moment(request: HttpRequest, key: str) -> datetime:
    return datetime.fromtimestamp(request.session.get(key, 0), CHINA)


def finish(request: HttpRequest, why: str) -> None:
    """The end of the request's own session."""
    with transaction.atomic():
        UserSession.objects.filter(pk__in=_own(request), ended_at=None).update(ended_at=wall(), ended_why=why)
        logout(request)


def keep_after_change(request: HttpRequest, user: User) -> None:
    """After a change of one's own password: this session goes on under a new key, all others end."""
    with transaction.atomic():
        end_all(user, why="password", but=this_one(request))
        update_session_auth_hash(request, user)
        UserSession.objects.filter(pk__in=_own(request)).update(session_key=request.session.session_key)


def this_one(request: HttpRequest) -> UUID | None:
    """The id of the request's own row."""
    row = request.session.get(ROW)
    return UUID(row) if row else None


def _own(request: HttpRequest) -> list[UUID]:
    """The request's own row as a list, empty where nobody is signed in."""
    row = this_one(request)
    return [row] if row else []


def end_all(user: User, *, why: str, but: UUID | None = None) -> int:
    """End every session of a user, except one; says how many. Part of the caller's transaction."""
    return _end(UserSession.objects.filter(user=user, ended_at=None).exclude(pk__in=[but] if but else []), why)


def _end(rows: Iterable[UserSession], why: str) -> int:
    found = list(rows)
    Session.objects.filter(session_key__in=[row.session_key for row in found]).delete()
    return UserSession.objects.filter(pk__in=[row.pk for row in found]).update(ended_at=wall(), ended_why=why)


@transaction.atomic
def end_own(*, acting_user: User, pk: UUID) -> int:
    """End one of one's own sessions; 0 where it is not theirs or has ended already."""
    ended = _end(UserSession.objects.filter(user=acting_user, pk=pk, ended_at=None), "owner")
    if ended:
        _record("session.ended", acting_user, acting_user, Policy(acting_user).home_id, ended)
    return ended


@transaction.atomic
def end_own_others(*, acting_user: User, this: UUID | None) -> int:
    """End all of one's own sessions but this one."""
    ended = end_all(acting_user, why="owner", but=this)
    if ended:
        _record("session.ended", acting_user, acting_user, Policy(acting_user).home_id, ended)
    return ended


@transaction.atomic
def end_of(*, acting_user: User, user: User, subdistrict_id: UUID) -> int:
    """A security administrator ends every session of somebody who holds a post in their subdistrict."""
    if not Policy(acting_user).secures(user):
        raise PermissionDenied
    ended = end_all(user, why="security")
    _record("session.ended_by_security", acting_user, user, subdistrict_id, ended)
    return ended


def _record(action: str, acting_user: User, user: User, subdistrict_id: UUID | None, ended: int) -> None:
    audit.record(
        action, actor_id=acting_user.pk, kind="user", record_id=user.pk, subdistrict_id=subdistrict_id,
        detail={"sessions": ended},
    )  # fmt: skip
