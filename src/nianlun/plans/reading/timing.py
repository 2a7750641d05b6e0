"""When: schedules found in the text and given to the items that they govern."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from nianlun.plans.reading.beside import opens_fields, row_of, tells_of_the_past, trails
from nianlun.plans.reading.model import Timing
from nianlun.plans.reading.schedule import Every, Named, Schedule
from nianlun.plans.reading.stages import stage_of_each, yields_to
from nianlun.plans.reading.time_grammar import Frame, find_stated, squeeze

_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
_TITLE_YEAR = re.compile(r"(20\d\d)\s*年?[^。\n]{0,30}?(?:计划|要点|思路|打算|安排|方案)")
_PLAN_OF_NEXT_YEAR = re.compile(
    r"(?:明年|下一?年度?|来年)[^。\n]{0,8}(?:工作)?(?:计划|思路|打算|安排|要点|重点)|"
    r"总结[^\n]{0,12}(?:工作)?(?:计划|打算|思路)"
)
_LONGEST_SENTENCE = 600
_LEAD_WORDS = " 在从自于每“\"'到以"
_COMMA = re.compile(r"[,，;；:：]")
_BUT_A_TIME = re.compile(
    r"(?:[\d零一二两三四五六七八九十半每隔各全今明次本上下初中末底旬前后年月季度周天日号次份个第至到起止\s"
    r"（）()【】\[\]:：、,，。;；—\-~]|不少于|至少|期间|左右|完成|时间|时限|星期|学期)+"
)
_SENTENCE_END = re.compile(r"[。！!？?\n]")


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule at its place in the text, with the place of its count; `weak` where any other takes its place."""

    start: int
    end: int
    schedules: tuple[Schedule, ...]
    rule: str
    weak: bool
    count: tuple[int, int] | None = None


def frame_of(text: str) -> Frame:
    """The plan's own year, by its title or the first year that it names, and whether it calls that year 明年."""
    head = text[:400]
    named = _TITLE_YEAR.search(head) or _first_year(text[:2000])
    return Frame(int(named[1]) if named else None, bool(_PLAN_OF_NEXT_YEAR.search(text[:2000])))


def _first_year(head: str) -> re.Match[str] | None:
    """The first year that is named for what is to come, or else the first that is named near the top."""
    years = list(_YEAR.finditer(head))
    for year in years:
        start, end = _sentence_around(head, year.start())
        if not tells_of_the_past(head[start:end], None):
            return year
    return years[0] if years and years[0].start() < 400 else None


def _sentence_around(text: str, place: int) -> tuple[int, int]:
    start = max(text.rfind(sign, 0, place) for sign in "。！？\n") + 1
    return start, min((p for sign in "。！？\n" if (p := text.find(sign, place)) >= 0), default=len(text))


@lru_cache(maxsize=1)
def find_schedules(text: str) -> tuple[Found, ...]:
    """Every schedule that the text states, whether an item takes it or not; the last text's are kept."""
    squeezed = squeeze(text)
    return tuple(
        Found(
            *squeezed.source_span(s.start, s.end),
            s.schedules,
            s.rule,
            s.weak,
            squeezed.source_span(*s.count) if s.count else None,
        )
        for s in find_stated(squeezed, frame_of(text))
    )


def assign_timings(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Timing, ...]]:
    """For each item the schedules stated in it, beside it in its sentence, or by the stage it stands under."""
    found = _promised(text, find_schedules(text))
    acts = [index for index in range(len(spans)) if not _is_but_a_time(text, spans, index)]
    assigned: list[tuple[Timing, ...]] = [()] * len(spans)
    for index, timings in zip(acts, _assign(text, [spans[index] for index in acts], found), strict=True):
        assigned[index] = timings
    return assigned


def _assign(text: str, spans: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[tuple[Timing, ...]]:
    homes = _homes(spans, found)
    items = _Items(text, spans, [[] for _ in spans], set(), [])
    beside: set[Found] = set()
    for one, home, inside in homes:
        if inside:
            governed: Sequence[int] = [home]
        else:
            governed = [] if one.weak else _beside(items, home, one)
            if governed:
                beside.add(one)
        for item in governed:
            items.own[item].append(one)
        if _is_dated(one):
            items.dated.update(governed)
            if inside or not governed:
                items.dates.append(one.start)
    for one, home, inside in homes:
        if one.weak:
            continue
        if inside:
            _govern_following(items, home, one)
        elif one not in beside:
            _lead(items, home, one)
    stages = stage_of_each(text, spans, found)
    return [_timings(mine, stage) for mine, stage in zip(items.own, stages, strict=True)]


@dataclass(frozen=True, slots=True)
class _Items:
    """The items of a text, what each has been given, and which of them state a date or occasion of their own."""

    text: str
    spans: Sequence[tuple[int, int]]
    own: list[list[Found]]
    dated: set[int]
    dates: list[int]

    def same_sentence(self, end: int, item: int) -> bool:
        """Whether an item begins in the sentence that `end` lies in."""
        start = self.spans[item][0]
        return start - end <= _LONGEST_SENTENCE and not _SENTENCE_END.search(self.text, end, start)

    def still_holds(self, one: Found, item: int) -> bool:
        """Whether a date stated outside or before an item reaches it: no other date has taken over on the way."""
        if not self.same_sentence(one.end, item) or (_is_dated(one) and item in self.dated):
            return False
        following = bisect_left(self.dates, one.end)
        if following == len(self.dates) or self.dates[following] >= self.spans[item][0]:
            return True
        return not _COMMA.search(self.text, one.end, self.dates[following])


def _is_but_a_time(text: str, spans: Sequence[tuple[int, int]], index: int) -> bool:
    """Whether an item is nothing but a time ("（5月底前完成）") on the line of another, which the time is said of."""
    start, end = spans[index]
    if not _BUT_A_TIME.fullmatch(text, start, end):
        return False
    before = index > 0 and "\n" not in text[spans[index - 1][1] : start]
    return before or (index + 1 < len(spans) and "\n" not in text[end : spans[index + 1][0]])


def _homes(spans: Sequence[tuple[int, int]], found: Sequence[Found]) -> list[tuple[Found, int, bool]]:
    """Each schedule with the item that it stands in, or else the next one."""
    homes: list[tuple[Found, int, bool]] = []
    item = 0
    for one in found:
        while item < len(spans) and spans[item][1] <= one.start:
            item += 1
        homes.append((one, item, item < len(spans) and spans[item][0] < one.end))
    return homes


def _is_dated(one: Found) -> bool:
    return not one.weak and not isinstance(one.schedules[0], Every)


def _govern_following(items: _Items, home: int, one: Found) -> None:
    """A date set off by a comma at the head of a sentence holds for all that the sentence lists.

    So does a term ("每月一评") for all that the parentheses behind it tell about it.
    """
    text, start = items.text, items.spans[home][0]
    later = range(home + 1, len(items.spans))
    if close := _explained_until(text, one.end):
        for item in later:
            if items.spans[item][0] >= close:
                return
            items.own[item].append(one)
        return
    if (
        one.start - start > 8
        or not _is_dated(one)
        or text[start : one.start].strip(_LEAD_WORDS)
        or not _set_off(text, one)
    ):
        return
    if _sentence_start(text, start) < start - 12:
        return
    for item in later:
        if not items.still_holds(one, item):
            return
        items.own[item].append(one)


def _beside(items: _Items, after: int, one: Found) -> list[int]:
    """The items that a schedule between items stands beside: those of its row, or the one that it trails."""
    text, spans = items.text, items.spans
    if row := row_of(text, one.start):
        return list(range(bisect_left(spans, (row[0], 0)), bisect_left(spans, (row[1], 0))))
    if after == 0 or one.start - spans[after - 1][1] >= 60 or opens_fields(text[one.end : one.end + 12]):
        return []
    follows = after < len(spans) and items.same_sentence(one.end, after)
    gap = text[spans[after - 1][1] : one.start] + ("完成时限：" if one.rule == "deadline.field" else "")
    if trails(gap, text[one.end : spans[after][0]] if follows else None):
        return [after - 1]
    # What ends an item that was found too short.
    return [after - 1] if not follows and not re.search(r"[。！!？?;；\n]", gap) else []


def _lead(items: _Items, after: int, one: Found) -> None:
    """What stands before items holds for the next of its sentence, a date set off by a comma for all of them."""
    text, spans = items.text, items.spans
    for item in range(after, len(spans)):
        if not items.still_holds(one, item):
            return
        if item > after and not (_is_dated(one) and _set_off(text, one)):
            return
        items.own[item].append(one)


def _promised(text: str, found: Sequence[Found]) -> list[Found]:
    """The schedules that are not of what was done before the plan's period."""
    year = frame_of(text).year
    promised: list[Found] = []
    end, past = 0, False
    for one in found:
        if one.start >= end:
            start, end = _sentence_around(text, one.start)
            past = tells_of_the_past(text[start:end], year)
        if not past:
            promised.append(one)
    return promised


def _explained_until(text: str, end: int) -> int:
    """Where the parenthesis that opens at `end` closes, or 0; parentheses within it count."""
    opening = re.match(r"[”\"]?[(（]", text[end : end + 2])
    if opening is None:
        return 0
    depth = 0
    for place in range(end, min(len(text), end + 400)):
        depth += (text[place] in "(（") - (text[place] in ")）")
        if depth == 0 and text[place] in ")）":
            return place
    return 0


def _set_off(text: str, one: Found) -> bool:
    return bool(re.match(r"(?:期间|前后|前夕|之际|左右|里|以前)?[”\"]?\s*[,，:：]", text[one.end : one.end + 6]))


def _sentence_start(text: str, start: int) -> int:
    """Where the sentence of `start` begins."""
    head = text[max(0, start - 200) : start]
    ends = [m.end() for m in _SENTENCE_END.finditer(head)]
    return start - len(head) + (ends[-1] if ends else 0)


def _timings(mine: list[Found], stage: Found | None) -> tuple[Timing, ...]:
    """One schedule of each normal form; a bare count only where nothing else is said, a stage only if undated."""
    strong = [one for one in mine if not one.weak]
    if stage is not None and not yields_to([s for one in strong for s in one.schedules]):
        strong.append(stage)
    chosen = strong or mine
    timings: dict[object, Timing] = {}
    for one in chosen:
        for schedule in one.schedules:
            timings.setdefault(_normal(schedule), Timing(one.start, one.end, schedule, one.rule))
    return tuple(sorted(timings.values(), key=lambda t: t.start))


def _normal(schedule: Schedule) -> object:
    match schedule:
        case Every(unit, interval, times, months):
            return (unit, interval, times, months)
        case Named(name):
            return name
    return schedule
