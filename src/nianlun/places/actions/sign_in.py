"""Failures at the sign-in and their lock; a name that nobody has is counted alike, so that a lock tells nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import salted_hmac

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.places.models import Subdistrict, UnknownName, User
from nianlun.places.passwords import password_policy
from nianlun.places.policy import Policy

KEPT = timedelta(days=1)


def locked_until(username: str) -> datetime | None:
    """Until when nobody signs in by this name; None where it is not locked."""
    user = User.objects.filter(username=username).first()
    counted = user or UnknownName.objects.filter(digest=_digest(username)).first()
    until = counted.locked_until if counted else None
    return until if until is not None and until > now() else None


def failed_sign_in(username: str) -> None:
    """Count a wrong password or code; the last that the policy allows in a row locks the name for a while."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(username=username).first()
        counted = user or _unknown(username)
        policy = password_policy()
        counted.failed_sign_ins += 1
        if counted.failed_sign_ins >= policy.attempts:
            counted.failed_sign_ins, counted.locked_until = 0, now() + policy.lock
            if user is not None:
                audit.record(
                    "user.locked", actor_id=None, kind="user", record_id=user.pk, subdistrict_id=Policy(user).home_id
                )
        counted.save(update_fields=["failed_sign_ins", "locked_until"])


def succeeded_sign_in(user: User) -> None:
    """Forget the failures, once every factor was right."""
    User.objects.filter(pk=user.pk).exclude(failed_sign_ins=0, locked_until=None).update(
        failed_sign_ins=0, locked_until=None
    )


@transaction.atomic
def unlock(*, acting_user: User, user: User, subdistrict: Subdistrict) -> None:
    """A security administrator lets somebody try again before the lock runs out."""
    if not Policy(acting_user).secures(user):
        raise PermissionDenied
    succeeded_sign_in(user)
    audit.record(
        "user.unlocked", actor_id=acting_user.pk, kind="user", record_id=user.pk, subdistrict_id=subdistrict.pk
    )


def _unknown(username: str) -> UnknownName:
    """The count of a name that nobody has; counts of yesterday are dropped on the way."""
    UnknownName.objects.filter(at__lt=now() - KEPT).delete()
    UnknownName.objects.get_or_create(digest=_digest(username))
    return UnknownName.objects.select_for_update().get(digest=_digest(username))


def _digest(username: str) -> str:
    return salted_hmac("nianlun.places.unknown_name", username, algorithm="sha256").hexdigest()
