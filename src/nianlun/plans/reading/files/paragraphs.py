"""Which lines of a page belong to one paragraph, told by where they stand: pure geometry and punctuation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

PAGE_NUMBER = re.compile(
    r"[\s\-—–－―·.]*(?:第?\s*\d{1,4}\s*页?(?:\s*[/,，、共]\s*共?\s*\d{1,4}\s*页?)?|[ivxlIVXL]{1,6})[\s\-—–－―·.]*"
)
NUMBERED = re.compile(
    r"\s*(?:第[一二三四五六七八九十百]+[章节条部分]|[一二三四五六七八九十]+[、.．是要]|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d{1,2}[、.．)）](?!\d)|[①-⑳]|[•●■◆])"
)
ENDS_SENTENCE = re.compile(r"[。！？!?；;：:]\s*$")
LATIN_END = re.compile(r"[A-Za-z0-9,.]$")
LATIN_START = re.compile(r"^[A-Za-z]")
EDGE = 0.12
REPEATS = 0.6
SHORTEST_FULL = 10
LONGEST_PAGE_NUMBER = 24


@dataclass(frozen=True, slots=True)
class Line:
    """A line on a page; points, from the page's lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines in reading order, and whether it shows pictures."""

    width: float
    height: float
    images: bool
    lines: tuple[Line, ...]


def paragraphs(pages: Sequence[Page]) -> Iterator[str]:
    """The document's paragraphs in order, without running heads and page numbers."""
    heads = running_heads(pages)
    body = [_without_margins(page, heads) for page in pages]
    lines = [line for page in body for line in page]
    if not lines:
        return
    size = median(line.top - line.bottom for line in lines) or 1.0
    left = _left_edge([line.left for line in lines])
    right = _right_edge(lines)
    gathered = ""
    previous: Line | None = None
    for line in lines:
        if previous is not None and _continues(previous, line, left, right, size):
            gathered = _join(gathered, line.text.strip())
        else:
            if gathered:
                yield gathered
            gathered = line.text.strip()
        previous = line
    yield gathered


def running_heads(pages: Sequence[Page]) -> frozenset[str]:
    """Texts that stand at the upper or lower edge of most pages, figures put aside."""
    if len(pages) < 3:
        return frozenset()
    counts = Counter(text for page in pages for text in {_figureless(line.text) for line in _at_edge(page)})
    return frozenset(text for text, count in counts.items() if count >= max(3, REPEATS * len(pages)))


def _at_edge(page: Page) -> list[Line]:
    return [
        line
        for line in page.lines
        if line.bottom > page.height * (1 - EDGE) or line.top < page.height * EDGE
    ]  # fmt: skip


def _figureless(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _without_margins(page: Page, heads: frozenset[str]) -> list[Line]:
    edge = _at_edge(page)
    return [
        line
        for line in page.lines
        if line not in edge or not (_is_page_number(line.text) or _figureless(line.text) in heads)
    ]


def _is_page_number(text: str) -> bool:
    bare = text.strip()
    return len(bare) <= LONGEST_PAGE_NUMBER and PAGE_NUMBER.fullmatch(bare) is not None


def _left_edge(values: Sequence[float]) -> float:
    """Where lines without indent begin: the leftmost place, in whole points, that several lines share."""
    shared = [place for place, count in Counter(map(round, values)).items() if count >= max(2, 0.05 * len(values))]
    return float(min(shared, default=min(values)))


def _right_edge(lines: Sequence[Line]) -> float:
    """Where full lines end: the right end that most long lines reach."""
    ends = sorted(line.right for line in lines)
    return ends[int(0.9 * (len(ends) - 1))]


def _continues(previous: Line, line: Line, left: float, right: float, size: float) -> bool:
    """Is the break between the two lines only the page's edge?"""
    if previous.right < right - 2.2 * size or previous.right - previous.left < SHORTEST_FULL * size:
        return False
    if line.left > left + 1.2 * size:
        return False
    return not (ENDS_SENTENCE.search(previous.text) and NUMBERED.match(line.text))


def _join(before: str, after: str) -> str:
    latin = LATIN_END.search(before) and LATIN_START.match(after)
    return f"{before} {after}" if latin else before + after
