"""The folder of backups, read from the disk alone: which are good, how old the last one is, what went wrong."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.clock import CHINA, now
from nianlun.kernel.file_lock import FileLock

KEPT = 14
OLD_AFTER = timedelta(hours=36)
GOOD = re.compile(r"nianlun-(\d{8}-\d{6})\.tar")
STAMP = "%Y%m%d-%H%M%S"
UNFINISHED = ".nianlun-*.part"
FAILURE = "last_failure.json"
LOCK = "backup.lock"
TURN_PATIENCE = 2.0  # seconds: a page that looks whether one runs holds the lock for a moment
INTERRUPTED = "上一次备份中途停了，没有做完。请再备份一次。"


@dataclass(frozen=True, slots=True)
class Backup:
    """One good backup: it has its name only since it was read back."""

    path: Path
    made_at: datetime
    size: int

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True)
class Status:
    """How the backups stand. `size` in bytes of the last good one, `why` the last failure's words."""

    last_good_at: datetime | None
    last_failed_at: datetime | None
    why: str
    size: int
    count: int
    old: bool
    running: bool

    @property
    def failed(self) -> bool:
        """Whether the last attempt failed."""
        return self.last_failed_at is not None and (
            self.last_good_at is None or self.last_failed_at > self.last_good_at
        )


def folder() -> Path:
    """Where the nightly backups lie; the first one makes it, for its owner only."""
    return Path(settings.VAR) / "backups"


def backups() -> list[Backup]:
    """The good ones, newest first."""
    found = []
    for entry in os.scandir(folder()) if folder().exists() else ():
        if (stamp := GOOD.fullmatch(entry.name)) and entry.is_file(follow_symlinks=False):
            with suppress(ValueError, FileNotFoundError):  # a name that is no time, or one deleted just now
                moment = datetime.strptime(stamp[1], STAMP).replace(tzinfo=CHINA)
                found.append(Backup(Path(entry.path), moment, entry.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


def status() -> Status:
    good = backups()
    last = good[0].made_at if good else None
    running = is_running()
    failed_at, why = _failure()
    for part in () if running else folder().glob(UNFINISHED):
        with suppress(FileNotFoundError):
            stopped = datetime.fromtimestamp(part.stat().st_mtime, CHINA)
            if failed_at is None or stopped > failed_at:
                failed_at, why = stopped, INTERRUPTED
    return Status(
        last_good_at=last,
        last_failed_at=failed_at,
        why=why,
        size=good[0].size if good else 0,
        count=len(good),
        old=last is None or now() - last > OLD_AFTER,
        running=running,
    )


def free_name(where: Path) -> Path:
    """The name of a backup that ends now; two never share one."""
    moment = now().astimezone(CHINA)
    while (path := where / f"nianlun-{moment.strftime(STAMP)}.tar").exists():
        moment += timedelta(seconds=1)
    return path


def prune() -> list[Backup]:
    """Delete all but the newest 14 and the last of each of 14 days, so that many in one day push no earlier day out."""
    good = backups()
    last_of_day: dict[str, Backup] = {}
    for backup in good:
        last_of_day.setdefault(f"{backup.made_at:%Y%m%d}", backup)
    kept = [*good[:KEPT], *list(last_of_day.values())[:KEPT]]
    gone = [backup for backup in good if backup not in kept]
    for backup in gone:
        backup.path.unlink(missing_ok=True)
    return gone


def note_failure(why: str) -> None:
    """Keep what went wrong for the page; on a disk without room for even that, the age of the last one still tells."""
    written = folder() / f"{FAILURE}.new"
    with suppress(OSError):
        written.write_text(json.dumps({"at": now().isoformat(), "why": why}, ensure_ascii=False), encoding="utf-8")
        written.replace(folder() / FAILURE)


@contextmanager
def turn() -> Iterator[None]:
    """One backup at a time; what a killed one left is removed."""
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    lock, deadline = FileLock(folder() / LOCK), time.monotonic() + TURN_PATIENCE
    while not lock.take(wait=False):
        if time.monotonic() > deadline:
            raise BackupError("另一个备份正在进行，请等它做完。")
        time.sleep(0.05)
    try:
        for left in folder().glob(UNFINISHED):
            left.unlink()
        yield
    finally:
        lock.let_go()


def is_running() -> bool:
    probe = FileLock(folder() / LOCK)
    if not probe.path.exists():
        return False
    free = probe.take(shared=True, wait=False)
    probe.let_go()
    return not free


def _failure() -> tuple[datetime | None, str]:
    try:
        noted = json.loads((folder() / FAILURE).read_text(encoding="utf-8"))
        return datetime.fromisoformat(noted["at"]), str(noted["why"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""
