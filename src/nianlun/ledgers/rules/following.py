"""What follows from an entry: what it opens, for which points or rows and with what; which papers it hands out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.declarations.model import FollowOn, Ledger
from nianlun.ledgers.rules.points import rows_not_met
from nianlun.ledgers.rules.stored import to_json, values_of
from nianlun.ledgers.rules.values import expression_of

Names = dict[str, object]


def parts_of(
    ledger: Ledger, follow: FollowOn, values: Mapping[str, object], checklists: Mapping[str, Checklist], today: date
) -> dict[str, Names]:
    """By part ("" where there is but one), the names that its expressions may ask: this is where it is offered."""
    rows: dict[str, Names] = {"": {}}
    if follow.each:
        rows = _rows(ledger, follow.each, values.get(follow.each), checklists)
    found = {part: {**values, **row} for part, row in rows.items()}
    if not follow.when:
        return found
    when = expression_of(follow.when)
    return {part: names for part, names in found.items() if when.holds(names, today)}


def papers_now(ledger: Ledger, data: Mapping[str, Any], status: str, today: date) -> list[str]:
    """Codes of the papers that can be handed out of an entry by a press."""
    values = {**values_of(ledger, data), "status": status}
    return [one.paper for one in ledger.papers if not one.when or expression_of(one.when).holds(values, today)]


def _rows(ledger: Ledger, code: str, taken: Any, checklists: Mapping[str, Checklist]) -> dict[str, Names]:
    kind = next((spec.kind for spec in ledger.fields if spec.code == code), "")
    if kind == "checklist" and isinstance(taken, Mapping):
        checklist = checklists.get(str(taken.get("checklist", "")))
        return rows_not_met(checklist, taken) if checklist else {}
    if kind == "table" and isinstance(taken, list):
        return {str(number): dict(row) for number, row in enumerate(taken, start=1)}
    return {}


def filled(follow: FollowOn, names: Mapping[str, object], secret: frozenset[str], today: date) -> dict[str, Any]:
    """What the opened one begins with, as a form holds it; what takes over a secret is left to `secret_fills`."""
    found: dict[str, Any] = {}
    for code, words in follow.fill.items():
        if words.strip() in secret:
            continue
        value = expression_of(words).value(names, today)
        if value is None or value == "":
            continue
        plain = to_json(value)
        found[code] = ("是" if plain else "否") if isinstance(plain, bool) else plain
        if not isinstance(found[code], str | list | dict):
            found[code] = str(found[code])
    return found


def secret_fills(follow: FollowOn, secret: frozenset[str]) -> dict[str, str]:
    """Field of the opened one: secret field of this entry that it takes over."""
    return {code: words.strip() for code, words in follow.fill.items() if words.strip() in secret}


def label_of(names: Mapping[str, object], fallback: str) -> str:
    """How a point or a row is called on a button."""
    for name in ("finding", "what", "title", "name"):
        if said := str(names.get(name) or ""):
            return said
    return next((str(value) for value in names.values() if isinstance(value, str) and value), fallback)
