"""Small words of this room's pages."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django import template

from nianlun.duties.extras import Extra

register = template.Library()


@register.filter
def month_key(year: int, month: int) -> str:
    """2027 and 3 as 2027-03, the value of a calendar's address."""
    return f"{year}-{month:02d}"


@register.filter
def heat(count: int, most: int) -> int:
    """How dark a cell is, 0 to 4, against the fullest one."""
    return 0 if not count or not most else min(4, 1 + 4 * (count - 1) // most)


@register.filter
def of(extras: Mapping[UUID, Extra] | None, one: UUID) -> Extra | None:
    """What other rooms add to one line of a list."""
    return extras.get(one) if extras else None
