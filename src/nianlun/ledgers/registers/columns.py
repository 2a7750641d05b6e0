"""A ledger's fields as lists, sheets and the API know them: one word or number each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from nianlun.kernel.fields import Field, show
from nianlun.ledgers.declarations.model import RECORDS, FieldSpec, HeadWords, Ledger
from nianlun.ledgers.rules.parts import RESULTS
from nianlun.ledgers.rules.values import plain_field
from nianlun.places.lines import LINE_TITLES

HEAD = (
    Field(
        "occurred_on", "发生日期", "date", required=True, group="基本",
        aliases=("日期", "时间", "登记日期", "检查日期"),
    ),
    Field(
        "subject", "对象", group="基本", most=120, help="姓名、单位名称，重名的填身份证号。",
        aliases=("姓名", "单位名称", "服务对象", "走访对象"),
    ),
    Field("building", "楼栋", group="基本", most=120, aliases=("地址", "楼号", "小区楼栋")),
    Field("late_reason", "补录原因", group="基本", most=200),
)  # fmt: skip
TAIL = (
    Field("status", "状态", read_only=True, group="办理"),
    Field("due_on", "办理期限", "date", read_only=True, group="办理"),
    Field("lines", "条线", read_only=True, group="办理"),
    Field("recorded_by", "登记人", read_only=True, group="办理"),
)
HEAD_CODES = frozenset(field.code for field in HEAD)
# What no cell of a sheet can hold: shown there in words, and written only on the entry's own page.
ONLY_ON_PAGES = frozenset({"checklist", "table", "photos", "files", "signature", "location", "computed"})


def head_of(ledger: Ledger) -> tuple[Field, ...]:
    """What every entry says, in the ledger's words; a heading that a field of its own goes by leads to that field."""
    own = {name for spec in ledger.fields for name in (spec.title, *spec.aliases)}
    words = {"occurred_on": ledger.occurred, "subject": ledger.subject}
    found = []
    for field in HEAD:
        said = words.get(field.code, HeadWords())
        aliases = (*said.aliases, *((field.title,) if said.title else ()), *field.aliases)
        aliases = tuple(alias for alias in dict.fromkeys(aliases) if alias not in own)
        found.append(replace(field, title=said.title or field.title, aliases=aliases))
    return tuple(found)


def fields_of(ledger: Ledger) -> tuple[Field, ...]:
    """Head, the ledger's own, and what its flow says; what is retired is read still, in older entries."""
    return (*head_of(ledger), *(_field(spec) for spec in ledger.fields), *TAIL)


def _field(spec: FieldSpec) -> Field:
    group = spec.group or "内容"
    title = f"{spec.title}（{spec.unit}）" if spec.unit else spec.title
    if spec.kind in ONLY_ON_PAGES or spec.retired:
        return Field(spec.code, title, read_only=True, group=group)
    plain = plain_field(spec)
    if spec.kind in {"choices", "time"} | RECORDS:
        plain = Field(spec.code, title, most=500)
    choices = {code: named for code, named in plain.choices.items() if code not in spec.retired_choices}
    return replace(
        plain, title=title, choices=choices, required=spec.required, aliases=tuple(spec.aliases), group=group,
        help=spec.help,
    )  # fmt: skip


def in_words(spec: FieldSpec, value: object, names: Mapping[str, str]) -> str:
    """A value as people read it; `names` are those of the records that entries name, by id."""
    if value is None or value == "" or value == []:
        return ""
    match spec.kind:
        case "choice":
            return spec.choices.get(str(value), str(value))
        case "choices" if isinstance(value, list):
            return "、".join(spec.choices.get(str(code), str(code)) for code in value)
        case kind if kind in RECORDS:
            return names.get(str(value), "（已不在登记中）")
        case "photos" | "files" if isinstance(value, list):
            return f"{len(value)} 个"
        case "signature":
            return "已签"
        case "location" if isinstance(value, list):
            return f"{value[0]}, {value[1]}"
        case "table" if isinstance(value, list):
            return f"{len(value)} 行"
        case "checklist" if isinstance(value, dict):
            failed = sum(1 for taken in value["points"].values() if taken["result"] == "failed")
            return f"{len(value['points'])} 项，{failed} 项{RESULTS['failed']}"
    return show(value, plain_field(spec))


def lines_in_words(lines: list[str]) -> str:
    return "、".join(LINE_TITLES.get(line, line) for line in lines)
