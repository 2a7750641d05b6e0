"""Where the database is that Django is connected to, said so that PostgreSQL's own programs understand it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

MAINTENANCE = "postgres"  # the database from which others are made, renamed and dropped
DJANGOS_OWN = frozenset({"context", "cursor_factory", "prepare_threshold"})


@dataclass(frozen=True, slots=True)
class Address:
    """One database; `parameters` are libpq's, the password apart so that no list of processes shows it."""

    name: str
    parameters: dict[str, Any]
    password: str

    def named(self, name: str) -> Address:
        """Another database of the same server."""
        return replace(self, name=name)

    @property
    def conninfo(self) -> str:
        """All but the password, for a command line."""
        return make_conninfo("", **{**self.parameters, "dbname": self.name})

    def connect(self, *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.conninfo, password=self.password or None, autocommit=autocommit)


def address_here() -> Address:
    """The database of Django's connection."""
    given = {name: value for name, value in connection.get_connection_params().items() if name not in DJANGOS_OWN}
    name, password = str(given.pop("dbname")), str(given.pop("password", "") or "")
    return Address(name, {key: value for key, value in given.items() if value is not None}, password)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Inside, Django works on the database `name` of the same server."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
