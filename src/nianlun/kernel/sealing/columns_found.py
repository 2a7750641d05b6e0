"""Every column of secret values in every room, found by its class: what a change of keys has to go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from nianlun.kernel.sealing.columns import Digest, SealedMap, SealedText


@dataclass(frozen=True)
class Column:
    """One column of one table."""

    model: type[models.Model]
    field: SealedText | SealedMap | Digest

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.name}"

    def rows(self) -> models.QuerySet[models.Model]:
        """All rows, whatever a default manager leaves out."""
        return self.model._base_manager.all()

    def batch(self, rows: models.QuerySet[Any], beside: Sequence[str], after: Any, size: int) -> list[tuple[Any, ...]]:
        """(id, the columns `beside`) of the next rows by id, locked until the transaction ends."""
        rest = rows if after is None else rows.filter(pk__gt=after)
        return list(rest.order_by("pk").select_for_update(of=("self",)).values_list("pk", *beside)[:size])

    def write(self, changed: Sequence[tuple[Any, Any]]) -> None:
        """Set this column of many rows in one statement; nothing else of them changes, their revision neither."""
        quote = connection.ops.quote_name
        key = self.model._meta.pk
        table, mine, pk = (quote(str(name)) for name in (self.model._meta.db_table, self.field.column, key.column))
        types = f"%s::{key.db_type(connection)}[], %s::{self.field.db_type(connection)}[]"
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {mine} = made.made_value FROM unnest({types}) AS made(made_for, made_value) "
                f"WHERE {pk} = made_for",
                [[pk for pk, _ in changed], [value for _, value in changed]],
            )


def columns(*kinds: type[SealedText] | type[SealedMap] | type[Digest]) -> list[Column]:
    """The columns of those classes, in the order of the rooms."""
    return [
        Column(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, kinds)
    ]


def values_by_key() -> Counter[str]:
    """How many values of all tables each key id sealed."""
    counts: Counter[str] = Counter()
    quote = connection.ops.quote_name
    for column in columns(SealedText, SealedMap):
        table, mine = quote(column.model._meta.db_table), quote(str(column.field.column))
        of_map = isinstance(column.field, SealedMap)
        values = f"jsonb_each_text({mine}) AS one(code, sealed)" if of_map else f"(SELECT {mine} AS sealed) AS one"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT split_part(one.sealed, ':', 1), count(*) FROM {table} CROSS JOIN LATERAL {values} "
                "WHERE one.sealed <> '' GROUP BY 1"
            )
            counts.update(dict(cursor.fetchall()))
    return counts
