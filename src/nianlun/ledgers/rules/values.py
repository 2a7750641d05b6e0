"""An entry as it was written, checked against its ledger: alike for form, sheet, API and the ledger's own examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, cast

from nianlun.kernel.fields import KINDS, Checked, Field, FieldError
from nianlun.kernel.fields.text import tidy
from nianlun.ledgers.declarations.expression import Expression, read_expression
from nianlun.ledgers.declarations.model import RECORDS, SECRET, FieldSpec, Ledger
from nianlun.ledgers.rules import parts

Read = Callable[[object, FieldSpec], object]
Take = Callable[[FieldSpec, Mapping[str, Any]], object]  # a checklist's points, checked against it; raises FieldError
PARTS: dict[str, Read] = {
    "time": parts.read_time,
    "choices": parts.read_choices,
    "photos": parts.read_ids,
    "files": parts.read_ids,
    "location": parts.read_location,
    "signature": parts.read_id,
    "checklist": parts.read_points,
    **dict.fromkeys(RECORDS, parts.read_id),
}
SIMPLE = {"money": "decimal", "score": "decimal"}
_expression = lru_cache(maxsize=4096)(read_expression)


def expression_of(words: str) -> Expression:
    """A declared expression, read once; it was checked when its declaration was."""
    return _expression(words)


@lru_cache(maxsize=8192)
def _plain(
    code: str, title: str, kind: str, least: float | None, most: float | None, choices: tuple[tuple[str, str], ...]
) -> Field:
    return Field(
        code,
        title,
        SIMPLE.get(kind, kind),
        choices=dict(choices),
        least=None if least is None else int(least),
        most=None if most is None else int(most),
    )


def plain_field(field: FieldSpec) -> Field:
    """The field as forms and sheets know it, for the kinds that are one word or number."""
    return _plain(field.code, field.title, field.kind, field.least, field.most, tuple(field.choices.items()))


def read_value(raw: object, field: FieldSpec) -> object:
    """What was written as a value of the field's kind; raises FieldError."""
    if field.kind == "table":
        return _rows(raw, field)
    if field.kind in PARTS:
        return PARTS[field.kind](raw, field)
    written = tidy(str(raw))
    value = KINDS[SIMPLE.get(field.kind, field.kind)](written, plain_field(field))
    if field.kind == "money" and field.least is None and cast(int, value) < 0:
        raise FieldError("金额不能小于 0。")
    if field.pattern and not re.fullmatch(field.pattern, str(value)):
        raise FieldError(field.pattern_help or f"{field.title}的写法不对，请核对。")
    return value


def _rows(raw: object, field: FieldSpec) -> list[dict[str, object]]:
    if not isinstance(raw, list):
        raise FieldError("请按行填写。")
    rows: list[dict[str, object]] = []
    for number, given in enumerate(raw, start=1):
        if not isinstance(given, Mapping):
            raise FieldError("请按行填写。")
        if all(empty(value) for value in given.values()):
            continue
        if unknown := set(given) - {column.code for column in field.columns}:
            raise FieldError(f"第 {number} 行有不认识的项目：{'、'.join(sorted(unknown))}。")
        checked = check_fields(field.columns, given, {}, date.min)
        if checked.errors:
            raise FieldError(f"第 {number} 行：" + "；".join(checked.errors.values()))
        rows.append({code: value for code, value in checked.values.items() if value is not None})
    if len(rows) > parts.MOST_ROWS:
        raise FieldError(f"最多 {parts.MOST_ROWS} 行。")
    parts.count_within(len(rows), field, "行")
    return rows


def empty(value: object) -> bool:
    return value is None or value == [] or value == {} or (isinstance(value, str) and not tidy(value))


def check_values(
    ledger: Ledger, written: Mapping[str, object], *, today: date, before: Mapping[str, object] | None = None,
    needs: Iterable[str] = (), take: Take | None = None,
) -> Checked:  # fmt: skip
    """Check what was written of an entry, over the values that it has already.

    `needs` are fields that a step of the flow requires; `take` checks the points of checklists and counts their score.
    Fields that are not shown are emptied; computed ones are computed; what was not written stays as it was and is not
    among the values.
    """
    known = {field.code for field in ledger.fields}
    checked = check_fields(ledger.fields, written, before or {}, today, frozenset(needs), take)
    for code in written:
        if code not in known:
            checked.errors[code] = "没有这个字段。"
    return checked


def check_fields(
    fields: Iterable[FieldSpec], written: Mapping[str, object], before: Mapping[str, object], today: date,
    needs: frozenset[str] = frozenset(), take: Take | None = None,
) -> Checked:  # fmt: skip
    checked = Checked()
    fields = list(fields)
    for field in fields:
        if field.kind == "computed" or field.retired or field.code not in written:
            continue
        raw = written[field.code]
        if empty(raw):
            checked.values[field.code] = None
            continue
        try:
            value = read_value(raw, field)
            if take is not None and field.kind == "checklist":
                value = take(field, cast(Mapping[str, Any], value))
        except FieldError as error:
            checked.errors[field.code] = str(error)
            continue
        if value in field.retired_choices and value != before.get(field.code):
            checked.errors[field.code] = f"“{field.choices[str(value)]}”已停用，请选别的。"
            continue
        checked.values[field.code] = value
    _whole(fields, checked, before, today, needs)
    return checked


def _whole(
    fields: list[FieldSpec], checked: Checked, before: Mapping[str, object], today: date, needs: frozenset[str]
) -> None:
    """What depends on other fields: what is computed, shown and required."""
    values = {**before, **checked.values}
    for _ in fields:  # a computed field may ask for one that stands below it
        computed = {field.code: expression_of(field.compute).value(values, today) for field in fields if field.compute}
        if all(values.get(code) == value for code, value in computed.items()):
            break
        values.update(computed)
        checked.values.update(computed)
    for field in fields:
        if field.kind == "computed" or field.retired or field.code in checked.errors:
            continue
        if field.shown_if and not expression_of(field.shown_if).holds(values, today):
            if not empty(values.get(field.code)):
                checked.values[field.code] = None
            continue
        wanted = field.required or field.code in needs
        wanted = wanted or (bool(field.required_if) and expression_of(field.required_if).holds(values, today))
        if _wrong_beside_others(field, values, today):
            checked.errors[field.code] = field.valid_help
            continue
        sealed_before = field.kind in SECRET and field.code in before and field.code not in checked.values
        if wanted and not sealed_before and empty(values.get(field.code)):
            checked.errors[field.code] = f"请填写{field.title}。"


def _wrong_beside_others(field: FieldSpec, values: Mapping[str, object], today: date) -> bool:
    """Whether what must hold between this field and others does not; not asked before all of them are filled."""
    if not field.valid_if or empty(values.get(field.code)):
        return False
    expression = expression_of(field.valid_if)
    return not any(empty(values.get(name)) for name in expression.names) and not expression.holds(values, today)
