"""The marks by which official Chinese prose numbers its points, from chapters down to 一是 within a paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HAN = "一二三四五六七八九十百零〇"
_DIGIT = "0-9０-９"
_STOP = r"[、,，:：.．\s]*"
# A numeral glued to words opens a point ("1制定计划") unless it counts or dates them ("3月底", "5名楼长").
_COUNTED = "年月日号时点分个名场次人条项期户套幢栋万亿元级届米类大余支块所本份台种座间家处天周季至岁多几楼层门街"

# Rank 1 is the outermost. The order is that of the national format for official documents (一、 (一) 1. (1) ①),
# with the legal styles (章 节 条) outside it and the spoken one (一是) inside it.
_STYLES: tuple[tuple[int, str], ...] = (
    (1, rf"第[{_HAN}{_DIGIT}]{{1,4}}(?:[章编篇]|部分){_STOP}"),
    (2, rf"第[{_HAN}{_DIGIT}]{{1,4}}节{_STOP}"),
    (3, rf"第[{_HAN}{_DIGIT}]{{1,4}}条{_STOP}"),
    (4, rf"[{_HAN}]{{1,3}}\s*[、.．]\s*"),
    (5, rf"[(（〔]\s*[{_HAN}]{{1,3}}\s*[)）〕]{_STOP}|[㈠-㈩]{_STOP}"),
    (7, rf"[(（]\s*[{_DIGIT}]{{1,2}}\s*[)）]{_STOP}|[⑴-⒇]{_STOP}|[{_DIGIT}]{{1,2}}\s*[)）]{_STOP}"),
    (
        6,
        rf"[{_DIGIT}]{{1,2}}\s*(?:[、，,]|[.．](?![{_DIGIT}])|[.．](?=[{_DIGIT}]{{1,2}}月))\s*|[⒈-⒛]\s*"
        rf"|[{_DIGIT}]{{1,2}}(?=[一-鿿])(?![{_COUNTED}])",
    ),
    (8, rf"[①-⑳❶-❿]{_STOP}"),
    (9, rf"[{_HAN}]{{1,2}}(?:是{_STOP}|(?=[抓要]))|其[{_HAN}](?:是)?[,，、:：]?"),
)
_POINT = re.compile("|".join(f"(?P<r{rank}>{pattern})" for rank, pattern in _STYLES))
_BULLET = re.compile(r"(?:[-*+·•●○◆◇■□▪➢➤★☆※→]\s+|[•●○◆◇■□▪➢➤★☆※]|——|--)\s*")
_MARKDOWN = re.compile(r"(#{1,6})\s*")

RUN_IN_RANK = 9
BULLET_RANK = 10


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark at the head of a line: its rank (0 for a plain line) and where the words behind it begin."""

    rank: int
    body: int
    markdown: bool = False


def mark_at(text: str, start: int, end: int) -> Mark:
    """The mark at `start`; markdown signs before a number are skipped, the number then decides the rank."""
    markdown = _MARKDOWN.match(text, start, end)
    bullet = None if markdown else _BULLET.match(text, start, end)
    at = markdown.end() if markdown else bullet.end() if bullet else start
    while text.startswith("**", at):
        at += 2
    point = _POINT.match(text, at, end)
    if point:
        return Mark(int((point.lastgroup or "r0")[1:]), point.end(), bool(markdown))
    if markdown:
        return Mark(len(markdown.group(1)), at, True)
    return Mark(BULLET_RANK if bullet else 0, at)
