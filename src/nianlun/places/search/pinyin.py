"""The first letters of a name's pinyin, by which people type it: 清风苑 is qfy, 单雄信 is sxx."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+|[a-z0-9]+")
LONGEST = 60  # characters of the models' column


def initials(words: str, person: bool = False) -> str:
    """The first letter of each character's pinyin, in lower case; figures and letters stay, all else is left out.

    Of a person's name the surname is read as a surname.
    """
    name = unicodedata.normalize("NFKC", words).lower()
    if not person:
        return "".join(_of_words(run) for run in HAN.findall(name))[:LONGEST]
    surnames = _readings()["surnames"]
    for length in (2, 1):
        read = surnames.get(name[:length])
        if read and len(name) >= length:
            return (read + _of_characters(name[length:]))[:LONGEST]
    return _of_characters(name)[:LONGEST]


def settled(name: str, written: str | None, *, before: tuple[str, str] = ("", ""), person: bool = False) -> str:
    """The initials to store with a name: those written by hand, else those that stand if the name is unchanged.

    `before` is the record's name and initials as they stand; `written` is None where nobody was asked.
    """
    former_name, former = before
    by_hand = "".join(re.findall(r"[a-z0-9]", (written or "").lower()))[:LONGEST]
    if by_hand and (name == former_name or by_hand != former):
        return by_hand
    if name == former_name and former:
        return former
    return initials(name, person)


def _of_characters(name: str) -> str:
    letters = _letters()
    return "".join([letters.get(char) or _letter(char) for char in name])


@lru_cache(maxsize=65_536)
def _of_words(run: str) -> str:
    """Of a run of Chinese characters as words, since 行 in 银行 is another than in 行人; a run of letters is kept."""
    if run.isascii():
        return run
    for word, read in _readings()["words"].items():
        if word in run:
            before, _, after = run.partition(word)
            return _of_words(before) + read + _of_words(after) if before or after else read
    library = _library()
    read = library.lazy_pinyin(run, style=library.Style.NORMAL, errors="ignore")
    return "".join(syllable[0] for syllable in read if syllable)


@cache
def _letters() -> dict[str, str]:
    """Letters by character, filled as they are asked for."""
    return {}


def _letter(char: str) -> str:
    read = _of_words(char) if HAN.fullmatch(char) else ""
    _letters()[char] = read
    return read


@cache
def _readings() -> Mapping[str, Mapping[str, str]]:
    """First letters of surnames and words, from readings.yaml."""
    read = yaml.safe_load(Path(__file__).with_name("readings.yaml").read_text(encoding="utf-8"))
    return {
        part: {word: "".join(syllable[0] for syllable in told.split()) for word, told in words.items()}
        for part, words in read.items()
    }


@cache
def _library() -> Any:
    """The dictionary, imported when a name is first written: 0.2 s and 45 MB that readers need not pay."""
    return import_module("pypinyin")
