"""The declarations that come with the product: ledgers in lines/common, and each line's own with its presets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from nianlun.kernel.paths import PACKAGE
from nianlun.ledgers.declarations.check_follow_ons import check_follow_ons
from nianlun.ledgers.declarations.checklist import Checklist, read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Found
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.presets import Presets, read_presets
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.ledgers.declarations.source import Source, read_source
from nianlun.places.lines import LINE_TITLES
from nianlun.places.post_kinds import PostKind

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
    every = {code: one.ledger for code, one in found.items()}
    for one in found.values():
        wrong += _of_follow_ons(one, every)
    if wrong:
        raise BadDeclaration(wrong)
    return found


def _of_follow_ons(one: ShippedLedger, every: dict[str, Ledger]) -> list[Found]:
    if not one.ledger.follow_ons:
        return []
    source = Source(_name(one.path))
    check_follow_ons(one.ledger, every, source)
    if not source.found:
        return []
    lined = read_source(one.words, source.file)  # only now: it is read for its lines alone
    check_follow_ons(one.ledger, every, lined)
    return lined.found


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


@lru_cache(maxsize=1)
def shipped_presets() -> dict[str, Presets]:
    """Every line's presets by the line's code; raises BadDeclaration with the faults of all files."""
    ledgers = {code: one.ledger for code, one in shipped_ledgers().items()}
    checklists = {code: one.checklist for code, one in shipped_checklists().items()}
    found: dict[str, Presets] = {}
    wrong: list[Found] = []
    for path, words in _read(sorted(ROOM.glob("*/presets.yaml"))):
        try:
            read = read_presets(words, _name(path), LINE_TITLES, ledgers, checklists)
            found[read.presets] = read
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
