"""`nianlun ledgers …`: check declarations, print the format's schema or a ledger's flow, without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nianlun.ledgers.declarations.check_follow_ons import check_follow_ons
from nianlun.ledgers.declarations.checklist import read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault, Found
from nianlun.ledgers.declarations.presets import read_presets
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.ledgers.declarations.schema import KINDS, schema_words
from nianlun.ledgers.declarations.shipped import POSTS, shipped_checklists, shipped_ledgers
from nianlun.ledgers.declarations.source import read_source
from nianlun.ledgers.rules.flow import diagram
from nianlun.places.lines import LINE_TITLES


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv[0]` is its name. Returns 0, 1 where a declaration cannot stand, 2 for bad usage."""
    options = _parser().parse_args(argv[1:])
    match options.task:
        case "check":
            return _check(options.files)
        case "schema":
            sys.stdout.write(schema_words(options.kind))
            return 0
        case _:
            return _diagram(options.code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nianlun ledgers", description="Declarations of ledgers, without a database.")
    tasks = parser.add_subparsers(dest="task", required=True)
    check = tasks.add_parser("check", help="say what is wrong with files of ledgers, checklists or presets")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    schema = tasks.add_parser("schema", help="print the JSON Schema of a kind of file")
    schema.add_argument("kind", nargs="?", default="ledger", choices=sorted(KINDS))
    drawn = tasks.add_parser("diagram", help="print a shipped ledger's flow as a Mermaid state diagram")
    drawn.add_argument("code")
    return parser


def _check(files: Sequence[Path]) -> int:
    wrong = 0
    for file in files:
        found = check_file(file)
        wrong += bool(found)
        for one in found:
            print(one)
        if not found:
            print(f"{file} 可以使用。")
    return 1 if wrong else 0


def check_file(file: Path) -> list[Found]:
    """Everything that is wrong with one file, told by its first key; empty where it can stand."""
    try:
        words = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return [Found(Fault.NOT_YAML, str(file), 0, f"读不了这个文件（{error.__class__.__name__}）")]
    try:
        data = read_source(words, str(file)).data
        match next(iter(data), None) if isinstance(data, dict) else None:
            case "checklist":
                read_checklist(words, str(file), frozenset(LINE_TITLES))
            case "presets":
                ledgers = {code: one.ledger for code, one in shipped_ledgers().items()}
                checklists = {code: one.checklist for code, one in shipped_checklists().items()}
                read_presets(words, str(file), LINE_TITLES, ledgers, checklists)
            case _:
                return _check_ledger(words, file)
    except BadDeclaration as error:
        return error.found
    return []


def _check_ledger(words: str, file: Path) -> list[Found]:
    """Beside the shipped ones, of which it may be a newer version."""
    shipped = {code: one.ledger for code, one in shipped_ledgers().items()}
    ledger = read_ledger(words, str(file), Known(POSTS, LINE_TITLES, frozenset({*shipped, file.stem})))
    source = read_source(words, str(file))
    check_follow_ons(ledger, {**shipped, ledger.ledger: ledger}, source)
    return source.found


def _diagram(code: str) -> int:
    found = shipped_ledgers().get(code)
    if found is None:
        print(f"没有台账“{code}”；有：{'、'.join(sorted(shipped_ledgers()))}", file=sys.stderr)
        return 2
    print(diagram(found.ledger))
    return 0
