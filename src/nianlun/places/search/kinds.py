"""What can be found: each room says once of each kind of record what finds it, who may see it and where its page is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from nianlun.places.models import Findable
from nianlun.places.policy import May, Policy
from nianlun.places.search.grams import Space


@dataclass(frozen=True, slots=True)
class Where:
    """A record's id and the places by which it is known who may see it."""

    record_id: UUID
    subdistrict_id: UUID
    community_id: UUID | None
    grid_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Described:
    """One record as the box shows and finds it. `texts` and `initials` find it besides its title."""

    where: Where
    title: str
    subtitle: str = ""
    texts: Sequence[str] = ()
    initials: Sequence[str] = ()
    digests: Sequence[bytes | None] = ()  # of secret numbers, whole, and of a phone's last four
    marks: Sequence[str] = ()  # codes by which rows of one sort are told from others of their kind
    gone: bool = False  # moved out, closed, superseded: listed after the others


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record in the box. `describe` gets many records and asks the database as often as for one.

    A record that `describe` leaves out is not found. `address` makes the page's from the community's code and the id.
    """

    code: str
    title: str  # 居民
    model: type[Model]
    describe: Callable[[Sequence[Any]], Iterable[Described]]
    address: Callable[[str, UUID], str]
    may: May
    space: Space = Space.PLACES
    seen: Callable[[Policy], Q] | None = None  # narrows further what the right alone would show
    numbers: bool = False  # its secret numbers find it, for those who may see people
    gone: str = "已不在册"  # how one that is listed after the others is marked
    newest: bool = False  # records of every year stand in it: the box looks among the newest first
    changed: str = ""  # column of when one was last written, for kinds of which none is ever deleted

    def scope(self, policy: Policy) -> Q:
        """Which rows of the index the reader may see, were they all of this kind."""
        found = policy.scope(Findable, self.may)
        return found & self.seen(policy) if self.seen else found


_kinds: dict[str, Kind] = {}


def describe(kind: Kind) -> None:
    """Called by rooms once at start-up; the order is that of the page."""
    _kinds[kind.code] = kind


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


def kinds_of(model: type[Model]) -> list[Kind]:
    """The kinds under which a model's records stand; none for one that nobody described."""
    return [kind for kind in _kinds.values() if kind.model is model]
