"""The pieces of words by which the index finds a record, and those that a searcher's word must all have.

A text falls into characters, where a run of letters or figures counts as one; each two neighbours make a piece, and
each longer run is a piece of its own: 清风苑12号楼 gives 清风, 风苑, 苑12, 12, 12号. Initials are cut into stretches of
two to four letters. Pieces of people's records begin with another mark than those of places and of entries, so that
whoever may not see people never touches theirs. A record's marks, such as the ledger of an entry, are pieces that no
word is.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from enum import StrEnum

PARTS = re.compile(r"[a-z0-9]+|[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]")
LONGEST = 24  # characters of a piece
STRETCHES = (2, 3, 4)  # letters of a stretch of initials
# Pairs that nearly every address has: they would find everything, so they are neither kept nor asked for.
COMMON = frozenset({"号楼", "单元", "小区", "社区", "街道", "号院"})


class Space(StrEnum):
    """What a piece belongs to."""

    PEOPLE = "p"
    PLACES = "g"
    ENTRIES = "e"


def fold(text: str) -> str:
    """Full-width letters and figures as plain ones, capitals as small letters."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def parts(text: str) -> list[str]:
    """The characters of a text, with runs of letters or figures whole; marks and blanks are left out."""
    return PARTS.findall(fold(text))


def pieces(text: str) -> set[str]:
    """What finds a text: its runs of two and more letters or figures, and each two neighbours."""
    found: set[str] = set()
    before = ""
    for part in parts(text):
        if before:
            found.add((before + part)[:LONGEST])
        if part.isascii() and len(part) > 1:
            found.add(part[:LONGEST])
        before = part
    return found - COMMON


def stretches(letters: str) -> set[str]:
    """All stretches of initials of two to four letters."""
    return {letters[at : at + length] for length in STRETCHES for at in range(len(letters) - length + 1)}


def whole(letters: str) -> str:
    """The piece that only a record with exactly these initials has."""
    return f"={letters}"[:LONGEST]


def longest_stretches(letters: str) -> set[str]:
    """What a word of initials asks for: itself, or where it is long all its stretches of four letters."""
    most = STRETCHES[-1]
    return {letters[at : at + most] for at in range(max(1, len(letters) - most + 1))}


def digest_piece(digest: bytes) -> str:
    """The piece of a secret number's digest: 20 characters, of which nobody makes the number."""
    return "#" + urlsafe_b64encode(bytes(digest)[:15]).decode()


def marked(space: Space, found: Iterable[str]) -> list[str]:
    """Pieces as the index keeps them; those of words, initials and digests differ by how they begin."""
    return [space + piece for piece in found]


def mark_piece(mark: str) -> str:
    """The piece of a mark, by which records of one sort are found among all that have a word."""
    return f"@{mark}"[:LONGEST]


def kept(
    space: Space, texts: Iterable[str], initials: Iterable[str], digests: Iterable[bytes | None],
    marks: Iterable[str] = (),
) -> list[str]:  # fmt: skip
    """All pieces of one record, sorted."""
    found: set[str] = set()
    for text in texts:
        found |= pieces(text)
    for letters in initials:
        if letters:
            found.add(whole(letters))
            found.update("~" + stretch for stretch in stretches(letters))
    found.update(digest_piece(digest) for digest in digests if digest)
    found.update(mark_piece(mark) for mark in marks)
    return sorted(marked(space, found))
