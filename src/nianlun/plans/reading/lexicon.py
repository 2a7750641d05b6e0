"""The words of the trade, by what they do in a clause, and the words found in a stretch of text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

GENERIC = "generic"
LEXICON = Path(__file__).with_name("lexicon.txt")


@cache
def words() -> dict[str, str]:
    """Every word with its class."""
    table: dict[str, str] = {}
    for line in LEXICON.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, *members = line.split()
            if name == GENERIC:
                for member in members:
                    table.setdefault(member, GENERIC)
            else:
                table.update(dict.fromkeys(members, name))
    return table


@cache
def generic_words() -> frozenset[str]:
    """Words that name nothing in particular, whatever their class."""
    for line in LEXICON.read_text(encoding="utf-8").splitlines():
        if line.startswith(GENERIC):
            return frozenset(line.split()[1:])
    return frozenset()


@cache
def longest_by_first() -> dict[str, int]:
    """For each first character the length of the longest word that it begins."""
    longest: dict[str, int] = {}
    for word in words():
        longest[word[0]] = max(longest.get(word[0], 0), len(word))
    return longest


def tokens(text: str) -> list[tuple[int, str, str]]:
    """Place, word and class of every word of the lexicon, the longest first, without overlap."""
    table, longest = words(), longest_by_first()
    found: list[tuple[int, str, str]] = []
    at, end = 0, len(text)
    while at < end:
        for length in range(min(longest.get(text[at], 0), end - at), 0, -1):
            word = text[at : at + length]
            name = table.get(word)
            if name:
                found.append((at, word, name))
                at += length
                break
        else:
            at += 1
    return found
