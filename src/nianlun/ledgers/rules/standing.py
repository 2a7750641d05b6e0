"""A form while it is being filled: which fields are shown, which are required, what is computed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.rules.values import Take, check_values, expression_of


@dataclass(frozen=True, slots=True)
class Standing:
    """Of what is written so far, whether or not it can be saved yet."""

    values: Mapping[str, object]
    shown: frozenset[str]
    required: frozenset[str]


def standing(
    ledger: Ledger, written: Mapping[str, object], *, today: date, before: Mapping[str, object] | None = None,
    needs: Iterable[str] = (), take: Take | None = None,
) -> Standing:  # fmt: skip
    checked = check_values(ledger, written, today=today, before=before, needs=needs, take=take)
    values = {**(before or {}), **checked.values}
    wanted = frozenset(needs)

    def holds(words: str) -> bool:
        return expression_of(words).holds(values, today)

    def required(spec: FieldSpec) -> bool:
        return spec.required or spec.code in wanted or bool(spec.required_if and holds(spec.required_if))

    return Standing(
        values,
        frozenset(spec.code for spec in ledger.fields if not spec.shown_if or holds(spec.shown_if)),
        frozenset(spec.code for spec in ledger.fields if required(spec)),
    )


def defaults(ledger: Ledger, today: date) -> dict[str, object]:
    """What a new entry begins with, by field code."""
    found: dict[str, object] = {}
    for spec in ledger.fields:
        value: object = spec.default
        if isinstance(value, str) and value.startswith("="):
            value = expression_of(value[1:]).value({}, today)
        if value is not None:
            found[spec.code] = value
    return found
