"""What a searcher typed, read as words that must all be found, each in one of a few ways."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from nianlun.kernel.errors import UserError
from nianlun.kernel.fields.field import Field, FieldError
from nianlun.kernel.fields.secrets import parse_credit_code, parse_id_number, parse_phone
from nianlun.kernel.sealing.digest import digest
from nianlun.places.search.grams import digest_piece, fold, longest_stretches, parts, pieces

BLANKS = re.compile(r"[\s,，、;；]+")
MOST, LONGEST = 6, 60  # words, and characters of one: more are not asked for
TAIL = re.compile(r"\d{4}")
LETTERS = re.compile(r"(?=\d*[a-z])[a-z0-9]{2,}")
WHOLE: dict[str, tuple[int, Callable[[str, Field], str]]] = {  # kind: fewest characters, and how it is checked
    "id_number": (15, parse_id_number),
    "credit_code": (15, parse_credit_code),
    "phone": (7, parse_phone),
}
NUMBER = re.compile(r"[\d\-]{7,}|[0-9a-z]{15,}")


@dataclass(frozen=True, slots=True)
class Word:
    """One word, folded, with the sets of pieces of which a record has at least one whole set."""

    plain: str
    ways: tuple[tuple[str, ...], ...] = ()
    numbers: tuple[str, ...] = ()  # pieces of digests: for readers who may see people


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything typed: `title` is it without blanks, `letters` the initials that it may be, "" if it cannot."""

    words: tuple[Word, ...]
    title: str
    letters: str


def read_words(typed: str) -> Asked:
    """Read what was typed; raises UserError where it would find nothing or everything, saying what to type."""
    chunks = [chunk for chunk in BLANKS.split(fold(typed)) if parts(chunk)][:MOST]
    if not chunks:
        raise UserError("请输入姓名、地址、单位名称、拼音首字母，或手机号后四位。", code="empty")
    words = [word for chunk in chunks if (word := _word(chunk[:LONGEST])) is not None]
    if not words:
        raise UserError(_too_little("".join(chunks)), code="too_short")
    joined = "".join("".join(parts(chunk)) for chunk in chunks)
    return Asked(tuple(words), joined, joined if LETTERS.fullmatch(joined) else "")


def _word(chunk: str) -> Word | None:
    """None for a word that finds too much by itself; others beside it may still find something."""
    plain = "".join(parts(chunk))
    if NUMBER.fullmatch(chunk):
        numbers = _numbers(chunk)
        if numbers:
            return Word(plain, (), numbers)
    ways = []
    if LETTERS.fullmatch(plain):
        ways.append(tuple(sorted("~" + stretch for stretch in longest_stretches(plain))))
    found = pieces(chunk)
    if found and len(plain) > 1:
        ways.append(tuple(sorted(found)))
    tail = (digest_piece(digest("phone_tail", plain)),) if TAIL.fullmatch(plain) else ()
    return Word(plain, tuple(ways), tail) if ways or tail else None


def _numbers(chunk: str) -> tuple[str, ...]:
    """The digests of every secret number that it may be, whole."""
    found = []
    for kind, (fewest, parse) in WHOLE.items():
        if len(chunk) >= fewest:
            try:
                found.append(digest_piece(digest(kind, parse(chunk, Field(kind, kind)))))
            except FieldError:
                continue
    return tuple(found)


def _too_little(typed: str) -> str:
    if len(typed) == 1:
        return f"“{typed}”只有一个字，找到的会太多，请再加一个字。"
    return f"“{typed}”几乎处处都有，请加上姓名、小区名或门牌号再找。"
