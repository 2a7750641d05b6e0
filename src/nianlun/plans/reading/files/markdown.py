"""Markdown as plain prose: the marks go, the words, numbers and lines stay."""

from __future__ import annotations

import re

FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>\n]*)?/?>")
IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
LINK = re.compile(r"\[([^\]\n]{1,300})\]\([^)\n]{0,500}\)")
STRONG = re.compile(r"(\*\*|__|~~)(?=\S)([^\n]{1,500}?)(?<=\S)\1")
EMPHASIS = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![*\w])")
CODE = re.compile(r"`([^`\n]+)`")
HEADING = re.compile(r"^[ ]{0,3}#{1,6}[ \t]+(.*)$", re.MULTILINE)
QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?)+", re.MULTILINE)
RULE = re.compile(r"^[ ]{0,3}(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,}|(?:_[ ]*){3,}|={3,}|`{3,}.*|~{3,}.*)$", re.MULTILINE)
BULLET = re.compile(r"^([ \t]*)[*+-][ \t]+(?:\[[ xX]\][ \t]+)?", re.MULTILINE)
TABLE_RULE = re.compile(r"^(?=[^\n]*\|)[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*(?:\n|\Z)", re.MULTILINE)
TABLE_ROW = re.compile(r"^[ ]{0,3}\|(.+)\|[ \t]*$", re.MULTILINE)
# Every repetition is bounded or cannot start again within itself: a hostile file must not cost more than its length.
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~>])")


def strip_markdown(text: str) -> str:
    """The prose of a Markdown text, one line for each of its lines that says something."""
    text = _without_comments(FRONT_MATTER.sub("", text))
    text = TABLE_RULE.sub("", text)
    text = TABLE_ROW.sub(lambda row: "\t".join(cell.strip() for cell in row[1].split("|")), text)
    text = HEADING.sub(lambda heading: heading[1].rstrip("# \t"), RULE.sub("", QUOTE.sub("", text)))
    text = BULLET.sub(r"\1• ", text)
    text = LINK.sub(r"\1", IMAGE.sub(r"\1", text))
    text = CODE.sub(r"\1", EMPHASIS.sub(r"\1", STRONG.sub(r"\2", text)))
    return ESCAPE.sub(r"\1", TAG.sub("", text))


def _without_comments(text: str) -> str:
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        kept.append(text[place:start])
        place = end + 3
    return "".join(kept) + text[place:]
