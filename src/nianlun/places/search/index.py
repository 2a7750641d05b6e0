"""Keeping the index: a record is indexed again, in the transaction of the write, whenever what finds it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from nianlun.kernel.bulk import copy_rows
from nianlun.kernel.ids import uuid7
from nianlun.places.models import Findable
from nianlun.places.search.grams import kept
from nianlun.places.search.kinds import Described, Kind, kinds_of

BATCH = 5_000  # rows a statement
TITLE, SUBTITLE = 120, 200  # characters of the columns
# A row that stays as it is is not written again: that would cost its pieces a second time.
UPSERT = """
INSERT INTO places_findable AS old
    (id, kind, record_id, subdistrict_id, community_id, grid_id, title, subtitle, gone, grams)
SELECT id, %s, record_id, subdistrict_id, community_id, grid_id, title, subtitle, gone, string_to_array(grams, ' ')
FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::boolean[],
            %s::text[]) AS new (id, record_id, subdistrict_id, community_id, grid_id, title, subtitle, gone, grams)
ON CONFLICT (kind, record_id) DO UPDATE SET
    subdistrict_id = excluded.subdistrict_id, community_id = excluded.community_id, grid_id = excluded.grid_id,
    title = excluded.title, subtitle = excluded.subtitle, gone = excluded.gone, grams = excluded.grams
WHERE (old.subdistrict_id, old.community_id, old.grid_id, old.title, old.subtitle, old.gone, old.grams)
    IS DISTINCT FROM (excluded.subdistrict_id, excluded.community_id, excluded.grid_id, excluded.title,
                      excluded.subtitle, excluded.gone, excluded.grams)
"""


def index(records: Sequence[Model], *, new: bool = False) -> None:
    """Bring the index up to date with these records, of any described models; the same queries for one as for many.

    `new`: none of them is in it yet, as when a sheet has just made them; they are added in the quickest way.
    """
    by_model: defaultdict[type[Model], dict[object, Model]] = defaultdict(dict)
    for record in records:
        by_model[type(record)][record.pk] = record
    with transaction.atomic():
        for model, group in by_model.items():
            for kind in kinds_of(model):
                _index_kind(kind, list(group.values()), new)


def unindex(kind: str, ids: Iterable[UUID]) -> None:
    """Take records of a kind, by their ids, out of the index."""
    Findable.objects.filter(kind=kind, record_id__in=list(ids)).delete()


def _index_kind(kind: Kind, records: Sequence[Model], new: bool) -> None:
    for start in range(0, len(records), BATCH):
        batch = records[start : start + BATCH]
        described = list(kind.describe(batch))
        if new:
            _add(kind, described)
            continue
        _write(kind, described)
        left_out = {record.pk for record in batch} - {one.where.record_id for one in described}
        if left_out:
            unindex(kind.code, left_out)


def _add(kind: Kind, described: Sequence[Described]) -> None:
    columns = (
        "id", "kind", "record_id", "subdistrict_id", "community_id", "grid_id", "title", "subtitle", "gone", "grams"
    )  # fmt: skip
    copy_rows(
        Findable, columns,
        (
            (
                uuid7(), kind.code, one.where.record_id, one.where.subdistrict_id, one.where.community_id,
                one.where.grid_id, one.title[:TITLE], one.subtitle[:SUBTITLE], one.gone,
                "{" + _pieces(kind, one).replace(" ", ",") + "}",
            )
            for one in described
        ),
    )  # fmt: skip


def _write(kind: Kind, described: Sequence[Described]) -> None:
    if not described:
        return
    rows = [
        (
            uuid7(), one.where.record_id, one.where.subdistrict_id, one.where.community_id, one.where.grid_id,
            one.title[:TITLE], one.subtitle[:SUBTITLE], one.gone, _pieces(kind, one),
        )
        for one in described
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [kind.code, *(list(column) for column in zip(*rows, strict=True))])


def _pieces(kind: Kind, one: Described) -> str:
    """The record's pieces in one text; none holds a blank, a comma or a bracket."""
    return " ".join(kept(kind.space, (one.title, *one.texts), one.initials, one.digests, one.marks))
