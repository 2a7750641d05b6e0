"""What a record may look like, field by field: in the blank sheet that is handed out, passed over on return."""

from __future__ import annotations

from collections.abc import Iterable

from nianlun.kernel.fields import Field

# No number here holds by its check digit, so that an example that was left in is never taken for a person.
BY_KIND = {
    "integer": "1",
    "decimal": "1.5",
    "date": "2020-01-31",
    "yes_no": "是",
    "id_number": "999999199001010015",
    "phone": "13000000000",
    "account": "6200000000000000",
}


def example(fields: Iterable[Field]) -> dict[str, str]:
    """A text for each field."""
    return {field.code: _example(field) for field in fields}


def _example(field: Field) -> str:
    if field.kind == "choice":
        return next(iter(field.choices.values()), "")
    if field.kind == "integer" and field.least is not None:
        return str(field.least)
    return BY_KIND.get(field.kind, f"示例{field.title}" if field.required else "")


def how_to_fill(field: Field) -> str:
    """In a few words what may stand in the column."""
    by_kind = {
        "choice": "从下拉框里选：" + "、".join(field.choices.values()),
        "yes_no": "填“是”或“否”",
        "date": "填日期，如 2020-01-31",
        "integer": "填整数",
        "decimal": "填数字，最多两位小数",
        "id_number": "填 18 位号码；整列先设为“文本”格式",
        "phone": "手机 11 位，座机可带区号",
        "credit_code": "填 18 位代码",
        "account": "填账号；整列先设为“文本”格式",
    }
    most = f"最多 {field.most} 个字" if field.kind in {"text", "long_text"} and field.most else ""
    return "。".join(part for part in (by_kind.get(field.kind, most), field.help.rstrip("。")) if part)
