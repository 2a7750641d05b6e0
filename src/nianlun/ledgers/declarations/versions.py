"""A published version never changes: what a later one may do to what entries were written under."""

from __future__ import annotations

import hashlib

from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.source import Source


def digest_of(words: str) -> str:
    """What tells whether a file is the one that was published: SHA-256 of its text, line ends aside."""
    return hashlib.sha256(words.replace("\r\n", "\n").encode()).hexdigest()


def check_successor(before: Ledger, after: Ledger, source: Source) -> None:
    """Note what a new version takes from the entries of the one before it."""
    fields = {field.code: (place, field) for place, field in enumerate(after.fields)}
    for old in before.fields:
        if old.code not in fields:
            source.fault(Fault.FIELD_GONE, ("fields",), old.code)
            continue
        place, new = fields[old.code]
        _check_field(old, new, source, ("fields", place))
    for state in before.flow.states:
        if state not in after.flow.states:
            source.fault(Fault.UNKNOWN_STATE, ("flow", "states"), state)


def _check_field(old: FieldSpec, new: FieldSpec, source: Source, path: tuple[str | int, ...]) -> None:
    if old.kind != new.kind or old.unit != new.unit:
        source.fault(Fault.CHANGED_KIND, (*path, "kind"), old.title)
    for choice in old.choices:
        if choice not in new.choices:
            source.fault(Fault.CHOICE_GONE, (*path, "choices"), old.title, choice)
    columns = {column.code: (place, column) for place, column in enumerate(new.columns)}
    for column in old.columns:
        if column.code not in columns:
            source.fault(Fault.FIELD_GONE, (*path, "columns"), column.code)
        else:
            place, later = columns[column.code]
            _check_field(column, later, source, (*path, "columns", place))
