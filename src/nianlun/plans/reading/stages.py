"""Headings that are a stretch of time ("第一季度", "宣传阶段(3月)"): they hold for every point under them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from nianlun.plans.reading.schedule import Deadline, Every, Named, Schedule

_LINE = re.compile(r"[^\n]+")
_MARKERS: tuple[re.Pattern[str], ...] = (
    re.compile(r"\s*第[一二三四五六七八九十]+[章部篇]"),
    re.compile(r"\s*[一二三四五六七八九十]{1,3}[、.．:：]"),
    re.compile(r"\s*[（(][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"\s*\d{1,2}[、.．](?!\d)"),
    re.compile(r"\s*[（(]\d{1,2}[)）]|\s*\d{1,2}[)）]"),
    re.compile(r"\s*[①②③④⑤⑥⑦⑧⑨⑩]"),
)
_NUMBERING = re.compile(
    r"\s*(?:第[一二三四五六七八九十]+[章部篇]|[一二三四五六七八九十]{1,3}[、.．:：]|"
    r"[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑩])?\s*"
)
_REST = re.compile(
    r"(?:第[一二三四五六七八九十]+阶段|[\u4e00-\u9fff]{0,10}阶段|[\u4e00-\u9fff]{0,6}(?:工作|安排|计划|重点|任务|"
    r"活动|要点|主题)|份|的|"
    r"[\s:：()（）,，、—\-“”\"《》.。;；])*\Z"
)


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


def stage_of_each(text: str, spans: Sequence[tuple[int, int]], found: Sequence[P]) -> list[P | None]:
    """For each span the stage that it stands under, if any."""
    stages: list[tuple[int, int, P | None]] = []
    upcoming = iter(found)
    one = next(upcoming, None)
    rank_of_stage: int | None = None
    for line in _LINE.finditer(text):
        while one is not None and one.start < line.start():
            one = next(upcoming, None)
        rank = _rank(line[0])
        if one is not None and one.start < line.end() and (head_end := _heads(text, line, one)):
            stages.append((head_end, line.end(), one))
            rank_of_stage = rank
        elif rank_of_stage is not None and rank is not None and rank <= rank_of_stage:
            stages.append((line.start(), line.end(), None))
            rank_of_stage = None
        elif rank_of_stage is None and stages and stages[-1][2] is not None and rank is not None and rank <= 2:
            stages.append((line.start(), line.end(), None))
    return _spread(spans, stages)


def _spread(spans: Sequence[tuple[int, int]], stages: list[tuple[int, int, P | None]]) -> list[P | None]:
    governing: list[P | None] = []
    index, current = 0, None
    for start, _ in spans:
        while index < len(stages) and stages[index][0] <= start:
            current = stages[index][2]
            index += 1
        governing.append(current)
    return governing


def _rank(line: str) -> int | None:
    return next((rank for rank, marker in enumerate(_MARKERS) if marker.match(line)), None)


def _heads(text: str, line: re.Match[str], one: _Placed) -> int:
    """Where the heading made of this stretch of time ends, or 0 where the line is none."""
    if one.weak or len(one.schedules) != 1 or isinstance(one.schedules[0], Every | Deadline):
        return 0
    if isinstance(one.schedules[0], Named) and not one.schedules[0].name.endswith(("季", "季度", "年初", "年终", "期")):
        return 0
    numbering = _NUMBERING.match(text, line.start(), line.end())
    body = numbering.end() if numbering else line.start()
    colon = next((m.end() for m in re.finditer("[:：]", line[0])), None)
    limits = [line.end()] if colon is None else [line.start() + colon, line.end()]
    for limit in limits:
        if limit >= one.end and limit - body <= 40 and _REST.match(text[body : one.start] + text[one.end : limit]):
            return limit
    return 0
