"""A database of one's own, copied from the tests' one, with a folder of data: what a restore replaces."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from psycopg import sql
from pytest_django import Settings

from nianlun.kernel.backup import archive
from nianlun.kernel.backup.address import MAINTENANCE, Address, address_here, connected_to
from nianlun.kernel.backup.replace import BEFORE, RESTORING


@pytest.fixture
def var(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Everything on disk lies below this folder, and its disk counts as having room."""
    monkeypatch.delenv("NIANLUN_KEY", raising=False)
    monkeypatch.setattr(archive, "RESERVE", 0)
    settings.VAR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR / "files"
    settings.MEDIA_ROOT.mkdir(parents=True)
    return tmp_path / "var"


@pytest.fixture
def scratch(var: Path, transactional_db: None) -> Iterator[Address]:
    """Inside, Django works on a fresh copy of the migrated database."""
    whole = address_here()
    connection.close()
    mine = whole.named(f"{whole.name}_scratch")
    _drop_all(mine)
    with whole.named(MAINTENANCE).connect(autocommit=True) as server:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(mine.name), sql.Identifier(whole.name))
        server.execute(made)
    with connected_to(mine.name):
        yield mine
    _drop_all(mine)


def databases(mine: Address) -> set[str]:
    """The names of this database and of those that a restore makes beside it."""
    with mine.named(MAINTENANCE).connect(autocommit=True) as server:
        found = server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [mine.name])
        return {str(name) for (name,) in found.fetchall()}


def kinds(mine: Address) -> list[str]:
    """The same, told by what they are."""
    named = {mine.name: "in use", mine.name + RESTORING: "restoring"}
    return sorted("before" if name.startswith(mine.name + BEFORE) else named[name] for name in databases(mine))


def _drop_all(mine: Address) -> None:
    for name in databases(mine):
        with mine.named(MAINTENANCE).connect(autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
