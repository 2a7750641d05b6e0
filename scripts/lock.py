"""Renews the lock files: every version with the hashes of its files, and no registry's address."""

from __future__ import annotations

from pathlib import Path

from setup import ROOT, VENV, run, uv_environment

COMMON = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header", "-q")


def compile_lock(target: str, *sources: str | Path) -> None:
    """uv's resolution of `sources` into `target`; `--upgrade` for all, since this is asked for on purpose."""
    command = (VENV / "bin" / "uv", "pip", "compile", *COMMON, "--no-emit-index-url", "--upgrade", *sources)
    run(*command, "-o", target, environment=uv_environment())


def main() -> None:
    # What the tests need may hold a package back, so that all is chosen first, and what runs is chosen from it.
    compile_lock("requirements-dev.lock", "pyproject.toml", "--group", "dev")
    compile_lock("requirements.lock", "pyproject.toml", "-c", "requirements-dev.lock")
    compile_lock("requirements-node.lock", "--group", "pyproject.toml:node")
    compile_lock("requirements-uv.lock", "--group", "pyproject.toml:uv")
    for lock in ROOT.glob("requirements*.lock"):
        if "://" in lock.read_text():
            raise SystemExit(f"lock: {lock.name} names an address")


if __name__ == "__main__":
    main()
