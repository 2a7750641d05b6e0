"""pg_dump and pg_restore of the wheel: a dump is read and written as a stream, so that it never lies on disk twice."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress

from nianlun.kernel.backup.address import Address
from nianlun.kernel.backup.errors import BackupError
from nianlun.kernel.postgres import wheel_programs

WHEEL_MAJOR = 18
CHUNK = 1024 * 1024  # bytes
LEFT_OUT = ("django_session",)  # who was signed in is no record, and a session ended since must not come back
# Before version 17 the server does not know this setting, which pg_restore always makes; nothing is lost by it.
HARMLESS_BEFORE_17 = 'unrecognized configuration parameter "transaction_timeout"'
DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
LOAD = ("pg_restore", "--no-owner", "--no-privileges", "--no-comments")


def dump(address: Address, snapshot: str) -> Iterator[bytes]:
    """The database as it stands in the exported snapshot, in pieces of the custom format."""
    left_out = (f"--exclude-table-data={table}" for table in LEFT_OUT)
    command = _command(*DUMP, f"--snapshot={snapshot}", *left_out, f"--dbname={address.conninfo}")
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, env=_environment(address)
        )
        assert process.stdout is not None
        try:
            while piece := process.stdout.read(CHUNK):
                yield piece
            process.wait()
        finally:
            process.stdout.close()
            process.kill()
            process.wait()
        said.seek(0)
        if process.returncode:
            words = said.read().decode(errors="replace").strip()
            raise BackupError(f"数据库没有导出成功，备份没有做完。pg_dump 说：\n{words[-2000:]}")


def load(address: Address, pieces: Iterable[bytes], *, server_version: int) -> None:
    """Put a dump into the empty database at `address`; anything that fails in it is an error."""
    code, words = _feed((*LOAD, f"--dbname={address.conninfo}"), pieces, address)
    wrong = [line for line in words.splitlines() if line.startswith("pg_restore: error:")]
    if server_version < 170000:
        wrong = [line for line in wrong if HARMLESS_BEFORE_17 not in line]
        code = 0 if code == 1 and HARMLESS_BEFORE_17 in words else code
    if wrong or code:
        raise BackupError(f"备份没有恢复成功，原来的数据没有动。pg_restore 说：\n{words[-2000:]}")


def table_of_contents(pieces: Iterable[bytes]) -> str:
    """What a dump holds; raises where it cannot be read."""
    code, words = _feed(("pg_restore", "--list"), pieces, None)
    if code:
        raise BackupError(f"备份里的数据库无法读出。pg_restore 说：\n{words[-2000:]}")
    return words


def _feed(program: tuple[str, ...], pieces: Iterable[bytes], address: Address | None) -> tuple[int, str]:
    """Run a program over what is given to its standard input: its exit code and its words."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            _command(*program), stdin=subprocess.PIPE, stdout=said, stderr=said, env=_environment(address)
        )
        assert process.stdin is not None
        try:
            with suppress(BrokenPipeError):  # it ended early: its words tell why
                for piece in pieces:
                    process.stdin.write(piece)
                process.stdin.close()
            process.wait()
        finally:
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.kill()
            process.wait()
        said.seek(0)
        return process.returncode, said.read().decode(errors="replace").strip()


def _command(name: str, *arguments: str) -> list[str]:
    return [str(wheel_programs() / name), *arguments]


def _environment(address: Address | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", **({"PGPASSWORD": address.password} if address and address.password else {})}
