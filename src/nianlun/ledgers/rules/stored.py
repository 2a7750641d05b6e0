"""Values between Python and the database's JSON: days as ISO words, decimals as numbers, secret ones sealed apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from nianlun.ledgers.declarations.model import SECRET, FieldSpec, Ledger


def to_json(value: object) -> Any:
    """As it is stored: a number of two decimals stays a number, so that sums can be taken of it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Mapping):
        return {key: to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(part) for part in value]
    return value


def from_json(value: Any, field: FieldSpec) -> object:
    """As rules work with it."""
    if value is None:
        return None
    if field.kind == "date":
        return date.fromisoformat(value)
    if field.kind in {"money", "decimal", "score"} or (field.kind == "computed" and isinstance(value, float)):
        return Decimal(str(value))
    if field.kind == "table":
        columns = {column.code: column for column in field.columns}
        return [
            {code: from_json(part, columns[code]) for code, part in row.items() if code in columns} for row in value
        ]
    return value


def values_of(ledger: Ledger, data: Mapping[str, Any], sealed: Mapping[str, str] | None = None) -> dict[str, object]:
    """An entry's values by field code; a secret one that is there reads as "…": rules may ask whether, not what."""
    found = {
        field.code: from_json(data[field.code], field) for field in ledger.fields if data.get(field.code) is not None
    }
    found.update(dict.fromkeys(sealed or {}, "…"))
    return found


def secret_codes(ledger: Ledger) -> frozenset[str]:
    return frozenset(field.code for field in ledger.fields if field.kind in SECRET)


def canonical(body: Mapping[str, Any]) -> str:
    """JSON in one form, whatever the order of keys."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
