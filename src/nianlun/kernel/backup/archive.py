"""The archive on disk: a plain tar that any tool opens, written so that no member's size need be known before."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import TracebackType

from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.manifest import NAME, Manifest, Member, from_json
from nianlun.kernel.backup.programs import CHUNK

BLOCK = tarfile.BLOCKSIZE
RESERVE = 256 * 1024 * 1024  # bytes left free on the disk: the database may write to the same one
LOOK_EVERY = 8 * 1024 * 1024
BROKEN = "备份文件 {name} 已损坏（{what}），没有恢复任何内容。请换一个备份文件。"


class DiskFull(BackupError):
    """There is no room for the rest of the archive."""


class Writer:
    """Writes one archive of mode 0600; nothing of it counts until `finish` has returned."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.members: dict[str, Member] = {}
        self._unlooked = LOOK_EVERY
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb", buffering=0)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, name: str, pieces: Iterable[bytes], *, mode: int = 0o600, modified: float = 0) -> Member:
        """Write a member; its header is written again once the size is known."""
        about = tarfile.TarInfo(name)
        about.mode, about.mtime = mode, int(modified)
        start, digest = self._file.tell(), sha256()
        self._write(self._header(about))
        for piece in pieces:
            digest.update(piece)
            about.size += len(piece)
            self._write(piece)
        self._write(bytes(-about.size % BLOCK))
        end = self._file.tell()
        self._file.seek(start)
        self._write(self._header(about))
        self._file.seek(end)
        self.members[name] = Member(about.size, digest.hexdigest())
        return self.members[name]

    def finish(self) -> None:
        """End the archive, and see it on the disk itself."""
        self._write(bytes(2 * BLOCK))
        os.fsync(self._file.fileno())
        os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # the check reads the disk, not the cache
        self._file.close()

    def _header(self, about: tarfile.TarInfo) -> bytes:
        return about.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")

    def _write(self, piece: bytes) -> None:
        self._unlooked += len(piece)
        if self._unlooked >= LOOK_EVERY:
            self._unlooked = 0
            if (free := shutil.disk_usage(self.path.parent).free) < RESERVE:
                raise DiskFull(
                    f"磁盘快满了：{self.path.parent} 所在的磁盘只剩 {free // 1024 // 1024} MB，"
                    "备份没有做完，半成品已删除。请清理磁盘，或用 nianlun backup --to 指到另一块磁盘，再备份一次。"
                )
        rest = memoryview(piece)
        while rest:  # on a disk that is nearly full a part may be taken before the error comes
            rest = rest[self._file.write(rest) :]


def check(path: Path) -> Manifest:
    """Read the whole archive and compare each member with the manifest; raises where anything is not as it was."""
    with _open(path) as tar:
        manifest = read_manifest(path)
        seen = set()
        for about in _members(tar, path):
            if about.name == NAME:
                continue
            expected, digest = manifest.members.get(about.name), sha256()
            if expected is None or about.name in seen or not about.isreg() or not is_safe(about.name):
                raise BackupError(BROKEN.format(name=path.name, what=f"多出 {about.name}"))
            for piece in _pieces(tar, about, path):
                digest.update(piece)
            if (about.size, digest.hexdigest()) != (expected.size, expected.sha256):
                raise BackupError(BROKEN.format(name=path.name, what=f"{about.name} 与清单不符"))
            seen.add(about.name)
        if missing := manifest.members.keys() - seen:
            raise BackupError(BROKEN.format(name=path.name, what=f"缺少 {min(missing)}"))
    return manifest


def read_manifest(path: Path) -> Manifest:
    """The manifest alone, unchecked against the rest."""
    with _open(path) as tar:
        last = None
        for about in _members(tar, path):
            last = about
        if last is None or last.name != NAME or not last.isreg():
            raise BackupError(BROKEN.format(name=path.name, what="没有清单，是没做完的备份"))
        return from_json(b"".join(_pieces(tar, last, path)))


def member(path: Path, name: str) -> Iterator[bytes]:
    """The content of one member, in pieces."""
    with _open(path) as tar:
        yield from _pieces(tar, tar.getmember(name), path)


def unpack(path: Path, prefix: str, folder: Path) -> int:
    """Write the members below `prefix` into a folder that is new; gives their number."""
    count = 0
    folder.mkdir(mode=0o755)
    with _open(path) as tar:
        for about in _members(tar, path):
            if not about.name.startswith(prefix):
                continue
            target = folder / about.name.removeprefix(prefix)
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                for piece in _pieces(tar, about, path):
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            target.chmod(about.mode & 0o666)
            os.utime(target, (about.mtime, about.mtime))
            count += 1
    return count


def is_safe(name: str) -> bool:
    """Whether a member's name stays below the folder that it is unpacked into."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


def _open(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:", encoding="utf-8", errors="surrogateescape")
    except tarfile.TarError as error:
        raise BackupError(BROKEN.format(name=path.name, what="不是完整的备份")) from error
    except OSError as error:
        raise BackupError(f"读不了备份文件 {path}：{error.strerror}。请检查路径和权限。") from error


def _members(tar: tarfile.TarFile, path: Path) -> Iterator[tarfile.TarInfo]:
    try:
        yield from tar
    except tarfile.TarError as error:
        raise BackupError(BROKEN.format(name=path.name, what="不完整")) from error


def _pieces(tar: tarfile.TarFile, about: tarfile.TarInfo, path: Path) -> Iterator[bytes]:
    try:
        file = tar.extractfile(about)
        assert file is not None
        while piece := file.read(CHUNK):
            yield piece
    except tarfile.TarError as error:
        raise BackupError(BROKEN.format(name=path.name, what=f"{about.name} 不完整")) from error
