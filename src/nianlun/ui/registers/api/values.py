"""JSON values as words, so that the API's records go through the same validator as forms and sheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianlun.ui.registers.register import Register
from nianlun.ui.registers.writing import NotGood


def words(register: Register[Any, Any], viewer: Any, row: Any | None, values: Mapping[str, Any]) -> dict[str, str]:
    """By field code; null and "" empty a field. Raises NotGood for what the viewer may not write, or no field is."""
    allowed = {one.code for one in register.written_fields(viewer, row)}
    errors = {code: "没有这个字段，或者不能填写。" for code in values if code not in allowed}
    found: dict[str, str] = {}
    for code, value in values.items():
        if isinstance(value, bool):
            found[code] = "是" if value else "否"
        elif value is None:
            found[code] = ""
        elif isinstance(value, str | int | float):
            found[code] = str(value)
            if not _storable(found[code]):
                errors.setdefault(code, "里面有无法保存的字符，请删去。")
        else:
            errors.setdefault(code, "请填文字、数字、true、false 或 null。")
    if errors:
        raise NotGood(errors)
    return found


def _storable(said: str) -> bool:
    """JSON can spell half a character, which no record can hold."""
    return not any("\ud800" <= char <= "\udfff" for char in said)
