"""The lock files hold what pyproject.toml asks for, by hash, and lead to no particular registry."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def locked(name: str) -> dict[str, str]:
    """Package -> version."""
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / name).read_text(), re.MULTILINE))


def asked(*groups: str) -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return [
        *project["project"]["dependencies"],
        *(one for group in groups for one in project["dependency-groups"][group]),
    ]


@pytest.mark.parametrize(("lock", "groups"), [("requirements.lock", ()), ("requirements-dev.lock", ("dev",))])
def test_every_dependency_is_locked_within_its_bounds(lock: str, groups: tuple[str, ...]) -> None:
    held = locked(lock)
    wanted = [Requirement(one) for one in asked(*groups)]
    loose = [str(one) for one in wanted if not one.specifier.contains(held.get(one.name.lower(), "0"))]
    assert loose == [], "run make lock"


def test_what_runs_is_the_same_in_both_locks() -> None:
    assert locked("requirements.lock").items() <= locked("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_each_file_is_told_by_its_hash_and_no_address(lock: Path) -> None:
    said = lock.read_text()
    assert "://" not in said
    assert all("--hash=sha256:" in block for block in re.split(r"\n(?=\S)", said.strip()))


def test_the_front_ends_lock_names_no_address_of_a_package() -> None:
    packages = json.loads((ROOT / "front" / "package-lock.json").read_text())["packages"]
    assert all("integrity" in package and "resolved" not in package for name, package in packages.items() if name)
