"""Revealing one secret value of one entry, for a purpose that stays in the audit log."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from nianlun.kernel import audit
from nianlun.kernel.audit_chain import seal_log
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import unseal
from nianlun.ledgers.models import Entry
from nianlun.ledgers.rights import may_reveal
from nianlun.places.models import User
from nianlun.places.policy import Policy
from nianlun.places.rules.secrets import checked_purpose


@transaction.atomic
@sensitive_variables("value")
def reveal(*, acting_user: User, entry: Entry, field: str, purpose: str) -> str:
    """The value in plain, noted with its purpose; raises UserError for a bad purpose or a value that is not there."""
    if not may_reveal(Policy(acting_user), entry):
        raise PermissionDenied
    said = checked_purpose(purpose)
    value = unseal(entry.sealed.get(field, ""))
    if not value:
        raise UserError("这一项没有填写。")
    audit.record(
        "secret.revealed", actor_id=acting_user.pk, kind="entry", record_id=entry.pk,
        subdistrict_id=entry.subdistrict_id,
        detail={"field": field, "purpose": said, "community": entry.community.code},
    )  # fmt: skip
    transaction.on_commit(seal_log)
    return value
