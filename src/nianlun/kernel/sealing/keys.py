"""Where the key ring lies and how it is had: held in memory, read anew when its file changes, never made twice."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from nianlun.kernel.file_lock import FileLock
from nianlun.kernel.models import KeyCheck
from nianlun.kernel.sealing.errors import KeyRingError
from nianlun.kernel.sealing.ring import Key, KeyRing, fresh_ring, given_text, parse

Stamp = str | tuple[str, int, int, int]  # NIANLUN_KEY's text, or the file's path, time, inode and size
_held: tuple[Stamp, KeyRing] | None = None


def key_file() -> Path:
    return Path(settings.VAR) / "data_keys"


def source() -> str:
    """Where the keys come from, in words for the console."""
    return "NIANLUN_KEY" if given_text() else str(key_file())


def ring() -> KeyRing:
    """The ring as it now stands; a file that another process changed is seen at once."""
    global _held
    stamp: Stamp = given_text()
    path = os.path.join(settings.VAR, "data_keys")  # noqa: PTH118 (this runs for every value)
    if not stamp:
        try:
            found = os.stat(path)  # noqa: PTH116
        except FileNotFoundError:
            make_first_file(Path(path))
            found = os.stat(path)  # noqa: PTH116
        stamp = (path, found.st_mtime_ns, found.st_ino, found.st_size)
    if _held is None or _held[0] != stamp:
        _held = (stamp, parse(stamp, "NIANLUN_KEY") if isinstance(stamp, str) else read(Path(path)))
    return _held[1]


def read(path: Path) -> KeyRing:
    """The ring of a file, which nobody but its owner may be able to read."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        raise KeyRingError(f"{path} has mode {mode:04o}, so that others can read the keys: run chmod 600 {path}")
    try:
        return parse(path.read_text(encoding="ascii"), str(path))
    except (UnicodeDecodeError, PermissionError) as error:
        raise KeyRingError(f"{path} cannot be read as text of keys: {error}") from error


def make_first_file(path: Path) -> None:
    """Make the file of a database that has none yet; the first process wins. A lost one is never made anew."""
    if KeyCheck.objects.exists():
        raise KeyRingError(
            f"{path} is missing, and the database holds values sealed with its keys: put back the copy "
            "that you keep with your backups. Without it they can never be opened"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    written = _write_beside(path, fresh_ring())
    with suppress(FileExistsError):
        os.link(written, path)
    written.unlink()


def change_file(*, add: tuple[Key, ...] = (), drop: frozenset[str] = frozenset()) -> KeyRing:
    """Add keys at the end and drop others by id, in one step that a crash cannot halve; refused for NIANLUN_KEY."""
    if given_text():
        raise KeyRingError("the keys come from NIANLUN_KEY, which only you can change")
    ring()  # makes the first file where there is none
    path = key_file()
    with FileLock(path.with_name("data_keys.lock")):
        kept = tuple(key for key in read(path).keys if key.id not in drop)
        written = _write_beside(path, KeyRing((*kept, *add)))
        written.replace(path)
    return ring()


def _write_beside(path: Path, keys: KeyRing) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".data_keys-")  # of mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(keys.text())
        file.flush()
        os.fsync(file.fileno())
    return Path(name)
