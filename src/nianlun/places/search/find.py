"""Finding records by words, within what the reader may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import and_, or_
from typing import TypeVar
from uuid import UUID

from django.db.models import Case, F, IntegerField, Model, Q, QuerySet, Value, When, Window
from django.db.models.functions import Lower, RowNumber

from nianlun.kernel.clock import now
from nianlun.kernel.ids import least_id
from nianlun.places.models import Community, Findable
from nianlun.places.policy import May, Policy
from nianlun.places.search.grams import Space, mark_piece, marked, whole
from nianlun.places.search.kinds import Kind, all_kinds
from nianlun.places.search.words import Asked, Word, read_words
from nianlun.ui.registers.keyset import page

AT_ONCE, A_PAGE = 8, 50  # of each kind where all are shown, and of one kind
Row = TypeVar("Row", bound=Model)
NEWEST = (30, 400)  # days back that are looked through before all, for kinds of which the newest count
ORDER: tuple[str, ...] = ("gone", "rank", "title", "pk")
NEW_ORDER: tuple[str, ...] = ("gone", "rank", "-record_id")


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    subtitle: str
    gone: str  # why it is listed after the others; empty where it is not
    place: str  # the community's name
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, best first; `more` says that there is more, `cursor` where a page of it goes on."""

    kind: Kind
    hits: list[Hit]
    more: bool = False
    cursor: str = ""


def find(policy: Policy, typed: str, *, shown: int = AT_ONCE) -> list[Group]:
    """The best `shown` records of every kind, the kinds in their order and without those of which nothing was found.

    Raises UserError for words that would find nothing or everything.
    """
    asked, kinds = read_words(typed), all_kinds()
    by_code = _best(policy, asked, [kind for kind in kinds if not kind.newest], shown + 1)
    for kind in kinds:
        if kind.newest:
            by_code[kind.code] = _newest(policy, asked, kind, shown + 1)
    return [
        Group(kind, [_hit(kind, row) for row in found[:shown]], len(found) > shown)
        for kind in kinds
        if (found := by_code.get(kind.code))
    ]


def find_more(policy: Policy, typed: str, kind: Kind, *, cursor: str = "", shown: int = A_PAGE) -> Group:
    """One page of the records of one kind, from the best on. Raises UserError for such words, and a lost cursor."""
    rows = _ranked(policy, read_words(typed), [kind]).select_related("community")
    found = page(rows, ORDER, cursor=cursor, size=shown)
    return Group(kind, [_hit(kind, row) for row in found.rows], bool(found.after), found.after)


def narrowed(rows: QuerySet[Row], policy: Policy, typed: str, *codes: str) -> QuerySet[Row]:
    """Of a list of records, those that the words find under these kinds; the order of the list stays.

    Raises UserError as `find` does.
    """
    kinds = [kind for kind in all_kinds() if kind.code in codes]
    found = Findable.objects.filter(_condition(policy, read_words(typed), kinds))
    return rows.filter(pk__in=found.values("record_id"))


def records_with(kind: Kind, community: Community, typed: str, mark: str) -> QuerySet[Findable, UUID]:
    """Ids of the records of a kind with a mark that the words find in a community, whoever asks.

    Raises UserError as `find` does.
    """
    found = _all(read_words(typed).words, kind.space, numbers=False)
    if found is None:
        return Findable.objects.none().values_list("record_id", flat=True)
    marks = Q(grams__contains=marked(kind.space, [mark_piece(mark)]))
    rows = Findable.objects.filter(marks & found, community=community, kind=kind.code)
    return rows.values_list("record_id", flat=True)


def _best(policy: Policy, asked: Asked, kinds: Sequence[Kind], most: int) -> dict[str, list[Findable]]:
    """So many of each kind, by the kind's code; one query for all."""
    by_kind = Window(RowNumber(), partition_by=F("kind"), order_by=[F(name).asc() for name in ORDER])
    rows = _ranked(policy, asked, kinds).annotate(place=by_kind).filter(place__lte=most)
    found: dict[str, list[Findable]] = {}
    for row in rows.select_related("community").order_by("place"):
        found.setdefault(row.kind, []).append(row)
    return found


def _newest(policy: Policy, asked: Asked, kind: Kind, most: int) -> list[Findable]:
    """So many of a kind from the shortest time that has as many: a word of every day would else rank whole years."""
    known = _ranked(policy, asked, [kind]).select_related("community").order_by(*NEW_ORDER)
    for days in NEWEST:
        rows = list(known.filter(record_id__gt=least_id(now() - timedelta(days=days)))[:most])
        if len(rows) == most:
            return rows
        if not rows:
            break  # a word that nobody used lately is rare: to look at all years costs no more
    return list(known[:most])


def _hit(kind: Kind, row: Findable) -> Hit:
    code, name = (row.community.code, row.community.name) if row.community else ("", "")
    return Hit(row.title, row.subtitle, kind.gone if row.gone else "", name, kind.address(code, row.record_id))


def _condition(policy: Policy, asked: Asked, kinds: Sequence[Kind]) -> Q:
    """Kinds with the same pieces are asked for together, so that the index is walked once for each set of pieces."""
    found = Q(pk__in=[])
    for space in Space:
        here = [kind for kind in kinds if kind.space is space]
        by_words = _all(asked.words, space, numbers=False)
        if here and by_words is not None:
            found |= by_words & _seen(policy, here)
        numbered = [kind for kind in here if kind.numbers]
        if numbered and any(word.numbers for word in asked.words):
            by_numbers = _all(asked.words, space, numbers=True)
            if by_numbers is not None:
                found |= by_numbers & _seen(policy, numbered) & policy.scope(Findable, May.PEOPLE)
    return found


def _seen(policy: Policy, kinds: Sequence[Kind]) -> Q:
    """Which rows of these kinds the reader may see; kinds with the same rule share one condition."""
    by_rule: defaultdict[tuple[May, object], list[Kind]] = defaultdict(list)
    for kind in kinds:
        by_rule[kind.may, kind.seen].append(kind)
    found = Q(pk__in=[])
    for alike in by_rule.values():
        found |= Q(kind__in=[kind.code for kind in alike]) & alike[0].scope(policy)
    return found


def _all(words: Sequence[Word], space: Space, *, numbers: bool) -> Q | None:
    """The condition that a record has every word in one of its ways; None where a word has no way."""
    found = []
    for word in words:
        ways = [*word.ways, *((number,) for number in word.numbers if numbers)]
        if not ways:
            return None
        found.append(reduce(or_, (Q(grams__contains=marked(space, way)) for way in ways)))
    return reduce(and_, found)


def _ranked(policy: Policy, asked: Asked, kinds: Sequence[Kind]) -> QuerySet[Findable]:
    """What was asked for, to be sorted: the whole name, whole initials, its beginning, a part of it, the rest."""
    cases = [When(folded=asked.title, then=Value(0))]
    if asked.letters:
        exact = [marked(space, [whole(asked.letters)]) for space in Space]
        cases.append(When(reduce(or_, (Q(grams__contains=pieces) for pieces in exact)), then=Value(1)))
    first = asked.words[0].plain
    cases.append(When(folded__startswith=first, then=Value(2)))
    cases.append(When(folded__contains=first, then=Value(3)))
    ranked = Case(*cases, default=Value(4), output_field=IntegerField())
    rows = Findable.objects.filter(_condition(policy, asked, kinds)).defer("grams")  # long, and not to be sorted along
    return rows.annotate(folded=Lower("title"), rank=ranked)
