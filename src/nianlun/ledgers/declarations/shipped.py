"""The declarations that come with the product: lines/common, and each line's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nianlun.kernel.paths import PACKAGE
from nianlun.ledgers.declarations.checklist import Checklist, read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Found
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import PostKind

ROOM = PACKAGE / "lines"
POSTS = {kind.value: kind.label for kind in PostKind}


@dataclass(frozen=True, slots=True)
class ShippedLedger:
    path: Path
    words: str
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class ShippedChecklist:
    path: Path
    words: str
    checklist: Checklist


@lru_cache(maxsize=1)
def shipped_ledgers() -> dict[str, ShippedLedger]:
    """Every shipped ledger by its code; raises BadDeclaration with the faults of all files."""
    files = [*sorted((ROOM / "common").glob("*.yaml")), *sorted(ROOM.glob("*/ledgers/*.yaml"))]
    known = Known(POSTS, LINE_TITLES, frozenset(path.stem for path in files))
    found: dict[str, ShippedLedger] = {}
    wrong: list[Found] = []
    for path, words in _read(files):
        try:
            found[path.stem] = ShippedLedger(path, words, read_ledger(words, _name(path), known))
        except BadDeclaration as error:
            wrong += error.found
    if wrong:
        raise BadDeclaration(wrong)
    return found


@lru_cache(maxsize=1)
def shipped_checklists() -> dict[str, ShippedChecklist]:
    """Every shipped checklist by its code; raises BadDeclaration with the faults of all files."""
    found: dict[str, ShippedChecklist] = {}
    wrong: list[Found] = []
    for path, words in _read(sorted(ROOM.glob("*/checklists/*.yaml"))):
        try:
            read = read_checklist(words, _name(path), frozenset(LINE_TITLES))
            found[read.checklist] = ShippedChecklist(path, words, read)
        except BadDeclaration as error:
            wrong += error.found
    if wrong:
        raise BadDeclaration(wrong)
    return found


def _read(files: list[Path]) -> Iterator[tuple[Path, str]]:
    for path in files:
        yield path, path.read_text(encoding="utf-8")


def _name(path: Path) -> str:
    return str(path.relative_to(ROOM))
