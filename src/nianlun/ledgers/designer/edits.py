"""Changes to a draft, part by part: each takes the data of its file and gives the data as it is to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from nianlun.kernel.errors import UserError
from nianlun.ledgers.declarations.overlay import MOST_ADDED
from nianlun.ledgers.designer.document import PARTS, says_nothing

Data = dict[str, Any]
MOST_PARTS = {"overlay": {"field": MOST_ADDED}, "checklist": {"point": 100}}  # by the first key of the file
MOST_LISTED = {"overlay": {"columns": 2, "filters": 2}, "ledger": {"columns": 8, "filters": 6}}
LISTED = ("columns", "filters", "search", "indexed", "print")


def put(data: Mapping[str, Any], kind: str, code: str, part: Mapping[str, Any]) -> Data:
    """A part in the place of the one of that code, or behind the others."""
    made = deepcopy(dict(data))
    here = _container(made, kind)
    told = {key: value for key, value in part.items() if key != "code"}
    if isinstance(here, dict):
        here[code] = told
        return made
    place = _place(here, code)
    whole = {"code": code, **told}
    if place is None:
        most = MOST_PARTS.get(next(iter(made), ""), {}).get(kind)
        if most is not None and len(here) >= most:
            raise UserError(f"最多 {most} 个，不能再加了。")
        here.append(whole)
    else:
        here[place] = whole
    return made


def moved(data: Mapping[str, Any], kind: str, code: str, by: int) -> Data:
    """A part one place up (-1) or down (1); at the end it stays."""
    made = deepcopy(dict(data))
    here = _container(made, kind)
    if isinstance(here, dict):
        codes = list(here)
        if code in codes:
            _swap(codes, codes.index(code), by)
        _container(made, kind, {one: here[one] for one in codes})
        return made
    place = _place(here, code)
    if place is not None:
        _swap(here, place, by)
    return made


def dropped(data: Mapping[str, Any], kind: str, code: str, published: Collection[str]) -> Data:
    """Without a part; one that entries may hold is marked retired, and a state of theirs stays."""
    made = deepcopy(dict(data))
    here = _container(made, kind)
    if kind != "step" and len(here) == 1 and code not in published:
        raise UserError("至少要留一项，不能全部删去。")
    if kind == "field" and made.get("title_of") == code:
        raise UserError("列表用这个字段作名称，请先在“设置”里换一个。")
    if code in published and kind == "field":
        place = _place(here, code)
        if place is not None:
            here[place] = {**here[place], "retired": True}
            here[place].pop("required", None)
    elif code in published and kind == "state":
        raise UserError("这个状态已经发布过，记录可能正处在这里，不能删去。")
    elif isinstance(here, dict):
        here.pop(code, None)
    else:
        place = _place(here, code)
        if place is not None:
            del here[place]
    if kind == "field":
        _unlist(made, code, keep=code in published)
    return made


def revived(data: Mapping[str, Any], kind: str, code: str) -> Data:
    """Undo of retiring a part."""
    made = deepcopy(dict(data))
    here = _container(made, kind)
    place = _place(here, code)
    if place is not None:
        here[place].pop("retired", None)
    return made


def listed(data: Mapping[str, Any], key: str, code: str, *, there: bool) -> Data:
    """Whether a field stands among the columns or filters."""
    made = deepcopy(dict(data))
    codes = [one for one in made.get(key, []) if one != code or there]
    if there and code not in codes:
        codes.append(code)
    most = MOST_LISTED["overlay" if "overlay" in made else "ledger"][key]
    if len(codes) > most:
        said = f"列表最多显示 {most} 列" if key == "columns" else f"最多按 {most} 个字段筛选"
        raise UserError(f"{said}，请先去掉别的。")
    if key == "columns" and not codes and "title_of" in made:
        codes = [made["title_of"]]
    made.pop(key, None)
    if codes:
        made[key] = codes
    return made


def with_settings(data: Mapping[str, Any], said: Mapping[str, Any]) -> Data:
    """Keys of the file itself; an empty one is left out."""
    made = deepcopy(dict(data))
    for key, value in said.items():
        if says_nothing(value):
            made.pop(key, None)
        else:
            made[key] = value
    return made


def _unlist(data: Data, code: str, *, keep: bool) -> None:
    """Nothing names a field that is gone: not lists, and of steps neither what they need nor what they ask."""
    for key in LISTED:
        if isinstance(data.get(key), list) and not (keep and key == "print"):
            data[key] = [one for one in data[key] if one != code]
            if not data[key]:
                del data[key]
    if "title_of" in data and "columns" not in data:
        data["columns"] = [data["title_of"]]
    flow = data.get("flow")
    for step in flow.get("steps", []) if isinstance(flow, dict) else []:
        for key in ("needs", "asks"):
            if code in step.get(key, []):
                step[key] = [one for one in step[key] if one != code]
    for example in data.get("examples", []):
        if isinstance(example, dict):
            example.pop(code, None)
    for bad in data.get("bad_examples", []):
        if isinstance(bad, dict) and isinstance(bad.get("values"), dict):
            bad["values"].pop(code, None)
    if isinstance(data.get("bad_examples"), list):
        data["bad_examples"] = [bad for bad in data["bad_examples"] if bad.get("refused") != code]


def _container(data: Data, kind: str, replaced: Any = None) -> Any:
    """The list or mapping in which parts of a kind stand; made where there is none."""
    *outer, last = PARTS[kind]
    here = data
    for key in outer:
        here = here.setdefault(str(key), {})
    if not isinstance(here, dict):
        raise UserError("文本里这一部分的写法不对，请先到“文本”里改正。")
    if replaced is not None:
        here[str(last)] = replaced
    found = here.setdefault(str(last), {} if kind == "state" else [])
    if not isinstance(found, dict if kind == "state" else list):
        raise UserError("文本里这一部分的写法不对，请先到“文本”里改正。")
    return found


def _place(here: list[Any], code: str) -> int | None:
    return next((place for place, one in enumerate(here) if isinstance(one, dict) and one.get("code") == code), None)


def _swap(here: list[Any], place: int, by: int) -> None:
    other = place + by
    if 0 <= other < len(here):
        here[place], here[other] = here[other], here[place]
