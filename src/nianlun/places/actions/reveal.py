"""Revealing one secret field of one record, for a purpose that stays in the audit log."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.views.decorators.debug import sensitive_variables

from nianlun.kernel import audit
from nianlun.kernel.audit_chain import seal_log
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import unseal
from nianlun.places.models import Organisation, Resident, User
from nianlun.places.policy import May, Policy
from nianlun.places.rules.secrets import TITLES, checked_purpose

MODELS: dict[str, type[Resident] | type[Organisation]] = {"resident": Resident, "organisation": Organisation}
TO_SEE: dict[str, May] = {"resident": May.PEOPLE, "organisation": May.GROUND}  # the right to see it masked


@sensitive_variables("value")
def reveal(*, acting_user: User, record: Resident | Organisation, field: str, purpose: str) -> str:
    """The field in plain, noted with its purpose. Raises UserError for a bad purpose or a value that is not there."""
    kind = kind_of(record)
    require_reveal(Policy(acting_user), record, field)
    said = checked_purpose(purpose)
    with transaction.atomic():
        value = unseal(cast(str, getattr(record, f"{field}_sealed")))
        if not value:
            raise UserError(f"没有登记{TITLES[kind][field]}，请先补录。")
        audit.record(
            "secret.revealed",
            actor_id=acting_user.pk,
            kind=kind,
            record_id=record.pk,
            subdistrict_id=record.subdistrict_id,
            detail={"field": field, "purpose": said, "community": record.community.code},
        )
        transaction.on_commit(seal_log)
    return value


def kind_of(record: Any) -> str:
    """The record's kind as addresses and the log name it. Raises Http404 for one without secret fields."""
    kind = str(record._meta.model_name)
    if kind not in MODELS:
        raise Http404
    return kind


def may_reveal(policy: Policy, record: Resident | Organisation, field: str) -> bool:
    """Whether the user may have the field revealed: seen, not hidden from their post, and the right to reveal."""
    kind = kind_of(record)
    return policy.allows_record(May.REVEAL, record) and not policy.hides(f"{kind}.{field}", record, TO_SEE[kind])


def require_reveal(policy: Policy, record: Resident | Organisation, field: str) -> None:
    """Refuse whoever may not: 404 for a stranger and for a record of another's grid, 403 for the wrong post."""
    kind = kind_of(record)
    if field not in TITLES[kind] or not policy.allows(May.SEE, record.community):
        raise Http404
    if policy.allows(TO_SEE[kind], record.community) and not policy.allows_record(TO_SEE[kind], record):
        raise Http404
    if not may_reveal(policy, record, field):
        raise PermissionDenied
