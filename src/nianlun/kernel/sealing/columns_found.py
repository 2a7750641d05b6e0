"""Every column of secret values in every room, found by its class: what a change of keys has to go through."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import Count, F, Func, Value

from nianlun.kernel.sealing.columns import Digest, SealedText


@dataclass(frozen=True)
class Column:
    """One column of one table."""

    model: type[models.Model]
    field: SealedText | Digest

    def __str__(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.name}"

    def rows(self) -> models.QuerySet[models.Model]:
        """All rows, whatever a default manager leaves out."""
        return self.model._base_manager.all()

    def batch(self, rows: models.QuerySet[Any], beside: str, after: Any, size: int) -> list[tuple[Any, Any, Any]]:
        """(id, this column, the column `beside`) of the next rows by id, locked until the transaction ends."""
        rest = rows if after is None else rows.filter(pk__gt=after)
        chosen = rest.order_by("pk").select_for_update().values_list("pk", self.field.attname, beside)
        return list(chosen[:size])

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


def columns(kind: type[SealedText] | type[Digest]) -> list[Column]:
    """The columns of that class, in the order of the rooms."""
    return [
        Column(model, field)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, kind)
    ]


def values_by_key(found: Iterable[Column]) -> Counter[str]:
    """How many values each key id sealed."""
    counts: Counter[str] = Counter()
    for column in found:
        name = column.field.name
        key_id = Func(F(name), Value(":"), Value(1), function="split_part", output_field=models.TextField())
        rows = column.rows().exclude(**{name: ""}).annotate(sealing_key=key_id).values("sealing_key")
        counts.update(dict(rows.annotate(count=Count("pk")).order_by().values_list("sealing_key", "count")))
    return counts
