"""Tags: the groups of residents that some service is for, declared in lines/tags.yaml.

What follows named people because of belief, petitioning, a past sentence or their body does not load.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nianlun.places.lines import LINE_TITLES
from nianlun.places.rules.ages import Band, age

DECLARED = Path(__file__).resolve().parents[2] / "lines" / "tags.yaml"
LONGEST_CONSENT = timedelta(days=366)
PURPOSE_LEAST, PURPOSE_MOST = 5, 200
CODE = re.compile(r"[a-z][a-z0-9_]{1,38}")
AGES = re.compile(r"(\d{1,3})-(\d{1,3})?")
KEYS = frozenset({"code", "title", "line", "age", "special", "help"})
_REFUSED = {
    "belief": "信教 宗教 信仰 教徒 教众 邪教 佛教 基督 天主 伊斯兰 法轮",
    "petitioning": "信访 上访 缠访 闹访 非访",
    "sentence": "刑满 刑释 解教 两劳 矫正 服刑 前科 吸毒 戒毒 涉毒 假释 安置帮教",
    "body": "艾滋 梅毒 肇事肇祸 精神病 精神障碍 身高 体重 体型 相貌 指纹 人脸 血型 基因 性取向",
    "watching": "重点人员 重点人口 重点人群 稳控 维稳 管控 监控对象 不稳定 帮控",
}
REFUSED = tuple(word for words in _REFUSED.values() for word in words.split())


class Fault(Enum):
    """Why a declaration of tags does not load; the numbers are stable, the words may improve."""

    SHAPE = ("T101", "不是一组完整的声明", "请写 code、title、line，其余键只有 age、special、help")
    CODE = ("T102", "代码不对或重复", "请用小写字母、数字和下划线，每个代码只用一次")
    LINE = ("T103", "条线不存在", "请用 places/lines.py 里的条线代码")
    REFUSED = (
        "T104",
        "不能按信仰、信访、前科、身体状况给人分类，也不能设管控名单",
        "请改用依法提供的服务名称，或不设这个标签",
    )
    AGE = ("T105", "年龄范围不对", "请写成 60- 或 0-6")
    AGE_SPECIAL = ("T106", "按年龄自动得出的标签不能是敏感标签", "请去掉 special 或 age")
    HELP = ("T107", "手工标签没有说明何时使用", "请在 help 里用一句话说明")

    def __init__(self, code: str, cause: str, remedy: str) -> None:
        self.code = code
        self.cause = cause
        self.remedy = remedy


class TagError(ValueError):
    """A declaration that does not load: its number, where, why, and what to write instead."""

    def __init__(self, fault: Fault, where: str) -> None:
        self.fault = fault
        super().__init__(f"{fault.code} {where}：{fault.cause}。{fault.remedy}。")


@dataclass(frozen=True, slots=True)
class Tag:
    """One group; `band` where it follows from the age alone."""

    code: str
    title: str
    line: str
    special: bool = False
    band: Band | None = None
    help: str = ""


def parse(declared: Iterable[Mapping[str, Any]]) -> dict[str, Tag]:
    """Tags by code, in their order; raises TagError at the first that may not stand."""
    found: dict[str, Tag] = {}
    for number, told in enumerate(declared, 1):
        tag = _tag(
            told, f"第 {number} 个标签“{told.get('title', '')}”" if isinstance(told, Mapping) else f"第 {number} 个"
        )
        if tag.code in found:
            raise TagError(Fault.CODE, f"“{tag.title}”的 {tag.code}")
        found[tag.code] = tag
    return found


def _tag(told: Mapping[str, Any], where: str) -> Tag:
    if not isinstance(told, Mapping) or not {"code", "title", "line"} <= set(told) <= KEYS:
        raise TagError(Fault.SHAPE, where)
    if not CODE.fullmatch(str(told["code"])):
        raise TagError(Fault.CODE, where)
    said = f"{told['title']}{told.get('help', '')}"
    if any(word in said for word in REFUSED):
        raise TagError(Fault.REFUSED, where)
    if told["line"] not in LINE_TITLES:
        raise TagError(Fault.LINE, where)
    band = _band(told["age"], where) if "age" in told else None
    special = told.get("special", False) is True
    if band and special:
        raise TagError(Fault.AGE_SPECIAL, where)
    if not band and not told.get("help"):
        raise TagError(Fault.HELP, where)
    return Tag(told["code"], told["title"], told["line"], special, band, told.get("help", ""))


def _band(written: object, where: str) -> Band:
    found = AGES.fullmatch(str(written))
    if not found or (found[2] and int(found[2]) < int(found[1])):
        raise TagError(Fault.AGE, where)
    return Band(int(found[1]), int(found[2]) if found[2] else None)


@cache
def shipped() -> dict[str, Tag]:
    """The tags that come with the product."""
    return parse(yaml.safe_load(DECLARED.read_text(encoding="utf-8"))["tags"])


def by_age(born_on: date | None, day: date) -> list[Tag]:
    """The tags that follow from a day of birth."""
    if born_on is None:
        return []
    years = age(born_on, day)
    return [tag for tag in shipped().values() if tag.band and tag.band.holds(years)]
