"""The kinds of fields: how each is read from what was written, and written for people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from nianlun.kernel.fields.field import Field, FieldError
from nianlun.kernel.fields.numbers import parse_date, parse_decimal, parse_integer
from nianlun.kernel.fields.secrets import parse_account, parse_credit_code, parse_id_number, parse_phone
from nianlun.kernel.fields.text import parse_long_text, parse_text

Parse = Callable[[str, Field], object]
YES = frozenset({"是", "有", "1", "true", "yes", "y", "√", "on"})
NO = frozenset({"否", "无", "0", "false", "no", "n", "×"})


def parse_choice(raw: str, field: Field) -> str:
    """One of the field's choices, by its code or its title."""
    if raw in field.choices:
        return raw
    for code, title in field.choices.items():
        if raw == title:
            return code
    raise FieldError(f"只能填：{'、'.join(field.choices.values())}。")


def parse_yes_no(raw: str, field: Field) -> bool:
    said = raw.lower()
    if said in YES or said in NO:
        return said in YES
    raise FieldError("请填“是”或“否”。")


KINDS: dict[str, Parse] = {
    "text": parse_text,
    "long_text": parse_long_text,
    "integer": parse_integer,
    "decimal": parse_decimal,
    "date": parse_date,
    "choice": parse_choice,
    "yes_no": parse_yes_no,
    "id_number": parse_id_number,
    "phone": parse_phone,
    "credit_code": parse_credit_code,
    "account": parse_account,
}


def show(value: object, field: Field) -> str:
    """The value as pages and sheets write it; read again it gives the same. A secret one is not masked here."""
    if value is None or value == "":
        return ""
    if field.kind == "choice":
        return field.choices.get(str(value), str(value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)
