"""A backup that fails leaves no half file, says why, and never counts as good."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from nianlun.kernel.backup import archive, make, shelf
from nianlun.kernel.backup.address import Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.backup.make import make_backup
from nianlun.kernel.backup.programs import dump
from nianlun.kernel.backup.restore import restore
from nianlun.kernel.models import AuditRow
from tests.kernel.backup.conftest import kinds


def nothing_is_left(var: Path) -> bool:
    return not list((var / "backups").glob("*.tar")) and not list((var / "backups").glob(".nianlun-*"))


def test_a_disk_that_is_nearly_full_is_left_some_room_for_the_database(
    scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "RESERVE", shutil.disk_usage(var).total + 1)
    with pytest.raises(BackupError, match=r"磁盘快满了.*请清理磁盘"):
        make_backup()
    assert nothing_is_left(var)
    assert shelf.status().failed and "磁盘快满了" in shelf.status().why


@pytest.mark.parametrize("where", ["write", "fsync"])
def test_a_full_disk(scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    if where == "write":
        monkeypatch.setattr(archive.Writer, "_write", full)
    else:
        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BackupError, match=r"半成品已删除.*--to.*磁盘已满"):
        make_backup()
    assert nothing_is_left(var)
    assert shelf.status().failed and shelf.status().count == 0


LIMITED = """
import resource, signal, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from django.db import connection
from nianlun.kernel.backup import archive, errors, make
archive.RESERVE = 0
connection.settings_dict["NAME"] = sys.argv[1]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    make.make_backup()
except errors.BackupError as error:
    print(error.message)
"""


def test_a_real_limit_of_the_system(scratch: Address, var: Path) -> None:
    done = run(LIMITED, scratch, var)
    assert "磁盘已满" in done, done
    assert nothing_is_left(var)


KILLED = """
import sys, time
import django
django.setup()
from django.db import connection
from nianlun.kernel.backup import archive, make
archive.RESERVE = 0
connection.settings_dict["NAME"] = sys.argv[1]
finish = archive.Writer.finish
def slow(writer):
    print("nearly", flush=True)
    time.sleep(60)
archive.Writer.finish = slow
make.make_backup()
"""


def test_one_that_is_killed_never_counts_and_the_next_one_sweeps_up(scratch: Address, var: Path) -> None:
    with started(KILLED, scratch, var) as process:
        assert process.stdout is not None and process.stdout.readline() == "nearly\n"
        assert shelf.status().running
        process.send_signal(signal.SIGKILL)
    status = shelf.status()
    assert (status.running, status.count, status.failed) == (False, 0, True)
    assert list((var / "backups").glob(".nianlun-*.part"))
    make_backup()
    assert shelf.status().count == 1 and not list((var / "backups").glob(".nianlun-*"))
    assert not shelf.status().failed


def test_what_reads_back_otherwise_is_thrown_away(scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check: Callable[[Path], Any] = archive.check

    def spoiled(path: Path) -> Any:
        with path.open("r+b") as file:
            file.seek(3000)
            file.write(b"spoiled")
        return check(path)

    monkeypatch.setattr(archive, "check", spoiled)
    with pytest.raises(BackupError, match="已损坏"):
        make_backup()
    assert nothing_is_left(var)


def test_a_dump_that_breaks_off(scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make, "dump", lambda address, _: dump(address, "00000000-00000000-1"))
    with pytest.raises(BackupError, match="pg_dump 说"):
        make_backup()
    assert nothing_is_left(var)


def test_a_folder_that_cannot_be_written(scratch: Address, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="请检查路径和权限"):
        make_backup(tmp_path / "file" / "folder")
    assert not shelf.status().failed  # it says nothing of the nightly ones


def test_a_file_that_goes_while_it_is_read_keeps_nothing_up(
    scratch: Address, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (var / "files" / name).write_text(name)
    opened = Path.open

    def gone(path: Path, *rest: Any, **more: Any) -> Any:
        if path.name == "a":
            path.unlink()
        return opened(path, *rest, **more)

    monkeypatch.setattr(Path, "open", gone)
    made = make_backup()
    assert "files/b" in made.manifest.members and "files/a" not in made.manifest.members


def test_a_broken_archive_touches_nothing(scratch: Address, var: Path) -> None:
    path = make_backup().path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError, match="没有恢复任何内容"):
        restore(path, force=True)


STOPPED = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.db import connection
from nianlun.kernel.backup import archive, restore
connection.settings_dict["NAME"] = sys.argv[1]
def slow(*_):
    print("nearly", flush=True)
    time.sleep(60)
archive.unpack = slow
restore.restore(next(Path(restore.settings.VAR).glob("backups/*.tar")), force=True)
"""


def test_a_restore_that_is_killed_leaves_what_was_there_and_can_be_run_again(scratch: Address, var: Path) -> None:
    path = make_backup().path
    (var / "files" / "later").write_text("later")
    connection.close()
    with started(STOPPED, scratch, var) as process:
        assert process.stdout is not None and process.stdout.readline() == "nearly\n"
        process.send_signal(signal.SIGKILL)
    assert kinds(scratch) == ["in use", "restoring"]
    assert (var / "files" / "later").exists() and not AuditRow.objects.exists()
    restore(path, force=True)
    assert kinds(scratch) == ["in use"]  # the emptied one that was replaced held nothing
    assert AuditRow.objects.get().action == "backup.restored"


def environment(var: Path, address: Address) -> dict[str, str]:
    about = address.parameters
    socket = str(about.get("host", "")).replace("/", "%2F")
    embedded = f"postgresql://{about.get('user', '')}@{socket}:{about.get('port', '')}/{address.name}"
    url = os.environ.get("DATABASE_URL", embedded)
    return {**os.environ, "NIANLUN_VAR": str(var), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "nianlun.settings"}


def started(code: str, address: Address, var: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, address.name]
    return subprocess.Popen(command, env=environment(var, address), stdout=subprocess.PIPE, text=True)


def run(code: str, address: Address, var: Path) -> str:
    with started(code, address, var) as process:
        said, _ = process.communicate(timeout=60)
    return said
