"""What must hold between the fields of a ledger: names, bounds, expressions, defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from nianlun.ledgers.declarations.expression import Expression, ExpressionError, read_expression
from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import (
    CHOOSING,
    NUMERIC,
    RECORDS,
    SECRET,
    SENSITIVE,
    FieldSpec,
    Ledger,
)
from nianlun.ledgers.declarations.source import Source

Path = tuple[str | int, ...]
# Names that every entry has beside its declared fields.
OF_EVERY_ENTRY = frozenset({"occurred_on", "status", "late_reason", "lines", "subject", "building", "grid"})
COUNTED = frozenset({"choices", "photos", "files", "table"})
# Values that are sealed, looked up or kept apart, which a row of a table cannot be.
NOT_IN_TABLES = RECORDS | SECRET | {"table", "checklist", "photos", "files", "location", "signature"}
OF_A_POINT = frozenset({"point", "finding", "remark", "result", "weight", "grave", "basis", "remedy", "category"})
TAKEN_OVER = {
    "person": {"name", "phone", "address", "born_on", "age", "sex"},
    "household": {"address", "head"},
    "organisation": {"name", "phone", "address", "contact"},
    "place": {"address"},
}


def check_fields(ledger: Ledger, source: Source) -> None:
    codes = _check_codes(ledger.fields, source, ("fields",))
    names = codes | OF_EVERY_ENTRY
    for place, field in enumerate(ledger.fields):
        _check_field(field, source, ("fields", place), names)
    _check_loops(ledger, source)
    kinds = {field.code: field.kind for field in ledger.fields}
    for place, field in enumerate(ledger.fields):
        if field.take_over:
            taken_from, _, what = field.take_over.partition(".")
            if not any(what in TAKEN_OVER.get(kind, ()) for kind in _kinds_of(taken_from, ledger, kinds)):
                source.fault(Fault.BAD_TAKE_OVER, ("fields", place, "take_over"), field.take_over)
    for key in ("columns", "filters", "search", "indexed", "print"):
        for place, code in enumerate(getattr(ledger, key)):
            if code not in names:
                source.fault(Fault.UNKNOWN_FIELD, (key, place), code)
    for place, code in enumerate(ledger.indexed):
        if kinds.get(code, "choice") not in CHOOSING:  # lists are narrowed by choices, and by nothing else of a ledger
            source.fault(Fault.NEEDLESS, ("indexed", place), code, "indexed")
    if ledger.dated_by and kinds.get(ledger.dated_by) != "date":
        source.fault(Fault.UNKNOWN_FIELD, ("dated_by",), ledger.dated_by)
    if ledger.booked is not None:
        wanted = {"what": {"text", "place"}, "day": {"date"}, "begins": {"time"}, "ends": {"time"}}
        for key, allowed in wanted.items():
            code = getattr(ledger.booked, key)
            if kinds.get(code) not in allowed:
                source.fault(Fault.UNKNOWN_FIELD, ("booked", key), code)
    if ledger.title_of not in codes:
        source.fault(Fault.UNKNOWN_FIELD, ("title_of",), ledger.title_of)
    for place, follow in enumerate(ledger.follow_ons):
        here: Path = ("follow_ons", place)
        if follow.each and kinds.get(follow.each) not in {"checklist", "table"}:
            source.fault(Fault.UNKNOWN_FIELD, (*here, "each"), follow.each)
        row = _row_names(ledger, follow.each)
        expression(follow.when, source, (*here, "when"), names | row)
        for code, words in follow.fill.items():
            expression(words, source, (*here, "fill", code), names | row)


def _kinds_of(taken_from: str, ledger: Ledger, kinds: Mapping[str, str]) -> Sequence[str]:
    """What may lie behind a name: the field's kind, or the kinds of subject that the ledger is about."""
    return ledger.about if taken_from == "subject" else [kinds.get(taken_from, "")]


def _row_names(ledger: Ledger, each: str) -> frozenset[str]:
    """What a follow-on may ask of the row that it is for."""
    for field in ledger.fields:
        if field.code == each and field.kind == "table":
            return frozenset(column.code for column in field.columns)
    return OF_A_POINT if each else frozenset()


def _check_codes(fields: Sequence[FieldSpec], source: Source, path: Path) -> frozenset[str]:
    seen: set[str] = set()
    for place, field in enumerate(fields):
        if field.code in seen or field.code in OF_EVERY_ENTRY:
            source.fault(Fault.TWICE, (*path, place, "code"), field.code)
        seen.add(field.code)
    return frozenset(seen)


def _check_field(field: FieldSpec, source: Source, path: Path, names: Iterable[str]) -> None:
    if field.kind in CHOOSING and not field.choices:
        source.fault(Fault.NO_CHOICES, path, field.title)
    for key, kinds in (
        ("choices", CHOOSING), ("columns", {"table"}), ("compute", {"computed"}), ("checklist", {"checklist"}),
        ("unit", NUMERIC | {"computed"}), ("pattern", {"text"}),
        ("least", NUMERIC | COUNTED), ("most", NUMERIC | COUNTED | {"text", "long_text"}),
    ):  # fmt: skip
        if getattr(field, key) not in (None, "", {}, []) and field.kind not in kinds:
            source.fault(Fault.NEEDLESS, (*path, key), field.title, key)
    for key, kind in (("compute", "computed"), ("columns", "table")):
        if field.kind == kind and not getattr(field, key):
            source.fault(Fault.MISSING_KEY, path, key)
    if field.least is not None and field.most is not None and field.least > field.most:
        source.fault(Fault.BOUNDS, (*path, "least"), field.title)
    if field.pattern:
        try:
            re.compile(field.pattern)
        except re.error:
            source.fault(Fault.BAD_PATTERN, (*path, "pattern"), field.title)
    if field.kind in SENSITIVE and (field.required or field.required_if) and not field.purpose:
        source.fault(Fault.NO_PURPOSE, path, field.title, "照片、位置或签名")
    for key in ("required_if", "shown_if", "valid_if", "compute"):
        expression(getattr(field, key), source, (*path, key), names)
    if isinstance(field.default, str) and field.default.startswith("="):
        expression(field.default[1:], source, (*path, "default"), names)
    elif field.default is not None and field.kind in CHOOSING and field.default not in field.choices:
        source.fault(Fault.BAD_DEFAULT, (*path, "default"), field.title, "没有这个选项")
    elif field.default is not None and field.kind in RECORDS | {"table", "checklist", "computed"} | SENSITIVE:
        source.fault(Fault.BAD_DEFAULT, (*path, "default"), field.title, "这类字段没有默认值")
    if field.valid_if and not field.valid_help:
        source.fault(Fault.MISSING_KEY, path, "valid_help")
    inner = _check_codes(field.columns, source, (*path, "columns"))
    for place, column in enumerate(field.columns):
        if column.kind in NOT_IN_TABLES:
            source.fault(Fault.NEEDLESS, (*path, "columns", place), column.title, f"表格里的 {column.kind}")
        _check_field(column, source, (*path, "columns", place), inner)


def expression(words: str, source: Source, path: Path, names: Iterable[str]) -> Expression | None:
    """Read an expression, and note what is wrong with it; None where it is empty or wrong."""
    if not words:
        return None
    try:
        read = read_expression(words)
    except ExpressionError as error:
        source.fault(Fault.BAD_EXPRESSION, path, words, str(error))
        return None
    for name in sorted(read.names - set(names)):
        source.fault(Fault.UNKNOWN_FIELD, path, name)
    return read


def _check_loops(ledger: Ledger, source: Source) -> None:
    asks: dict[str, frozenset[str]] = {}
    for field in ledger.fields:
        try:
            asks[field.code] = read_expression(field.compute).names if field.compute else frozenset()
        except ExpressionError:
            asks[field.code] = frozenset()
    for place, field in enumerate(ledger.fields):
        waiting, seen = set(asks[field.code]), set[str]()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                waiting |= asks.get(name, frozenset())
        if field.code in seen:
            source.fault(Fault.LOOP, ("fields", place, "compute"), field.title)
