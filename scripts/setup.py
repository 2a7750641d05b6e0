"""Makes `.venv/` from the lock files: uv by pip, everything else by uv, each file checked against its hash.

Runs on a bare Python 3.11 with pip and venv; asks no registry by name, only the one that pip and uv are set up for.
A second run with nothing changed does nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "synced"
OLDEST_PYTHON = (3, 11)
NODE_AT_LEAST = ((20, 19), (22, 12))  # what Vite 8 asks for: 20.19 of that line, or 22.12 and later


def run(*command: str | Path, environment: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, env=environment, stdin=subprocess.DEVNULL)


def node_is_new_enough(version: tuple[int, int]) -> bool:
    """Whether a node of this (major, minor) runs Vite 8."""
    line, later = NODE_AT_LEAST
    return (version[0] == line[0] and version >= line) or version >= later


def system_node() -> Path | None:
    """The machine's own node with npm beside it, where it is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    try:
        major, minor = (int(part) for part in said.lstrip("v").split(".")[:2])
    except ValueError:
        return None
    return Path(node) if node_is_new_enough((major, minor)) else None


def make_venv() -> None:
    if PYTHON.exists() and subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0:
        return
    print("setup: making .venv", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], stdin=subprocess.DEVNULL)
    if made.returncode:
        sys.exit("setup: Python's venv is incomplete. On Debian: apt-get install python3-venv, then run make again.")


def uv_environment() -> dict[str, str]:
    """uv as this machine's pip is set up: the same index, never a Python of uv's own."""
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV), "UV_NO_PROGRESS": "1"}
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & environment.keys():
        asked = [str(PYTHON), "-m", "pip", "config", "get", "global.index-url"]
        index = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        if index := environment.get("PIP_INDEX_URL", index):
            environment["UV_DEFAULT_INDEX"] = index
    return environment


def wanted_locks(*, development: bool) -> list[Path]:
    """Which lock files `.venv/` follows: once development tools are in, they stay in."""
    development = development or (STAMP.exists() and "requirements-dev.lock" in STAMP.read_text())
    names = ["requirements-dev.lock" if development else "requirements.lock"]
    return [ROOT / name for name in ([*names, "requirements-node.lock"] if system_node() is None else names)]


def state_of(files: list[Path]) -> str:
    """What the stamp must say for `.venv/` to be up to date."""
    return "".join(f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with what tests, linting and typing need")
    options = parser.parse_args()
    if sys.version_info[:2] < OLDEST_PYTHON:
        sys.exit(f"setup: this is Python {sys.version.split()[0]}, 3.11 is the oldest. Try: make PYTHON=python3.11")
    locks = wanted_locks(development=options.dev)
    state = state_of([*locks, ROOT / "requirements-uv.lock", ROOT / "pyproject.toml"]) + f"{ROOT}\n"
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == state:
        return
    make_venv()
    STAMP.unlink(missing_ok=True)
    print("setup: installing Python packages from", ", ".join(lock.name for lock in locks), flush=True)
    pip = (PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", "requirements-uv.lock")
    uv, environment = VENV / "bin" / "uv", uv_environment()
    run(uv, "pip", "sync", "-q", "--python", PYTHON, "--require-hashes", *locks, environment=environment)
    editable = ("pip", "install", "-q", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ".")
    run(uv, *editable, environment=environment)
    STAMP.write_text(state)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup: this failed, see above: {' '.join(str(part) for part in error.cmd)}")
