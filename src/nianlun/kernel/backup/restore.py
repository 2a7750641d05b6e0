"""Restoring: all is checked and made beside first, then takes the place of what is there in one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from nianlun.kernel import audit
from nianlun.kernel.backup import archive, keys, replace
from nianlun.kernel.backup.address import Address, address_here, connected_to
from nianlun.kernel.backup.errors import BackupError, cause
from nianlun.kernel.backup.manifest import DUMP, FILES, KeyMark, Manifest
from nianlun.kernel.backup.programs import load
from nianlun.kernel.backup.snapshot import rows_of
from nianlun.kernel.file_lock import FileLock
from nianlun.kernel.ids import uuid7
from nianlun.kernel.models import AuditRow, KeyCheck


@dataclass(frozen=True, slots=True)
class Restored:
    """What now stands, what was before and is still there, and the keys that are missing for good."""

    manifest: Manifest
    files: int
    kept: replace.Kept | None
    without: list[KeyMark]


def restore(path: Path, *, force: bool = False, without_keys: bool = False) -> Restored:
    """Put a backup in the place of the database and the uploaded files that are there.

    `force` allows that there is something there; it is kept under another name. `without_keys` gives up the secret
    values whose keys are missing. Raises BackupError, and then what was there still stands.
    """
    with nobody_serves():
        manifest = archive.check(path)
        _refuse_newer(manifest)
        without = keys.missing(manifest.keys)
        if not without_keys:
            keys.require(manifest.keys)
        address = address_here()
        empty = _is_empty(address)
        if not empty and not force:
            raise BackupError(
                f"数据库 {address.name} 里已有内容，没有恢复。确实要用备份替换它，请加 --force；现有内容会改名保留。"
            )
        connection.close()
        try:
            replace.refuse_others(address)
            with replace.fresh_database(address) as fresh, replace.fresh_folder() as folder:
                _fill(fresh, path, manifest, without)
                files = archive.unpack(path, FILES, folder)
                replaced = replace.take_their_place(address, fresh, folder)
            kept = _worth_keeping(address, replaced, empty=empty)
        except (OSError, psycopg.Error) as error:
            raise BackupError(f"没有恢复成功，原来的内容没有动。{cause(error)}") from error
    return Restored(manifest, files, kept, without)


def _worth_keeping(address: Address, kept: replace.Kept, *, empty: bool) -> replace.Kept | None:
    """Delete at once what was replaced and held nothing."""
    database = kept.database if empty else None
    files = kept.files if kept.files and not any(path.is_file() for path in kept.files.rglob("*")) else None
    replace.drop(address, replace.Kept(database, files))
    left = replace.Kept(None if database else kept.database, None if files else kept.files)
    return left if left.database or left.files else None


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Hold the locks of `nianlun serve`, so that it neither runs nor starts while data are replaced."""
    var = Path(settings.VAR)
    var.mkdir(parents=True, exist_ok=True)
    locks = [FileLock(var / "serve.lock"), FileLock(var / "family.lock")]
    try:
        if not all(lock.take(wait=False) for lock in locks):
            raise BackupError("年轮正在运行，不能恢复。请先在运行它的窗口按 Ctrl-C 停下，再恢复。")
        yield
    finally:
        for lock in locks:
            lock.let_go()


def _refuse_newer(manifest: Manifest) -> None:
    ours = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.keys()
    unknown = [name for name in manifest.contents.migrations if tuple(name.split(".", 1)) not in ours]
    if unknown:
        raise BackupError(
            f"这个备份来自更新版本的年轮（{manifest.product_version}，本机不认识 {unknown[0]}）。请先升级年轮，再恢复。"
        )


def _is_empty(address: Address) -> bool:
    """Whether nothing would be missed: no table at all, or only those of a start at which nobody did anything."""
    with address.connect() as here:
        tables = rows_of(here)
    ours = (get_user_model()._meta.db_table, AuditRow._meta.db_table)
    return not tables or ("django_migrations" in tables and not any(tables.get(table) for table in ours))


def _fill(fresh: Address, path: Path, manifest: Manifest, without: list[KeyMark]) -> None:
    """Load the dump, hold it against the manifest, bring it to this version, and note what was done."""
    with fresh.connect() as there:
        version = there.info.server_version
    load(fresh, archive.member(path, DUMP), server_version=version)
    with fresh.connect(autocommit=True) as there:
        there.execute("ANALYZE")
        found = rows_of(there)
    if wrong := [table for table, count in manifest.contents.rows.items() if found.get(table) != count]:
        raise BackupError(f"恢复出的 {wrong[0]} 行数与备份清单不符，原来的内容没有动。请换一个备份文件。")
    with connected_to(fresh.name):
        call_command("migrate", interactive=False, verbosity=0)
        with transaction.atomic():
            KeyCheck.objects.filter(key_id__in=[mark.id for mark in without]).delete()
            detail = {"made_at": manifest.made_at, "without_keys": [mark.id for mark in without]}
            audit.record(
                "backup.restored", actor_id=None, kind="backup", record_id=uuid7(), subdistrict_id=None, detail=detail
            )
