"""Records that a sheet or the API names in words, found for many rows at once: a resident, a firm, a building."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat

from nianlun.kernel.sealing.digest import digest
from nianlun.ledgers.records import ROWS, is_id
from nianlun.places.models import Community
from nianlun.places.policy import Policy

ID_NUMBER = re.compile(r"\d{17}[\dXx]")
Look = Callable[[QuerySet[Any], list[str]], Iterable[tuple[str, Any]]]


def _by_name(rows: QuerySet[Any], words: list[str]) -> Iterable[tuple[str, Any]]:
    return [(row.name, row) for row in rows.filter(name__in=words)]


def _people(rows: QuerySet[Any], words: list[str]) -> Iterable[tuple[str, Any]]:
    digests = {digest("id_number", word.upper()): word for word in words if ID_NUMBER.fullmatch(word)}
    living = rows.filter(Q(name__in=words, state="living") | Q(id_number_digest__in=list(digests)))
    for row in living:
        yield row.name, row
        if row.id_number_digest is not None and bytes(row.id_number_digest) in digests:
            yield digests[bytes(row.id_number_digest)], row


def _households(rows: QuerySet[Any], words: list[str]) -> Iterable[tuple[str, Any]]:
    return [(row.code, row) for row in rows.filter(code__in=words)]


def _buildings(rows: QuerySet[Any], words: list[str]) -> Iterable[tuple[str, Any]]:
    called = rows.annotate(called=Concat("estate__name", Value(""), "name")).select_related("estate")
    for row in called.filter(Q(called__in=words) | Q(code__in=words)):
        yield row.called, row
        yield row.code, row


LOOKS: dict[str, Look] = {
    "person": _people, "household": _households, "organisation": _by_name, "body": _by_name, "place": _buildings,
    "grid": _by_name, "user": _by_name,
}  # fmt: skip


class Named:
    """What words name, for a batch of rows: one query for each kind of record."""

    def __init__(self, wanted: Mapping[str, Iterable[str]], policy: Policy, community: Community) -> None:
        self._found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for kind, words in wanted.items():
            plain = sorted({word for word in words if word and not is_id(word)})
            if plain:
                for word, row in LOOKS[kind](ROWS[kind](policy, community), plain):
                    if row not in self._found[kind, word]:
                        self._found[kind, word].append(row)

    def id_of(self, kind: str, word: str) -> tuple[str, str]:
        """(id, what is wrong): one of the two is empty. An id that was given stays."""
        if is_id(word):
            return word, ""
        found = self._found.get((kind, word), [])
        if len(found) == 1:
            return str(found[0].pk), ""
        if found:
            return "", f"有 {len(found)} 个“{word}”，请填身份证号、编号，或在页面上选择。"
        return "", f"没有找到“{word}”，请先登记，或核对写法。"
