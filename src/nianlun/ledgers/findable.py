"""What of entries the search box finds: whom they are about, and the words of fields that are no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.models import Entry, LedgerVersion, Standing
from nianlun.ledgers.rights import scope_of
from nianlun.places.policy import May, Policy
from nianlun.places.search.grams import Space
from nianlun.places.search.index import index
from nianlun.places.search.kinds import Described, Kind, Where, describe
from nianlun.places.search.pinyin import initials

WORDS = frozenset({"text", "long_text"})
MOST = 300  # characters of one field: minutes of hours would be found by every word


def describe_all() -> None:
    """Called once at start-up."""
    describe(ENTRY)


def changed(sender: Any, *, entry: Entry, **_: Any) -> None:
    """One entry was written; those made in bulk are indexed by whoever makes them."""
    index([entry])


def _page(community: str, pk: UUID) -> str:
    return reverse("ledgers:entry", args=[community, pk])


def _entries(records: Sequence[Entry]) -> Iterator[Described]:
    for one in records:
        ledger = catalogue.held(one.ledger_version_id, one.overlay_version_id, one.overlay_above_id).ledger
        state = "" if one.withdrawn_at else ledger.flow.states[one.status].title
        about = [ledger.title, one.occurred_on.isoformat(), one.subject_name, state]
        yield Described(
            Where(one.pk, one.subdistrict_id, one.community_id, one.grid_id), one.title,
            " · ".join(part for part in about if part and part != one.title),
            texts=[one.subject_name, *_words(ledger, one.data)],
            initials=[initials(one.subject_name, person=one.subject_kind == "person")] if one.subject_name else [],
            marks=[one.ledger], gone=one.withdrawn_at is not None,
        )  # fmt: skip


def _words(ledger: Ledger, data: dict[str, Any]) -> Iterator[str]:
    """What was written in words, the rows of tables too; sealed values are not in `data` at all."""
    for field in ledger.fields:
        value = data.get(field.code)
        if field.kind in WORDS and isinstance(value, str):
            yield value[:MOST]
        elif field.kind == "table" and isinstance(value, list):
            columns = [column.code for column in field.columns if column.kind in WORDS]
            yield from (str(row[code])[:MOST] for row in value for code in columns if row.get(code))


def _seen(policy: Policy) -> Q:
    """Rows of entries that the user may see; ledgers that are seen alike share one condition."""
    shared, local = Q(subdistrict=None), Q(subdistrict__in={post.subdistrict_id for post in policy.posts})
    versions = LedgerVersion.objects.filter(shared | local, kind=LedgerVersion.Kind.LEDGER)
    standing = versions.exclude(standing=Standing.DRAFT).order_by("version")
    newest = {
        (code, subdistrict, community): pk
        for pk, code, subdistrict, community in standing.values_list("pk", "code", "subdistrict", "community")
    }
    alike: dict[tuple[bool, frozenset[str]], tuple[Ledger, Q]] = {}
    for (code, subdistrict, community), pk in newest.items():
        ledger = catalogue.ledger_of(pk)
        at = Q(ledger=code)
        at &= Q(community=community) if community else Q(subdistrict=subdistrict) if subdistrict else Q()
        key = ledger.sensitive, frozenset(ledger.sees)
        like, so_far = alike.get(key, (ledger, Q(pk__in=[])))
        alike[key] = like, so_far | at
    mine = Q(pk__in=[])
    for like, of_these in alike.values():
        mine |= of_these & scope_of(policy, like)
    return Q(record_id__in=Entry.objects.filter(mine).values("pk"))


ENTRY = Kind(
    "entry", "台账记录", Entry, _entries, _page, May.SEE, Space.ENTRIES, seen=_seen, gone="已撤回"
)  # fmt: skip
