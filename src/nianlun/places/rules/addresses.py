"""One spelling for the many in which buildings, stairways and rooms are written: 3栋, 3#, 三号楼 are one."""

from __future__ import annotations

import re
from functools import lru_cache

NUMERALS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
HAN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百]+")
BUILDING_END = re.compile(r"(号?楼|栋|幢|座|号|#)$")
UNIT_END = re.compile(r"(单元|门|梯|#)$")
ROOM_END = re.compile(r"(号?室|号|房|户|#)$")
ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
WHOLE = re.compile(r"(?P<building>[^-－—–]+)[-－—–](?:(?P<unit>[^-－—–]+)[-－—–])?(?P<room>[^-－—–]+)")


@lru_cache(maxsize=16_384)
def building_key(said: str) -> str:
    """3号楼, 3栋, 03幢, 三号楼 → 3; A座 → a."""
    return _key(said, BUILDING_END)


@lru_cache(maxsize=16_384)
def unit_key(said: str) -> str:
    """1单元, 一单元, 01 → 1; nothing stays nothing."""
    return _key(said, UNIT_END)


@lru_cache(maxsize=16_384)
def room_key(said: str) -> str:
    """302室, 0302, 302号 → 302."""
    return _key(said.removesuffix(".0"), ROOM_END)


def name_key(said: str) -> str:
    return said.replace(" ", "").lower()


def split(said: str) -> tuple[str, str, str] | None:
    """Building, unit and room of a door written in one: 3-1-302 or 3-302; None for anything else."""
    found = WHOLE.fullmatch(said)
    return (found["building"], found["unit"] or "", found["room"]) if found else None


def _key(said: str, end: re.Pattern[str]) -> str:
    bare = name_key(said)
    return ZEROS.sub("", HAN_NUMBER.sub(lambda found: str(_number(found[0])), end.sub("", bare) or bare))


def _number(han: str) -> int:
    """十二 → 12, 二十 → 20, 一百零三 → 103, 三〇二 → 302."""
    if not set(han) & {"十", "百"}:
        return int("".join(str(NUMERALS[char]) for char in han))
    total = held = 0
    for char in han:
        if char in NUMERALS:
            held = NUMERALS[char]
        else:
            total, held = total + (held or 1) * (10 if char == "十" else 100), 0
    return total + held
