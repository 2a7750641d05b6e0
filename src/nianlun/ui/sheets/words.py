"""Titles of columns, brought to one form, so that 身份证 号（必填）* and 身份证号 are the same."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache

from nianlun.kernel.fields.text import tidy

NOTES = re.compile(r"[（(\[【][^（）()\[\]【】]*[)）\]】]")
MARKS = re.compile(r"[\s*＊:：、，,.。/\\|_\-—·~'\"“”‘’?？!！（）()\[\]【】]+")
SAME = (("身份证号码", "身份证号"), ("证件号码", "证件号"), ("号码", "号"), ("联系电话", "电话"), ("手机号", "手机"))
ALIKE = 0.6  # of their letters, below which two titles have nothing to do with each other


@lru_cache(maxsize=4096)
def plain(title: str) -> str:
    """Without blanks, marks, notes in brackets and capitals; common words for the same thing become one."""
    said = tidy(title).lower()
    without_notes = MARKS.sub("", NOTES.sub("", said))
    said = without_notes or MARKS.sub("", said)
    for word, usual in SAME:
        said = said.replace(word, usual)
    return said


def likeness(title: str, names: tuple[str, ...]) -> float:
    """How well a title fits one of a field's names: 1 for the same, 0 for nothing in common."""
    said = plain(title)
    if not said:
        return 0.0
    best = 0.0
    for name in map(plain, names):
        if said == name:
            return 1.0
        if len(name) > 1 and (said.endswith(name) or said.startswith(name)):
            best = max(best, 0.7 + 0.2 * len(name) / len(said))
        elif len(said) > 1 and (name.endswith(said) or name.startswith(said)):
            best = max(best, 0.6 + 0.2 * len(said) / len(name))
        elif (ratio := SequenceMatcher(None, said, name).ratio()) > ALIKE:
            best = max(best, ratio * 0.7)
    return best
