"""Reads one ledger's file: its form by the models, then what only the whole can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from nianlun.ledgers.declarations.check_examples import check_examples
from nianlun.ledgers.declarations.check_fields import check_fields
from nianlun.ledgers.declarations.check_flow import check_flow
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.papers import check_papers
from nianlun.ledgers.declarations.refusals import check_refusals
from nianlun.ledgers.declarations.source import Source, read_source


@dataclass(frozen=True, slots=True)
class Known:
    """What a declaration may name: posts, lines of work, other ledgers (None: not checked yet)."""

    posts: Mapping[str, str]
    lines: Mapping[str, str]
    ledgers: frozenset[str] | None = None


def read_ledger(words: str, file: str, known: Known) -> Ledger:
    """A declaration that can stand; raises BadDeclaration with every fault that was found."""
    source = read_source(words, file)
    ledger = _by_the_models(source)
    if ledger is not None:
        if Path(file).suffix == ".yaml" and Path(file).stem != ledger.ledger:
            source.fault(Fault.FILE_NAME, ("ledger",), ledger.ledger)
        check_fields(ledger, source)
        check_flow(ledger, source, known.posts)
        check_papers(ledger, source)
        _check_names(ledger, source, known)
        check_refusals(ledger, source)
    if ledger is not None and not source.found:
        check_examples(ledger, source)
    if source.found or ledger is None:
        raise BadDeclaration(sorted(source.found, key=lambda one: one.line))
    return ledger


def _by_the_models(source: Source) -> Ledger | None:
    data = source.data
    if not isinstance(data, dict) or next(iter(data), None) != "ledger":
        source.fault(Fault.NOT_A_LEDGER, ())
        return None
    try:
        return Ledger.model_validate(data)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_context=False, include_input=True):
            note_error(source, one)
        return None


def note_error(source: Source, error: Any) -> None:
    """One of pydantic's errors as a numbered fault."""
    path, kind = error["loc"], error["type"]
    name = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        source.fault(Fault.UNKNOWN_KEY, path, name)
    elif kind == "missing":
        source.fault(Fault.MISSING_KEY, path[:-1], name)
    elif kind == "string_pattern_mismatch":
        source.fault(Fault.BAD_CODE, path, str(error["input"]))
    else:
        source.fault(Fault.WRONG_TYPE, path, name, error["msg"])


def _check_names(ledger: Ledger, source: Source, known: Known) -> None:
    for place, line in enumerate(ledger.lines):
        if line not in known.lines:
            source.fault(Fault.UNKNOWN_LINE, ("lines", place), line, "、".join(known.lines))
    if known.ledgers is not None:
        for place, follow in enumerate(ledger.follow_ons):
            if follow.opens not in known.ledgers | {"duty"}:
                source.fault(Fault.UNKNOWN_LEDGER, ("follow_ons", place, "opens"), follow.opens)
