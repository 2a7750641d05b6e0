"""What stands in a form, by field code: words, lists of words, points and rows; from a request, and from an entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from nianlun.kernel.sealing.seal import masked
from nianlun.ledgers.declarations.model import SECRET, FieldSpec
from nianlun.ledgers.rules.parts import MOST_ROWS

Raw = dict[str, Any]


def read_posted(fields: Iterable[FieldSpec], post: QueryDict) -> Raw:
    """As it came back from the browser; `check_values` judges it."""
    return {spec.code: _posted(spec, spec.code, post) for spec in fields if spec.kind != "computed"}


def _posted(spec: FieldSpec, name: str, post: QueryDict) -> Any:
    match spec.kind:
        case "choices" | "photos" | "files":
            return [str(one) for one in post.getlist(name) if one]
        case "checklist":
            return _points(spec, name, post)
        case "table":
            return _rows(spec, name, post)
    return str(post.get(name, ""))


def _points(spec: FieldSpec, name: str, post: QueryDict) -> Any:
    """Empty where no checklist was chosen, or nothing of an optional one was answered."""
    chosen = spec.checklist or str(post.get(name, ""))
    points: dict[str, dict[str, str]] = {}
    for key in post:
        head, _, point = str(key).partition(".")
        if head == name and point and "." not in point and post[key]:
            points[point] = {"result": str(post[key]), "remark": str(post.get(f"{key}.remark", ""))}
    if not chosen or (spec.checklist and not points):
        return ""
    return {"checklist": chosen, "points": points}


def _rows(spec: FieldSpec, name: str, post: QueryDict) -> list[Raw]:
    """Rows in the order in which they stand; their numbers in names need not follow each other."""
    numbers = set()
    for key in post:
        parts = str(key).split(".")
        if len(parts) == 3 and parts[0] == name and parts[1].isdigit() and len(parts[1]) < 6:
            numbers.add(int(parts[1]))
    rows = []
    for number in sorted(numbers)[: MOST_ROWS + 1]:
        row = {column.code: _posted(column, f"{name}.{number}.{column.code}", post) for column in spec.columns}
        if any(row.values()):
            rows.append(row)
    return rows


def raw_of(fields: Iterable[FieldSpec], data: Mapping[str, Any], sealed: Mapping[str, str]) -> Raw:
    """Of an entry, as its form begins; secret values as masks."""
    found: Raw = {}
    for spec in fields:
        if spec.kind in SECRET:
            found[spec.code] = masked(spec.kind, sealed.get(spec.code, ""))
        elif spec.code in data:
            found[spec.code] = _said(spec, data[spec.code])
    return found


def _said(spec: FieldSpec, value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    if spec.kind == "location" and isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if spec.kind == "table" and isinstance(value, list):
        columns = {column.code: column for column in spec.columns}
        return [{code: _said(columns[code], part) for code, part in row.items() if code in columns} for row in value]
    return value if isinstance(value, list | dict) else str(value)


def copied(fields: Iterable[FieldSpec], data: Mapping[str, Any]) -> Raw:
    """Of the last entry, for a new one like it: nothing secret, and no pictures, signatures, papers and places."""
    own = {"photos", "files", "signature", "location", "checklist", *SECRET}
    return raw_of([spec for spec in fields if spec.kind not in own], data, {})
