"""Which fields a form asks: those of the event when it is filed, those of a step when the step is made."""

from __future__ import annotations

from collections.abc import Mapping

from nianlun.ledgers.declarations.model import FieldSpec, Ledger, Transition
from nianlun.ledgers.rules.flow import groups_of_steps, needed


def filing_fields(ledger: Ledger, data: Mapping[str, object] | None = None) -> list[FieldSpec]:
    """Those of a new entry, or with `data` of one that is changed: there, what steps have filled stands too."""
    later = groups_of_steps(ledger)
    there = data or {}
    return [spec for spec in ledger.fields if not spec.retired and (spec.group not in later or there.get(spec.code))]


def step_fields(ledger: Ledger, step: Transition) -> list[FieldSpec]:
    """In the order of the step: what it needs, then what it asks besides."""
    by_code = {spec.code: spec for spec in ledger.fields}
    return [by_code[code] for code in needed(step) if code in by_code and not by_code[code].retired]
