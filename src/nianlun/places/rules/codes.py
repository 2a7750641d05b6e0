"""Codes of places: suggested from names, in small letters and figures, and never changed once given."""

from __future__ import annotations

import re
from collections.abc import Container

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
CHINESE_FIGURES = str.maketrans("一二三四五六七八九", "123456789")


class CodeError(ValueError):
    """What cannot be a code; the message says what to write, in the reader's language."""


def check_code(written: str) -> str:
    """A code as it was written by hand; raises CodeError."""
    if not CODE.fullmatch(written):
        raise CodeError("代码只能用字母、数字、点和横线，最多 40 位，如 wt-03。")
    return written


def numbered(name: str) -> str:
    """The figures that a name carries, such as 3 of 3号楼 and 12 of 第十二网格; empty where it has none."""
    if found := re.search(r"\d+[A-Za-z]?", name):
        return found[0].lower()
    if found := re.search(r"[一二三四五六七八九十]+", name):
        return _counted(found[0])
    return ""


def _counted(said: str) -> str:
    tens, ten, ones = said.rpartition("十")
    if not ten:
        return said.translate(CHINESE_FIGURES)
    return f"{tens.translate(CHINESE_FIGURES) or '1'}{ones.translate(CHINESE_FIGURES) or '0'}"


def free_code(wanted: str, taken: Container[str]) -> str:
    """The wanted code, or the first of wanted-2, wanted-3, … that nobody has; `taken` holds small letters."""
    wanted = re.sub(r"[^a-z0-9._-]+", "-", wanted.lower()).strip("-._")[:34] or "x"
    made, again = wanted, 1
    while made in taken:
        again += 1
        made = f"{wanted}-{again}"
    return made
