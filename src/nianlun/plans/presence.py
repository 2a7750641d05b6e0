"""Who else has a review open, and what was changed in it since one last looked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from nianlun.kernel.clock import now
from nianlun.places.models import User
from nianlun.plans.models import PlanVersion, Presence

GONE_AFTER = timedelta(seconds=50)  # pages call every 20 s


def others(version: PlanVersion, user: User) -> list[Presence]:
    """Everybody else who was here in the last minute."""
    seen = version.presences.filter(seen_at__gt=now() - GONE_AFTER).exclude(user=user)
    return list(seen.select_related("user").order_by("user__name"))


def heartbeat(version: PlanVersion, user: User, *, since: int, editing: str | None) -> dict[str, Any]:
    """Note the user as present; who else is, the number of the last change, and what changed after `since`."""
    Presence.objects.update_or_create(
        version=version, user=user, defaults={"seen_at": now(), "editing": _uuid(editing)}
    )
    changes = list(version.changes.filter(number__gt=since).exclude(by=user).select_related("by").order_by("number"))
    return {
        "others": [
            {"name": one.user.name, "editing": str(one.editing) if one.editing else None}
            for one in others(version, user)
        ],
        "edits": version.edits,
        "status": version.status,
        "structural": any(change.structural for change in changes),
        "changed": sorted({pk for change in changes for pk, left in change.after.items() if left is not None}),
        "words": [f"{change.by.name}：{change.what}" for change in changes][-3:],
    }


def _uuid(value: str | None) -> UUID | None:
    try:
        return UUID(value) if value else None
    except ValueError:
        return None
