"""What somebody asked of a list: words in its box, chosen filters, an order; read from an address, and put into one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet

from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.errors import KeyLost, SealBroken
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.ui.registers.register import Filter, Order, Register

LONGEST_WORDS = 60
# A run of figures that may be somebody's number: such words stand in addresses sealed only.
NUMBER_LIKE = re.compile(r"\d[\d -]{5,}\d")


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter with what it offers this viewer, and the value that was chosen ("" where none was)."""

    filter: Filter
    offered: Sequence[tuple[str, str]]
    value: str

    @property
    def said(self) -> str:
        return next((title for value, title in self.offered if value == self.value), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """How a list is narrowed and sorted."""

    words: str
    choices: tuple[Choice, ...]
    order: Order
    turned: bool  # sorted the other way round than the order says

    @property
    def descending(self) -> bool:
        return self.order.descending != self.turned

    @property
    def narrowing(self) -> bool:
        return bool(self.words) or any(choice.value for choice in self.choices)

    def narrow(self, register: Register[Any, Any], viewer: Any) -> QuerySet[Any]:
        """The viewer's records that were asked for, in no order."""
        rows = register.rows(viewer)
        for choice in self.choices:
            if choice.value:
                rows = choice.filter.narrow(rows, choice.value, viewer)
        return register.find(rows, self.words, viewer) if self.words else rows

    def parameters(self) -> dict[str, str]:
        """Of the address of this list; words that may be somebody's number are sealed."""
        found = {choice.filter.code: choice.value for choice in self.choices if choice.value}
        if self.words:
            found |= {"s": seal(self.words)} if NUMBER_LIKE.search(self.words) else {"q": self.words}
        return found

    def query(self, *, order: str | None = None, without: str = "", **more: str) -> str:
        """`?…` of the same list with another order, or without one of its parameters."""
        found = {key: value for key, value in self.parameters().items() if key != without}
        if without == "words":
            found = {key: value for key, value in found.items() if key not in {"q", "s"}}
        chosen = f"-{self.order.code}" if self.turned else self.order.code
        found |= {"order": chosen if order is None else order, **more}
        return f"?{urlencode({key: value for key, value in found.items() if value})}"


def asked(register: Register[Any, Any], viewer: Any, query: Mapping[str, str]) -> Asked:
    """Read from an address or a form. A value that a filter does not offer raises UserError, so that nothing is
    shown or exported that was not asked for."""
    choices = []
    for one in register.filters:
        offered, value = one.choices(viewer), query.get(one.code, "")
        if value and value not in {known for known, _ in offered}:
            raise UserError(f"“{one.title}”里没有这一项，可能已经改名或停用。请重新选择。", code="filter")
        choices.append(Choice(one, offered, value))
    named = query.get("order", "")
    order = next((one for one in register.orders if one.code == named.removeprefix("-")), register.orders[0])
    turned = named.startswith("-") and named == f"-{order.code}"
    return Asked(_words(query), tuple(choices), order, turned)


def _words(query: Mapping[str, str]) -> str:
    words = query.get("q", "")
    if not words and query.get("s"):
        try:
            words = unseal(query["s"])
        except (KeyLost, SealBroken):
            words = ""
    storable = words.replace("\0", "").encode(errors="ignore").decode()
    return " ".join(storable.split())[:LONGEST_WORDS]


def rows_asked_for(register: Register[Any, Any], viewer: Any, query: Mapping[str, str]) -> QuerySet[Any]:
    """All records of the list of that address, sorted: for sheets."""
    told = asked(register, viewer, query)
    sign = "-" if told.descending else ""
    return told.narrow(register, viewer).order_by(*(f"{sign}{key}" for key in told.order.keys))
