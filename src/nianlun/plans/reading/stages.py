"""Headings that are a stretch of time ("第一季度", "宣传阶段(3月)。"): they hold for every point that follows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from nianlun.plans.reading.schedule import Deadline, Every, Named, OnDate, Schedule, Window

_LINE = re.compile(r"[^\n]+")
_MARKERS: tuple[re.Pattern[str], ...] = (
    re.compile(r"\s*第[一二三四五六七八九十]+[章部篇]"),
    re.compile(r"\s*[一二三四五六七八九十]{1,3}[、.．:：]"),
    re.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\s*\d{1,2}[、.．](?!\d+(?!\d*月))"),
    re.compile(r"\s*[（(]\d{1,2}[)）]|\s*\d{1,2}[)）]"),
    re.compile(r"\s*[①②③④⑤⑥⑦⑧⑨⑩]"),
)
_NUMBERING = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+[章部篇]|[一二三四五六七八九十]{1,3}[、.．:：]|"
    r"[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．)）](?!\d+(?!\d*月))|[①-⑩]|[一二三四五六]是)?\s*"
)
_SEGMENT = re.compile(r"[。；;]\s*")
_LEAD = re.compile(
    r"(?P<stage>第[一二三四五六七八九十\d]+(?:个?阶段|步|个?环节)|[\u4e00-\u9fff、]{0,12}(?:阶段|环节|时期)|第?[一二三四五]步)?"
    r"(?P<label>(?:工作|活动|开展|实施|完成)?(?:时间|时限)(?:安排|节点)?)?[\s:：(（,，、—\-“\"《【\[]*(?:从|自|在|于)?\s*"
)
_NAMED_STRETCH = re.compile(r"[\u4e00-\u9fff、]{2,14}[（(]")
_TAIL = re.compile(
    r"(?:[（(][^（）()\n]{1,14}[)）]|份|期间|间|左右|前后|的|[)）”\"》】\]\s]|(?P<stage>[为是，,:：、—\-]{0,2}[\u4e00-\u9fff]{0,10}(?:阶段|时期))|"
    r"[\u4e00-\u9fff]{0,6}(?:工作|安排|计划|重点|任务|内容|要点|活动|主题)(?=[\s:：)）]|$)){0,6}"
)
_RECURRING = frozenset({"周末", "节假日"})


class _Placed(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def schedules(self) -> tuple[Schedule, ...]: ...
    @property
    def weak(self) -> bool: ...


P = TypeVar("P", bound=_Placed)


@dataclass(frozen=True, slots=True)
class _Head(Generic[P]):
    """A stretch of time that heads what follows.

    `lasting` where it holds beyond its line; `bare` where only a comma sets it off, as in a list of months.
    """

    end: int
    stage: P
    lasting: bool
    bare: bool


def stage_of_each(text: str, spans: Sequence[tuple[int, int]], found: Sequence[P]) -> list[P | None]:
    """For each span the stage that it stands under, if any."""
    starts = [one.start for one in found]
    covered = [start for start, _ in spans]
    lines = list(_LINE.finditer(text))
    heads: list[list[_Head[P]]] = []
    for line in lines:
        in_line = found[bisect_right(starts, line.start() - 1) : bisect_right(starts, line.end() - 1)]
        heads.append(list(_heads_of(text, line, in_line, spans, covered)) if in_line else [])
    listed = _lists_months(heads)
    stages: list[tuple[int, P | None]] = []
    lasting: P | None = None
    rank_of_stage: int | None = None
    for line, line_heads in zip(lines, heads, strict=True):
        rank = _rank(line[0])
        own = [head for head in line_heads if not head.bare or listed]
        ends = rank is not None and (rank <= rank_of_stage if rank_of_stage is not None else rank <= 2)
        if lasting is not None and ends:
            lasting, rank_of_stage = None, None
        stages.append((line.start(), lasting))
        for head in own:
            stages.append((head.end, head.stage))
            if head.lasting:
                lasting, rank_of_stage = head.stage, rank
    return _spread(spans, stages)


def yields_to(own: Sequence[Schedule]) -> bool:
    """Whether a stage says nothing of an item that has its own date or occasion."""
    return any(
        isinstance(s, OnDate | Window | Deadline) or (isinstance(s, Named) and s.name not in _RECURRING) for s in own
    )


def _lists_months(heads: Sequence[Sequence[_Head[P]]]) -> bool:
    """Whether the plan goes by months set off with commas ("3月份，…"): three of them or more."""
    return sum(_is_month(head.stage) for line in heads for head in line if not head.lasting) >= 3


def _spread(spans: Sequence[tuple[int, int]], stages: list[tuple[int, P | None]]) -> list[P | None]:
    governing: list[P | None] = []
    index, current = 0, None
    for start, _ in spans:
        while index < len(stages) and stages[index][0] <= start:
            current = stages[index][1]
            index += 1
        governing.append(current)
    return governing


def _rank(line: str) -> int | None:
    return next((rank for rank, marker in enumerate(_MARKERS) if marker.match(line)), None)


def _heads_of(
    text: str, line: re.Match[str], found: Sequence[P], spans: Sequence[tuple[int, int]], covered: Sequence[int]
) -> Iterator[_Head[P]]:
    """The heads of a line, at its beginning and at that of each segment in it."""
    begins = [line.start(), *(m.end() for m in _SEGMENT.finditer(text, line.start(), line.end()))]
    taken = -1
    for one in found:
        segment = bisect_right(begins, one.start) - 1
        if segment == taken or one.weak:
            continue
        taken = segment
        after = bisect_right(covered, one.start) - 1
        is_items_own = after >= 0 and spans[after][1] > one.start
        if head := _head(text, line, begins[segment], one, is_items_own, segment == 0):
            yield head


def _head(text: str, line: re.Match[str], begin: int, one: P, is_items_own: bool, first: bool) -> _Head[P] | None:
    numbering = _NUMBERING.match(text, begin, line.end())
    body = numbering.end() if numbering else begin
    numbered = body > begin and bool(text[begin:body].strip())
    if one.start - body > 24 or one.start < body:
        return None
    lead = _LEAD.fullmatch(text, body, one.start)
    named_stretch = lead is None and not is_items_own and numbered and _NAMED_STRETCH.fullmatch(text, body, one.start)
    if lead is None and not named_stretch:
        return None
    tail = _TAIL.match(text, one.end, line.end())
    end = tail.end() if tail else one.end
    sign = text[end : min(end + 1, line.end())]
    closed = any(mark in text[one.end : end] for mark in ")）")
    if named_stretch and not closed:
        return None
    says_stage = bool(named_stretch or (lead and lead["stage"]) or (tail and tail["stage"]))
    label = bool(lead and lead["label"])
    whole_line = end >= line.end() or not text[end : line.end()].strip(" :：。;；.")
    if not _may_head(one, colon=sign in (":", "：") and sign != "", says_stage=says_stage):
        return None
    if whole_line:
        return None if label else _Head(line.end(), one, True, False)
    if sign in (":", "：") or (says_stage and (closed or sign in ("。", "，", ",", "、", ";", "；"))):
        return _Head(end, one, says_stage and first, False)
    if label and sign in ("。", "；", ";", "，", ","):
        fields = re.match(
            r"[。；;，,]\s*(?:[\u4e00-\u9fff]{0,2}(?:内容|主题|地点|对象|任务|活动名称|活动))[:：]",
            text[end : end + 12],
        )
        return _Head(end, one, False, False) if fields else None
    if sign == "。" and numbered and not is_items_own:
        return _Head(end, one, first, False)
    if sign in ("，", ",", "、") and _is_month(one):
        return _Head(end, one, False, True)
    return None


def _may_head(one: _Placed, colon: bool, says_stage: bool) -> bool:
    """A stretch or season heads anything; a frequency, deadline or festival only what a colon opens."""
    if isinstance(one.schedules[0], Every | Deadline):
        return colon or (says_stage and isinstance(one.schedules[0], Deadline))
    if isinstance(one.schedules[0], Named) and not one.schedules[0].name.endswith(("季", "季度", "年初", "年终", "期")):
        return colon
    return True


def _is_month(one: _Placed) -> bool:
    return all(isinstance(s, OnDate) and s.at.day is None for s in one.schedules)
