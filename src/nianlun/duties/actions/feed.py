"""The secret address of a person's calendar: made, made anew, withdrawn; the secret is in no log or audit row."""

from __future__ import annotations

import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction

from nianlun.kernel import audit
from nianlun.places.models import User
from nianlun.places.policy import May, Policy

SECRET_BYTES = 42  # 56 characters
# The first characters find the account by an index, which takes a time that tells something of them; the other 45
# (270 bits) are compared in constant time.
FINDING = 11


@transaction.atomic
def make_address(*, acting_user: User) -> str:
    """A fresh secret for one's own calendar; an address given before stops at once."""
    policy = Policy(acting_user)
    if not policy.allows_anywhere(May.DO):
        raise PermissionDenied
    user = User.objects.select_for_update().get(pk=acting_user.pk)
    action = "feed.renewed" if user.feed_secret else "feed.made"
    user.feed_secret = secrets.token_urlsafe(SECRET_BYTES)
    user.save(update_fields=["feed_secret"])
    _note(action, acting_user, policy)
    return user.feed_secret


@transaction.atomic
def withdraw_address(*, acting_user: User) -> None:
    """Nobody reads the calendar any more; does nothing where there was no address."""
    if User.objects.filter(pk=acting_user.pk).exclude(feed_secret=None).update(feed_secret=None):
        _note("feed.withdrawn", acting_user, Policy(acting_user))


def _note(action: str, acting_user: User, policy: Policy) -> None:
    subdistrict = next((post.subdistrict_id for post in policy.posts), None)
    audit.record(action, actor_id=acting_user.pk, kind="user", record_id=acting_user.pk, subdistrict_id=subdistrict)


def user_of_secret(given: str) -> User | None:
    """Whose calendar the secret opens; None for an unknown one and for a closed account."""
    found = User.objects.filter(feed_secret__startswith=given[:FINDING], is_active=True).first()
    known = (found.feed_secret if found else None) or ""
    right = secrets.compare_digest(known.encode(), given.encode())
    return found if found is not None and right else None
