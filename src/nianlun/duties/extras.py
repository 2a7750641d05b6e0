"""What lower rooms add to lines of times of duties: how far they have come, and a way to do them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest

from nianlun.duties.models import Occurrence
from nianlun.places.models import Community
from nianlun.ui.nav import Link
from nianlun.ui.slots import contents


@dataclass(frozen=True, slots=True)
class Extra:
    """`note` is a word or two with its page, such as 16 / 20; `holds`: it cannot be ticked off as done yet."""

    note: str = ""
    note_address: str = ""
    action: Link | None = None
    holds: bool = False


def extras_of(request: HttpRequest, community: Community, ones: Sequence[Occurrence]) -> dict[UUID, Extra]:
    """By the occurrence's id; each room asks its own few queries, however many lines there are."""
    found: dict[UUID, Extra] = {}
    if ones:
        for given in contents("occurrence_extras", request, community=community, occurrences=ones):
            found.update(given)
    return found
