"""The clauses of a plan: what stands between two stops, without the words that only link it to its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianlun.plans.reading.model import Heading
from nianlun.plans.reading.outline import Line, lines_of
from nianlun.plans.reading.points import RUN_IN_RANK, mark_at

LONGEST_ASIDE = 120
SHORTEST_PLAN = 3  # lines; a plan of so few has no closing words of its own
_CLOSING = {"(": ")", "（": "）", "“": "”", "《": "》", "[": "]", "「": "」", "‘": "’", '"': '"'}
# A full stop in ASCII ends a clause only where no numeral or Latin letter follows (6.26, 1.5).
# Works in a row (推荐工作、申报工作) are clauses of their own.
_TOKEN = re.compile(
    r"([,，;；。!！?？:：…\t|]+|\.(?![0-9A-Za-z.])|(?<=[)）])、|(?<=工作)(?:、|以及)(?=[^,，。;；、]{5,}))"
    r"|[(（“《\[「‘\"]"
)
_FULL_STOP = frozenset("。;；!！?？.\t|…")
_BEFORE_MARK = _FULL_STOP | frozenset(":：")  # 十月份:1、… begins a point of its own
_NAMED = r"[^\s,，、。;；将要会对为在以把让由从和与向使各全到了建完创提加推开善强升进]{0,5}"
_COMMUNITY = r"(?:我们|[我本]?社区(?:居委会|两委|党委)?|我?居委会|我街道|我办)"
_YEAR = r"(?:今年|本年度?|来年|新的一年[里内]?|(?:20|某某|[_xX*×]{2,4})[0-9_xX*×]{0,3}年度?|今后|下一步|近期)"
_LINKS = re.compile(
    r"(?:(?:与此)?同时|另外|此外|(?:再|其|首)[次先](?:[是要])?|最后|然后|接着|并且|而且|以及|并(?![入轨列])|一方面|另一方面"
    r"|尤其(?:是要?)?|特别是要?|为此|因此|所以|对此|其中|重点是要|还(?=[要将会需应])|也(?=[要将会需应])|还(?=[一-鿿]{2})"
    rf"|{_YEAR}?[,，]?(?:{_COMMUNITY}|{_NAMED}社区)(?:还|也|仍|都|今年)*(?:将要?|将会|要|应该?|必须|需要)"
    rf"|{_YEAR}?[,，]?{_COMMUNITY}(?:还|也|仍|都)*(?![工党干志居全各建管服教矫民计文环治公内外书主医卫网团老])(?=[一-鿿])"
    rf"|{_YEAR}[,，]?(?:还|也)?(?:将要?|要)|(?:将(?!矛盾|[^,，。;；]{{1,30}}(?:纳入|作为|进行|融入|落|列入|延伸|送))|要|必须))[,，、:：]?\s*"
)
_ALONE = re.compile(rf"\s*(?:(?:与此)?同时|另外|此外|首先|其次|再次|最后|为此|因此|总之|目前|具体如下|{_YEAR})\s*")


@dataclass(slots=True)
class Clause:
    """A stretch between two stops. `rank` is the mark before it (0 for none), `stop` the character after it."""

    start: int
    end: int
    sentence: int
    rank: int
    stop: str
    link: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of prose as clauses, with the rank of its mark and whether its first sentence is a run-in heading."""

    clauses: list[Clause]
    rank: int
    run_in_end: int
    line: int
    last: bool


def paragraphs_of(text: str, outline: Sequence[Heading]) -> Iterator[Paragraph]:
    """Every line of prose; lines that are nothing but a heading are left out."""
    headings = {heading.start: heading.end for heading in outline}
    lines = list(lines_of(text))
    for number, line in enumerate(lines):
        heading_end = headings.get(line.mark.body, -1)
        if heading_end >= 0 and line.end - heading_end <= 2:
            continue
        clauses = clauses_of(text, line)
        if clauses:
            yield Paragraph(clauses, line.mark.rank, heading_end, number, SHORTEST_PLAN < number + 1 == len(lines))


def clauses_of(text: str, line: Line) -> list[Clause]:
    """The clauses of one line, offsets into the text; quotations and asides are not divided."""
    clauses: list[Clause] = []
    at, sentence, rank = line.mark.body, 0, line.mark.rank
    scan = at
    while at < line.end:
        found = _TOKEN.search(text, scan, line.end)
        if found and found.group(1) is None:
            closing = text.find(_CLOSING[found.group()], found.end(), min(line.end, found.end() + LONGEST_ASIDE))
            scan = closing + 1 if closing >= 0 else found.end()
            continue
        end, stop = (found.start(), found.group()) if found else (line.end, "")
        clause = None if _ALONE.fullmatch(text, at, end) else _trimmed(text, at, end, sentence, rank, stop)
        if clause:
            clauses.append(clause)
        if stop and not _FULL_STOP.isdisjoint(stop):
            sentence += 1
        scan = at = found.end() if found else line.end
        while at < line.end and text[at].isspace():
            at += 1
        mark = mark_at(text, at, line.end) if at < line.end else None
        rank = 0
        if mark and (mark.rank == RUN_IN_RANK or (mark.rank in (6, 7, 8) and not _BEFORE_MARK.isdisjoint(stop))):
            rank, scan, at = mark.rank, mark.body, mark.body
    return clauses


def _trimmed(text: str, start: int, end: int, sentence: int, rank: int, stop: str) -> Clause | None:
    """The clause without the words that link it; None where nothing is left."""
    while end > start and text[end - 1].isspace():
        end -= 1
    core = start
    for _ in range(3):
        while core < end and text[core] in " 、\u3000*":
            core += 1
        link = _LINKS.match(text, core, end)
        if not link or end - link.end() < 4:
            break
        core = link.end()
    if end - core < 2:
        return None
    return Clause(core, end, sentence, rank, stop[:1], text[start:core].strip(" ,，、:："))
