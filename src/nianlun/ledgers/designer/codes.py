"""Codes of what is made in the browser: suggested from titles, and never one that means something else already."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any

from django.urls import URLResolver, get_resolver

from nianlun.ledgers.declarations.check_follow_ons import DUTY
from nianlun.ledgers.declarations.overlay import PREFIX
from nianlun.places.search.pinyin import initials
from nianlun.ui.registers.register import RESERVED as OF_LISTS
from nianlun.ui.registers.register import declared

CODE = r"^[a-z][a-z0-9_]{0,39}\Z"
LONGEST = 30  # of what is suggested; a number may come behind
OF_COMMUNITIES = "c/<slug:community>/"
# Names that the form of an entry and the addresses of lists use themselves.
OF_FORMS = frozenset({
    "csrfmiddlewaretoken", "client_key", "revision", "entry_id", "step_code", "shown", "held", "from", "follow",
    "part", "next", "find", "note", "like", "when", "grid", "example",
})  # fmt: skip
TAKEN_NAMES = OF_FORMS | OF_LISTS


def suggested(title: str, taken: Collection[str], prefix: str = PREFIX) -> str:
    """The first letters of the title's pinyin behind a prefix, with a number where that code is taken."""
    letters = re.sub(r"[^a-z0-9]", "", initials(title))[:LONGEST] or "a"
    begun = f"{prefix}{letters}" if prefix or letters[0].isalpha() else f"a{letters}"
    code, number = begun, 2
    while code in taken:
        code, number = f"{begun}_{number}", number + 1
    return code


def is_reserved(code: str) -> bool:
    """Whether a code would lead to another page than its list, or is the register of a room."""
    return code == DUTY or declared(code) or code in reserved_words()


@cache
def reserved_words() -> frozenset[str]:
    """The words that stand behind a community in the product's addresses: /c/<community>/<word>/…"""
    found = set()
    for route in _routes(get_resolver().url_patterns, ""):
        word = route.removeprefix(OF_COMMUNITIES).partition("/")[0] if route.startswith(OF_COMMUNITIES) else ""
        if word and "<" not in word:
            found.add(word)
    return frozenset(found)


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for one in patterns:
        route = f"{before}{one.pattern}"
        if isinstance(one, URLResolver):
            yield from _routes(one.url_patterns, route)
        else:
            yield route
