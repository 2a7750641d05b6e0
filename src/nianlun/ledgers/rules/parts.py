"""Values that are more than a word or a number: choices made, rows of a table, points of a checklist, files, places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from uuid import UUID

from nianlun.kernel.fields import FieldError
from nianlun.kernel.fields.text import tidy
from nianlun.ledgers.declarations.model import FieldSpec

MOST_ROWS, MOST_FILES = 200, 20
RESULTS = {"met": "合格", "part": "部分达标", "failed": "不合格", "absent": "不涉及"}


def read_time(raw: object, field: FieldSpec) -> str:
    """HH:MM of a day of 24 hours."""
    found = re.fullmatch(r"(\d{1,2})[:：点时](\d{2})?分?(?::\d{2})?", tidy(str(raw)))
    if not found:
        raise FieldError("请填时间，如 14:30。")
    try:
        return time(int(found[1]), int(found[2] or 0)).strftime("%H:%M")
    except ValueError:
        raise FieldError("没有这个时间，请核对。") from None


def read_choices(raw: object, field: FieldSpec) -> list[str]:
    """Codes of choices, in the order of the declaration; a list, or words with 、 between them."""
    given = raw if isinstance(raw, list) else re.split(r"[、,，;；\n]+", str(raw))
    titles = {title: code for code, title in field.choices.items()}
    made = set()
    for one in (tidy(str(part)) for part in given):
        code = one if one in field.choices else titles.get(one)
        if one and code is None:
            raise FieldError(f"没有“{one}”这一项，只能选：{'、'.join(field.choices.values())}。")
        if code:
            made.add(code)
    count_within(len(made), field, "项")
    return [code for code in field.choices if code in made]


def read_id(raw: object, field: FieldSpec) -> str:
    """The id of a record that the form's picker found."""
    try:
        return str(UUID(str(raw)))
    except ValueError:
        raise FieldError(f"请从列表里选{field.title}。") from None


def read_ids(raw: object, field: FieldSpec) -> list[str]:
    """Ids of files that were sent before, each once."""
    given = raw if isinstance(raw, list) else [part for part in str(raw).split(",") if part]
    if len(given) > MOST_FILES:
        raise FieldError(f"最多 {MOST_FILES} 个文件。")
    found = list(dict.fromkeys(read_id(one, field) for one in given))
    count_within(len(found), field, "个")
    return found


def read_location(raw: object, field: FieldSpec) -> list[Decimal]:
    """Degrees of longitude and latitude (WGS 84), to five places: about a metre."""
    given = raw if isinstance(raw, list | tuple) else re.split(r"[,，\s]+", str(raw))
    try:
        longitude, latitude = (round(Decimal(str(part)), 5) for part in given)
        on_earth = -180 <= longitude <= 180 and -90 <= latitude <= 90
    except (ArithmeticError, ValueError):
        raise FieldError("位置应为经度和纬度两个数。") from None
    if not on_earth:
        raise FieldError("经纬度超出范围。")
    return [longitude, latitude]


def read_points(raw: object, field: FieldSpec) -> dict[str, object]:
    """A checklist as it was taken: its code, and of each point the result and a remark."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("points"), Mapping):
        raise FieldError("请逐项填写检查结果。")
    points: dict[str, object] = {}
    for code, taken in raw["points"].items():
        result = taken.get("result") if isinstance(taken, Mapping) else taken
        if result not in RESULTS:
            raise FieldError(f"每项只能填：{'、'.join(RESULTS.values())}。")
        remark = tidy(str(taken.get("remark") or "")) if isinstance(taken, Mapping) else ""
        points[str(code)] = {"result": result, **({"remark": remark[:200]} if remark else {})}
    return {"checklist": str(raw.get("checklist") or field.checklist), "points": points}


def count_within(count: int, field: FieldSpec, unit: str) -> None:
    if field.least is not None and count < field.least:
        raise FieldError(f"至少 {int(field.least)} {unit}。")
    if field.most is not None and count > field.most:
        raise FieldError(f"最多 {int(field.most)} {unit}。")
