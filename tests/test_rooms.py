"""A room imports only from the rooms above it, from `kernel` and from `ui`; the reader knows no Django."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "nianlun"
ROOMS = (
    "places",
    "plans",
    "duties",
    "ledgers",
    "indicators",
    "assessments",
    "papers",
    "portal",
    "field",
)  # in the order of the data
COMMON = ("kernel", "ui")
ABOVE = {
    "kernel": (),
    "ui": ("kernel",),
    **{room: (*COMMON, *ROOMS[:place]) for place, room in enumerate(ROOMS)},
    "lines": (),  # declarations only
    "demo": (*COMMON, *ROOMS),  # fills every room, and no room knows it
}
READER = SOURCE / "plans" / "reading"
FORBIDDEN_TO_READER = ("django", "psycopg", "procrastinate")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """The full name of each module or name that the file imports, wherever in it, with its line."""
    package = ["nianlun", *path.relative_to(SOURCE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            for name in node.names:
                yield node.lineno, ".".join([*base, *(node.module or "").split("."), name.name]).replace("..", ".")


def breaches(room: str, path: Path) -> Iterator[str]:
    """What the file imports that it may not."""
    for line, name in imported(path):
        parts = name.split(".")
        if parts[0] == "nianlun" and len(parts) > 1 and parts[1] in ABOVE and parts[1] not in (room, *ABOVE[room]):
            yield f"{path.relative_to(SOURCE)}:{line} imports {name}"


@pytest.mark.parametrize("room", sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()))
def test_a_room_imports_only_from_above(room: str) -> None:
    assert room in ABOVE, f"{room} has no place in the order of the rooms"
    found = [breach for path in sorted((SOURCE / room).rglob("*.py")) for breach in breaches(room, path)]
    assert found == []


def test_the_reader_is_pure_python_with_all_that_it_imports() -> None:
    relative = (path.relative_to(SOURCE.parent).with_suffix("") for path in sorted(READER.rglob("*.py")))
    modules = [".".join(path.parts).removesuffix(".__init__") for path in relative if path.name != "__main__"]
    code = (
        "import importlib, sys\n"
        f"for name in {modules}: importlib.import_module(name)\n"
        f"print(*sorted(set(sys.modules) & set({FORBIDDEN_TO_READER})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert modules and done.stdout.split() == []


def test_a_breach_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.SOURCE", tmp_path)
    (tmp_path / "places").mkdir()
    path = tmp_path / "places" / "access.py"
    path.write_text(
        "def late():\n    from ..duties import rules\n    from nianlun.kernel import ids\nimport nianlun.plans\n"
    )
    assert sorted(breaches("places", path)) == [
        "places/access.py:2 imports nianlun.duties.rules",
        "places/access.py:4 imports nianlun.plans",
    ]
