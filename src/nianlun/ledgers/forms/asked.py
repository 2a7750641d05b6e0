"""Which fields a form asks: those of the event when it is filed, those of a step when the step is made."""

from __future__ import annotations

from collections.abc import Mapping

from nianlun.ledgers.declarations.model import FieldSpec, Ledger, Transition
from nianlun.ledgers.rules.flow import needed


def filing_fields(ledger: Ledger, data: Mapping[str, object] | None = None) -> list[FieldSpec]:
    """Those of a new entry, or with `data` of one that is changed: there, what steps have filled stands too.

    A group whose fields steps alone ask for (复查, 审核) waits for those steps; one that stands first, or has something
    required, belongs to the filing.
    """
    of_steps = {code for step in ledger.flow.steps for code in needed(step)}
    groups: dict[str, list[FieldSpec]] = {}
    for spec in ledger.fields:
        groups.setdefault(spec.group, []).append(spec)
    first = ledger.fields[0].group
    later = {
        title
        for title, specs in groups.items()
        if title != first
        and all(one.code in of_steps or one.kind == "computed" for one in specs)
        and not any(one.required or one.required_if for one in specs)
    }
    there = data or {}
    return [spec for spec in ledger.fields if not spec.retired and (spec.group not in later or there.get(spec.code))]


def step_fields(ledger: Ledger, step: Transition) -> list[FieldSpec]:
    """In the order of the step: what it needs, then what it asks besides."""
    by_code = {spec.code: spec for spec in ledger.fields}
    return [by_code[code] for code in needed(step) if code in by_code and not by_code[code].retired]
