"""Examples made anew from a draft's fields: one that is taken, one that is refused for what it lacks."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from nianlun.ledgers.declarations.check_examples import DAY, plain
from nianlun.ledgers.declarations.model import RECORDS, FieldSpec, Ledger
from nianlun.ledgers.designer.edits import Data
from nianlun.ledgers.rules.values import check_values

SAMPLES: dict[str, Any] = {
    "text": "示例", "long_text": "示例", "date": "2027-01-10", "time": "09:00", "yes_no": "是",
    "id_number": "11010519491231002X", "phone": "13800138000", "credit_code": "91350100M000100Y43",
    "account": "6222020000000000000", "location": "116.40000, 39.90000", "signature": "~id",
    "photos": ["~id"], "files": ["~id"],
}  # fmt: skip


def remade(data: Mapping[str, Any]) -> Data:
    """The draft with examples of its own; as it was where its fields cannot be read yet."""
    made = deepcopy(dict(data))
    try:
        ledger = Ledger.model_validate(
            {**made, "examples": [{"a": 1}], "bad_examples": [{"values": {}, "refused": ""}]}
        )
    except ValidationError:
        return made
    good = {field.code: _sample(field) for field in ledger.fields if field.required and not field.retired}
    for _ in ledger.fields:  # what is required because of what was filled comes in turn
        missing = check_values(ledger, plain(good), today=DAY).errors
        fresh = [field for field in ledger.fields if field.code in missing and field.code not in good]
        if not fresh:
            break
        good.update({field.code: _sample(field) for field in fresh})
    title = ledger.title_of
    made["examples"] = [good or {title: "示例"}]
    made["bad_examples"] = [{"values": {**good, title: ""}, "refused": title}]
    return made


def _sample(field: FieldSpec) -> Any:
    match field.kind:
        case "choice" | "choices":
            open_codes = [code for code in field.choices if code not in field.retired_choices] or [""]
            return open_codes[0] if field.kind == "choice" else open_codes[: max(1, int(field.least or 1))]
        case "integer" | "decimal" | "money" | "score":
            least = 1 if field.least is None else int(field.least)
            return least if field.most is None else min(least, int(field.most))
        case "checklist":
            return {"checklist": field.checklist or "fire", "points": {}}
        case "table":
            row = {column.code: _sample(column) for column in field.columns if column.required} or {
                field.columns[0].code: _sample(field.columns[0])
            }
            return [row] * max(1, int(field.least or 1))
        case kind if kind in RECORDS:
            return "~id"
    sample = SAMPLES.get(field.kind, "示例")
    return sample[: int(field.most)] if isinstance(sample, str) and field.most else sample
