"""What the database holds at one moment, told by the same snapshot that the dump is made from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from nianlun.kernel.backup.address import Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.manifest import Contents
from nianlun.kernel.backup.programs import LEFT_OUT, WHEEL_MAJOR
from nianlun.kernel.models import KeyCheck

TABLES = (
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    " AND NOT relname = ANY(%s) ORDER BY relname"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`name` is what pg_dump is given; `known_keys` are (id, kind) of the keys that the database knows."""

    name: str
    contents: Contents
    known_keys: list[tuple[str, str]]


@contextmanager
def snapshot(address: Address) -> Iterator[Snapshot]:
    """Hold one moment of the database while it is dumped; writes go on beside and are not seen."""
    with address.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        version = connection.info.server_version
        if version // 10000 > WHEEL_MAJOR:
            raise BackupError(
                f"数据库是 PostgreSQL {version // 10000}，比年轮带的备份程序（{WHEEL_MAJOR}）新。"
                "请升级年轮，或用该数据库自带的 pg_dump 备份。"
            )
        (name,) = _row(connection, "SELECT pg_export_snapshot()")
        keys = f"SELECT key_id, kind FROM {KeyCheck._meta.db_table}"
        known = _rows(connection, keys) if _stands(connection, KeyCheck._meta.db_table) else []
        yield Snapshot(name, _contents(connection, version), [(str(key), str(kind)) for key, kind in known])


def rows_of(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has, but for those whose rows no backup holds."""
    return {
        table: _row(connection, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))[0]
        for (table,) in connection.execute(TABLES, [list(LEFT_OUT)]).fetchall()
    }


def _contents(connection: psycopg.Connection[Any], version: int) -> Contents:
    (size,) = _row(connection, "SELECT pg_database_size(current_database())")
    done: list[tuple[Any, ...]] = []
    if _stands(connection, "django_migrations"):
        done = _rows(connection, "SELECT app, name FROM django_migrations ORDER BY app, name")
    head: tuple[Any, ...] | None = None
    if _stands(connection, "kernel_auditlink"):
        last = "SELECT seq || ':' || encode(hash, 'hex') FROM kernel_auditlink ORDER BY seq DESC LIMIT 1"
        head = next(iter(_rows(connection, last)), None)
    return Contents(
        server_version=version,
        database_size=size,
        migrations=[f"{app}.{name}" for app, name in done],
        rows=rows_of(connection),
        audit_head=str(head[0]) if head else "",
    )


def _stands(connection: psycopg.Connection[Any], table: str) -> bool:
    """Whether an older database has this table already."""
    return connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)


def _row(connection: psycopg.Connection[Any], query: Any) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


def _rows(connection: psycopg.Connection[Any], query: Any) -> list[tuple[Any, ...]]:
    return list(connection.execute(query).fetchall())
