"""The outline: headings on lines of their own, and run-in headings that open a numbered paragraph."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianlun.plans.reading.model import Heading
from nianlun.plans.reading.points import BULLET_RANK, RUN_IN_RANK, Mark, mark_at

LONGEST_HEADING = 45
LONGEST_RUN_IN = 32
LONGEST_PLAIN = 24
SHORTEST_LEAD, LONGEST_LEAD = 4, 16
ARTICLE_RANK, OUTER_RANKS = 3, 5
DIGIT_RANK, UNDER_RUN_IN = 6, 10
EARLIEST_YEAR, LATEST_YEAR = 1990, 2099
YEAR_WITHIN = 600
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[。;；!！?？:：]|\.(?![0-9A-Za-z.])")
_COMMA = re.compile(r"[,，]")
_PLAIN_ENDS = '。;；,，、.…!！?？”"）)'
_TITLE = re.compile(r"(?:计划|规划|方案|要点|思路|打算|安排|总结|报告|意见|办法)(?:[(（][^)）]{1,12}[)）])?$")
_YEAR = re.compile(
    r"(?<![0-9０-９])((?:19|20)[0-9]{2}|[１２][９０][０-９]{2}|二[〇○Ｏ零0O][〇○零0-9一二三四五六七八九O]{2})\s*年?度?"
)
_HAN_DIGITS = str.maketrans("〇○零Ｏ一二三四五六七八九０１２３４５６７８９O", "0000123456789" + "0123456789" + "0")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with words on it: its extent without the white space around it, and its mark."""

    start: int
    end: int
    mark: Mark


def lines_of(text: str) -> Iterator[Line]:
    """Every line that holds more than white space, in order."""
    for found in _LINE.finditer(text):
        words = found.group()
        stripped = words.strip()
        if stripped:
            start = found.start() + len(words) - len(words.lstrip())
            end = start + len(stripped)
            yield Line(start, end, mark_at(text, start, end))


def find_outline(text: str) -> tuple[Heading, ...]:
    """The headings in the order of the text; a numbered point that only says itself is no heading."""
    lines = list(lines_of(text))
    found: list[tuple[int, int, int, int]] = []  # start, end, level, parent
    ends: list[int] = []
    stack: list[tuple[int, int]] = []  # rank and place in `found`, -1 for a point without a heading
    for at, line in enumerate(lines):
        rank = line.mark.rank
        if rank == BULLET_RANK or not (rank or _is_plain_heading(text, lines, at)):
            continue
        ranks = {opened for opened, _ in stack}
        if DIGIT_RANK <= rank < RUN_IN_RANK and RUN_IN_RANK in ranks and rank not in ranks:
            rank += UNDER_RUN_IN  # a list of (1) (2) that stands under 一是
        while stack and stack[-1][0] >= rank:
            place = stack.pop()[1]
            if place >= 0:
                ends[place] = line.start
        title_end = _title_end(text, lines, at)
        parent = next((place for _, place in reversed(stack) if place >= 0), -1)
        stack.append((rank, -1 if title_end is None else len(found)))
        if title_end is not None:
            found.append((line.mark.body, title_end, 1 + (found[parent][2] if parent >= 0 else 0), parent))
            ends.append(len(text))
    return tuple(
        Heading(start, end, level, text[start:end], body_end, parent)
        for (start, end, level, parent), body_end in zip(found, ends, strict=True)
    )


def governing(outline: Sequence[Heading], position: int) -> list[Heading]:
    """The headings under which a position stands, outermost first."""
    place = bisect_right(outline, position, key=_end_of) - 1
    found: list[Heading] = []
    while place >= 0:
        heading = outline[place]
        if position < heading.body_end:
            found.append(heading)
        place = heading.parent
    return found[::-1]


def headings_above(outline: Sequence[Heading], position: int) -> tuple[str, ...]:
    """Titles of the headings that govern a position, outermost first."""
    return tuple(heading.title for heading in governing(outline, position))


def title_and_year(text: str, outline: Sequence[Heading]) -> tuple[str, int | None]:
    """The plan's own title, else its first heading, and the year it is for; a masked year (20__年) is None."""
    first = next(lines_of(text), None)
    if first is None:
        return "", None
    opening = text[first.mark.body : first.end].strip("*# 　")
    is_title = len(opening) <= LONGEST_HEADING and not _SENTENCE_END.search(opening)
    title = opening if is_title else outline[0].title if outline else ""
    for where in (opening if is_title else "", text[:YEAR_WITHIN]):
        years = [int(found.group(1).translate(_HAN_DIGITS)) for found in _YEAR.finditer(where)]
        plausible = [year for year in years if EARLIEST_YEAR <= year <= LATEST_YEAR]
        if plausible:
            # A plan looks back on the year before and names five-year spans: of the years that open it the one
            # that stands most often is its own, and of equals the later.
            return title, max(plausible, key=lambda year: (plausible.count(year), year))
    return title, None


def _end_of(heading: Heading) -> int:
    return heading.end


def _is_plain_heading(text: str, lines: Sequence[Line], at: int) -> bool:
    """A short line without a number, without the ending of a sentence, with prose under it."""
    line = lines[at]
    words = text[line.start : line.end]
    if len(words) > (LONGEST_PLAIN if at else LONGEST_HEADING) or "\t" in words or at + 1 == len(lines):
        return False
    if _TITLE.search(words):
        return True
    if len(words) > LONGEST_PLAIN or words[-1] in _PLAIN_ENDS:
        return False
    if at == 0:
        return True
    following = lines[at + 1]
    return not _SENTENCE_END.search(words) and (
        following.mark.rank in range(1, BULLET_RANK) or following.end - following.start > LONGEST_HEADING
    )


def _title_end(text: str, lines: Sequence[Line], at: int) -> int | None:
    """Where the heading of a point ends, or None where the point is its own body."""
    line = lines[at]
    body = line.mark.body
    stop = _SENTENCE_END.search(text, body, line.end)
    if stop and line.end - stop.end() > 1:
        run_in = stop.start() - body
        if line.mark.rank and 1 < run_in <= LONGEST_RUN_IN:
            return stop.start()
    if stop and 0 < line.mark.rank <= OUTER_RANKS and line.end - body > LONGEST_HEADING:
        comma = _COMMA.search(text, body, min(line.end, body + LONGEST_LEAD))
        return comma.start() if comma and comma.start() - body >= SHORTEST_LEAD else None
    if stop and line.end - stop.end() > 1:
        return None
    if line.end - body > LONGEST_HEADING or line.end - body < 2 or line.mark.rank == RUN_IN_RANK:
        return None
    if stop and line.mark.rank == ARTICLE_RANK:
        return None
    end = stop.start() if stop else line.end
    while end > body and text[end - 1] in "*,，、 ":
        end -= 1
    if not line.mark.rank or line.mark.markdown:
        return end
    return end if at + 1 < len(lines) and _has_body(text, line, lines[at + 1]) else None


def _has_body(text: str, line: Line, following: Line) -> bool:
    """Whether the next line stands under this one: a plain line of prose or a point of a deeper rank."""
    rank = following.mark.rank
    if rank:
        return rank > line.mark.rank
    return following.end - following.start > line.end - line.start or text[line.end - 1] not in "。;；,，"
