"""The measuring script where the annotated plans are absent, and our own plans it fits on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nianlun.plans.reading.items import find_items
from nianlun.plans.reading.outline import find_outline

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def test_without_the_plans_nothing_is_measured_and_nothing_fails(tmp_path: Path) -> None:
    copy = tmp_path / "main" / "scripts"
    copy.mkdir(parents=True)
    for name in ("score.py", "annotated.py", "fit_items.py", "fit_lines.py"):
        shutil.copy(SCRIPTS / name, copy)
    done = subprocess.run([sys.executable, copy / "score.py"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "nothing measured" in done.stdout


def marked(path: Path) -> tuple[str, list[tuple[int, int]]]:
    text, spans, start = "", [], 0
    for character in path.read_text(encoding="utf-8"):
        if character == "【":
            start = len(text)
        elif character == "】":
            spans.append((start, len(text)))
        else:
            text += character
    return text, spans


@pytest.mark.parametrize("path", sorted((SCRIPTS / "corpus").glob("*.txt")), ids=lambda path: path.stem)
def test_most_commitments_of_our_own_plans_are_found(path: Path) -> None:
    text, spans = marked(path)
    promised = {place for start, end in spans for place in range(start, end)}
    found = {place for start, end, _ in find_items(text, find_outline(text)) for place in range(start, end)}
    assert len(promised & found) >= 0.6 * len(promised)
    assert len(found - promised) <= 0.3 * len(text)
