"""A fresh database and folder beside those in use, and the one step in which they take their place."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql

from nianlun.kernel.backup.address import MAINTENANCE, Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.shelf import STAMP
from nianlun.kernel.clock import now

RESTORING = "_restoring"
BEFORE = "_before_"
LEAVING = 2.0  # seconds
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
PROVIDERS = {"i": "icu", "b": "builtin"}


@dataclass(frozen=True, slots=True)
class Kept:
    """What was in use before and still lies there: the database's name and the folder, None where there was nothing."""

    database: str | None
    files: Path | None


@contextmanager
def fresh_database(address: Address) -> Iterator[Address]:
    """An empty database beside, of the same letters; gone again where what is done inside fails."""
    fresh = address.named(address.name + RESTORING)
    with address.named(MAINTENANCE).connect(autocommit=True) as server:
        try:
            server.execute(_sql("DROP DATABASE IF EXISTS {}", fresh.name))
            server.execute(_like(server, address.name, fresh.name))
        except psycopg.errors.InsufficientPrivilege as error:
            raise BackupError(
                "数据库用户不能新建数据库，无法恢复。请让管理员给它 CREATEDB 权限（ALTER ROLE … CREATEDB）。"
            ) from error
        try:
            yield fresh
        except BaseException:
            server.execute(_sql("DROP DATABASE IF EXISTS {} WITH (FORCE)", fresh.name))
            raise


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A place beside the uploaded files for those of the backup; gone again where what is done inside fails."""
    root = Path(settings.MEDIA_ROOT)
    fresh = root.with_name(root.name + RESTORING)
    if fresh.exists():
        rmtree(fresh)
    root.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield fresh
    except BaseException:
        rmtree(fresh, ignore_errors=True)
        raise


def refuse_others(address: Address) -> None:
    """A database cannot be renamed while somebody is connected; who has just left may take a moment to be gone."""
    deadline = time.monotonic() + LEAVING
    with address.named(MAINTENANCE).connect(autocommit=True) as server:
        while (row := server.execute(OTHERS, [address.name]).fetchone()) and row[0] and time.monotonic() < deadline:
            time.sleep(0.05)
    if row and row[0]:
        raise BackupError(f"还有 {row[0]} 个连接在使用数据库 {address.name}。请先停掉使用它的程序，再恢复。")


def take_their_place(address: Address, fresh: Address, folder: Path) -> Kept:
    """Rename both databases in one transaction, and the folders within it; what was before keeps another name."""
    stamp = now().strftime(STAMP).replace("-", "_")
    root = Path(settings.MEDIA_ROOT)
    before, old_files = address.name + BEFORE + stamp, root.with_name(root.name + BEFORE + stamp)
    had_files = root.exists()
    with address.named(MAINTENANCE).connect() as server:
        server.execute(_sql("ALTER DATABASE {} RENAME TO {}", address.name, before))
        server.execute(_sql("ALTER DATABASE {} RENAME TO {}", fresh.name, address.name))
        try:
            if had_files:
                root.rename(old_files)
            folder.rename(root)
            server.commit()
        except BaseException:
            if not folder.exists():
                root.rename(folder)
            if had_files and old_files.exists():
                old_files.rename(root)
            raise
    return Kept(before, old_files if had_files else None)


def drop(address: Address, kept: Kept) -> None:
    """Delete what was in use before."""
    if kept.database is not None:
        with address.named(MAINTENANCE).connect(autocommit=True) as server:
            server.execute(_sql("DROP DATABASE IF EXISTS {}", kept.database))
    if kept.files is not None:
        rmtree(kept.files)


def kept_before(address: Address) -> list[Kept]:
    """All that earlier restores replaced and that nobody has deleted yet."""
    with address.named(MAINTENANCE).connect(autocommit=True) as server:
        named = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname"
        databases = server.execute(named, [address.name + BEFORE]).fetchall()
    root = Path(settings.MEDIA_ROOT)
    folders = sorted(root.parent.glob(f"{root.name}{BEFORE}*"))
    return [*(Kept(str(name), None) for (name,) in databases), *(Kept(None, folder) for folder in folders)]


def _sql(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))


def _like(server: psycopg.Connection[Any], name: str, fresh: str) -> sql.Composed:
    """The order to make an empty database of UTF-8 with the same collation as another."""
    row = server.execute("SELECT to_jsonb(d) FROM pg_database d WHERE datname = %s", [name]).fetchone()
    assert row is not None
    about: dict[str, Any] = row[0]
    order = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {}").format(
        sql.Identifier(fresh), about["datcollate"], about["datctype"]
    )
    if provider := PROVIDERS.get(about["datlocprovider"]):
        locale = about.get("datlocale") or about.get("daticulocale")  # its name since version 17, and before
        order += sql.SQL(" LOCALE_PROVIDER {} {} {}").format(
            sql.Identifier(provider), sql.SQL("ICU_LOCALE" if provider == "icu" else "BUILTIN_LOCALE"), locale
        )
    return order
