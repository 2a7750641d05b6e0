"""What of entries the search box finds: whom they are about, and the words of fields that are no secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from nianlun.ledgers import catalogue
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.handed_up import comes_up
from nianlun.ledgers.models import Entry, EntryStep, LedgerVersion, Standing
from nianlun.ledgers.rights import scope_of, whole_scope_of
from nianlun.places.policy import May, Policy
from nianlun.places.search.grams import Space, mark_piece, marked
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
    """Rows of entries that the user may see.

    The index's own columns of place tell it of most; the entry itself is looked at only for rows that they do not show,
    one by one, and for a post over a subdistrict only for the few that may have been handed up to it.
    """
    told, mine, with_lines = Q(pk__in=[]), Q(pk__in=[]), Q(pk__in=[])
    for ledger, codes, place in _in_force(policy):
        of_these = _marked(codes) & place
        told |= of_these & whole_scope_of(policy, ledger)
        mine |= Q(ledger__in=codes) & place & scope_of(policy, ledger)
        if ledger.sensitive and ledger.sees:
            with_lines |= of_these
    near = Q(community__in=[post.community_id for post in policy.posts if post.community_id])
    if over := [post.subdistrict_id for post in policy.posts if not post.community_id]:
        handed_up = Entry.objects.filter(subdistrict__in=over, closed_on=None).exclude(escalated_on=None)
        stepped = EntryStep.objects.filter(by=policy.user)
        near |= with_lines | Q(record_id__in=handed_up.values("pk")) | Q(record_id__in=stepped.values("entry"))
    return told | near & Q(Exists(Entry.objects.filter(mine, pk=OuterRef("record_id"))))


def _in_force(policy: Policy) -> list[tuple[Ledger, list[str], Q]]:
    """Ledgers of the user's places with their codes and where they hold; those that are seen alike stand together."""
    shared, local = Q(subdistrict=None), Q(subdistrict__in={post.subdistrict_id for post in policy.posts})
    versions = LedgerVersion.objects.filter(shared | local, kind=LedgerVersion.Kind.LEDGER)
    standing = versions.exclude(standing=Standing.DRAFT).order_by("version")
    newest = {
        (code, subdistrict, community): pk
        for pk, code, subdistrict, community in standing.values_list("pk", "code", "subdistrict", "community")
    }
    alike: dict[tuple[object, ...], tuple[Ledger, list[str], Q]] = {}
    for (code, subdistrict, community), pk in newest.items():
        ledger = catalogue.ledger_of(pk)
        place = Q(community=community) if community else Q(subdistrict=subdistrict) if subdistrict else Q()
        key = ledger.sensitive, frozenset(ledger.sees), comes_up(ledger), subdistrict, community
        alike.setdefault(key, (ledger, [], place))[1].append(code)
    return list(alike.values())


def _marked(codes: Sequence[str]) -> Q:
    return Q(grams__overlap=marked(Space.ENTRIES, [mark_piece(code) for code in codes]))


ENTRY = Kind(
    "entry", "台账记录", Entry, _entries, _page, May.SEE, Space.ENTRIES, seen=_seen, gone="已撤回", newest=True,
    changed="changed_at",
)  # fmt: skip
