"""Secret fields on pages: the mask, and the way to have the value shown."""

from __future__ import annotations

from typing import Any

from django import template

from nianlun.kernel.sealing.seal import UNREADABLE, masked
from nianlun.places.access import policy_of
from nianlun.places.actions.reveal import kind_of, may_reveal
from nianlun.places.models import Organisation, Resident
from nianlun.places.rules.secrets import TITLES

register = template.Library()


@register.inclusion_tag("places/parts/secret.html", takes_context=True)
def secret(context: dict[str, Any], record: Resident | Organisation, field: str) -> dict[str, Any]:
    """A record's secret field, masked, with a button for whoever may reveal it: `{% secret resident "phone" %}`."""
    mask = masked(field, getattr(record, f"{field}_sealed"))
    kind = kind_of(record)
    may = mask not in ("", UNREADABLE) and may_reveal(policy_of(context["request"]), record, field)
    return {
        "id": f"secret-{record.pk}-{field}",
        "kind": kind,
        "pk": record.pk,
        "field": field,
        "title": TITLES[kind][field],
        "mask": mask,
        "may_reveal": may,
        "csrf_token": context.get("csrf_token"),
    }
