"""Making a backup: dump, uploaded files, manifest, read back, and only then a name that counts."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

import psycopg
from django.conf import settings

from nianlun.kernel.backup import archive, keys, shelf
from nianlun.kernel.backup.address import address_here
from nianlun.kernel.backup.errors import BackupError, cause
from nianlun.kernel.backup.manifest import DUMP, FILES, NAME, KeyMark, Manifest
from nianlun.kernel.backup.programs import CHUNK, dump, table_of_contents
from nianlun.kernel.backup.snapshot import snapshot
from nianlun.kernel.clock import now
from nianlun.kernel.sealing.errors import KeyRingError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was just made and read back; `size` in bytes."""

    path: Path
    size: int
    manifest: Manifest


def make_backup(to: Path | None = None) -> Made:
    """Make one below `var/backups`, where the oldest make room, or in another folder, which is left as it is.

    Raises BackupError; no half file stays behind, and for `var/backups` the failure is kept for the page.
    """
    where = shelf.folder() if to is None else to
    with shelf.turn():
        try:
            made = _make(where)
        except (BackupError, OSError, psycopg.Error) as error:
            told = error if isinstance(error, BackupError) else BackupError(_words(error, where))
            if to is None:
                shelf.note_failure(told.message)
            raise told from error
        if to is None:
            for gone in shelf.prune():
                log.info("backup: %s made room", gone.name)
    return made


def _make(where: Path) -> Made:
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = where / f".nianlun-{os.getpid()}.part"
    try:
        with archive.Writer(part) as writer:
            manifest = _write(writer)
        if archive.check(part) != manifest:
            raise BackupError("备份写到磁盘后读回来不一样，已删除。请检查磁盘，或用 --to 指到另一块磁盘。")
        table_of_contents(archive.member(part, DUMP))
        path = shelf.free_name(where)
        size = part.stat().st_size
        part.rename(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _sync(where)
    return Made(path, size, manifest)


def _write(writer: archive.Writer) -> Manifest:
    address, moment = address_here(), now()
    with snapshot(address) as seen:
        writer.add(DUMP, dump(address, seen.name), modified=moment.timestamp())
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        with suppress(FileNotFoundError), path.open("rb") as file:  # withdrawn since it was listed
            about = os.fstat(file.fileno())
            name = FILES + path.relative_to(root).as_posix()
            writer.add(name, _content(file), mode=about.st_mode & 0o666, modified=about.st_mtime)
    manifest = Manifest(
        made_at=moment.isoformat(timespec="seconds"),
        product_version=version("nianlun"),
        contents=seen.contents,
        keys=_marks(seen.known_keys),
        members=dict(writer.members),
    )
    writer.add(NAME, [manifest.to_json()], modified=moment.timestamp())
    writer.finish()
    return manifest


def _content(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(CHUNK):
        yield piece


def _marks(known: list[tuple[str, str]]) -> list[KeyMark]:
    """The keys at hand and those the database knows of; keys that are unusable keep no backup from being made."""
    try:
        at_hand = keys.marks_at_hand()
    except KeyRingError as error:
        log.error("backup: %s", error.console)
        at_hand = []
    ids = {mark.id for mark in at_hand}
    return [*at_hand, *(KeyMark(key, kind, keys.UNKNOWN) for key, kind in known if key not in ids)]


def _sync(where: Path) -> None:
    """The new name, too, is on the disk."""
    handle = os.open(where, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _words(error: OSError | psycopg.Error, where: Path) -> str:
    return f"备份没有做完，半成品已删除（备份文件夹 {where}，可用 nianlun backup --to 指到另一块磁盘）。{cause(error)}"
