"""Named places on shared pages that lower rooms fill, so that no room imports a lower one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Filling:
    """What a room puts into a slot: `build` gives the template context entry, or None where it has nothing to show."""

    order: int
    build: Callable[..., Any]


_slots: defaultdict[str, list[Filling]] = defaultdict(list)


def fill(slot: str, build: Callable[..., Any], *, order: int = 100) -> None:
    """Register once, at start-up; a function registered twice stands once."""
    if all(filling.build is not build for filling in _slots[slot]):
        _slots[slot].append(Filling(order, build))
        _slots[slot].sort(key=lambda filling: filling.order)


def contents(slot: str, request: HttpRequest, **about: Any) -> list[Any]:
    """What the rooms put there for this request, in order."""
    return [made for filling in _slots[slot] if (made := filling.build(request, **about)) is not None]


def answers(slot: str, **about: Any) -> list[Any]:
    """What the rooms say outside a request, in order: here `build` is given `about` alone."""
    return [made for filling in _slots[slot] if (made := filling.build(**about)) is not None]
