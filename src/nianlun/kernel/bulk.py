"""Writing many rows at once by COPY, several times as fast as INSERT; the database's constraints hold as ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

Made = TypeVar("Made", bound=Model)


class Maker(Generic[Made]):
    """Makes records of a model that `copy_in` is to add, from values by column; columns left out get their default.

    Several times as fast as the model's own constructor. Related records can be given besides, to be at hand later.
    """

    def __init__(self, model: type[Made]) -> None:
        self.model = model
        self.names = [field.attname for field in model._meta.local_concrete_fields]
        self.fields = {field.name: field for field in model._meta.local_concrete_fields if field.is_relation}
        self.defaults = {
            field.attname: field.default if field.has_default() else field.get_default()
            for field in model._meta.local_concrete_fields
        }

    def make(self, values: Mapping[str, Any], **related: Model | None) -> Made:
        """The columns of related records must stand in `values` too."""
        written = [
            values[name] if name in values else default() if callable(default) else default
            for name, default in self.defaults.items()
        ]
        made = self.model.from_db(None, self.names, written)
        for name, record in related.items():
            self.fields[name].set_cached_value(made, record)  # type: ignore[attr-defined]
        return made


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a model's table, each with the values of `columns`, in Python's types; a JSON value as its text."""
    quote = connection.ops.quote_name
    named = ", ".join(quote(column) for column in columns)
    copying = f"COPY {quote(model._meta.db_table)} ({named}) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)


def copy_in(records: Sequence[Model]) -> None:
    """Add new records of one model, whose fields are all set; their signals are not sent."""
    if not records:
        return
    fields = records[0]._meta.local_concrete_fields
    values = attrgetter(*(field.attname for field in fields))
    copy_rows(type(records[0]), [str(field.column) for field in fields], map(values, records))
