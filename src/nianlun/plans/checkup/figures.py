"""Figures of one plan that cannot both be meant: the same thing promised twice in different amounts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding
from nianlun.plans.reading.model import Item, Reading, Target

# Things counted anew in each activity: two figures of them are two things.
COUNTED_ANEW = re.compile(
    r"(?:参加|参与|参会|到场|出席|受益|培训|服务|覆盖|发放|宣传|检查|走访|慰问|组织)?(?:人数|人次|人员|人|次数|场次|面积|金额|资金|经费|户数|数量|材料|资料|比例|时间|时长)"
)
NOT_IN_METRIC = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9]|全年|今年|本年度?|年内|力争|计划|预计|确保|达到?|完成|不少于|不低于"
)
UP_TO_VERB = re.compile(r".*(?:举办|开展|召开|组织|配合|安排|完成|新建|建成|建立|设立|组建)(?=.{3})")
# Words by which a figure is a part of another, or comes on top.
PARTIAL = re.compile(
    r"其中|新增|增加|再|另|首批|第[一二三四]批|分别|每[个名户人社支家次场期]|各|平均|人均|户均|以上级|上级"
)
SHORTEST_METRIC = 3
BEFORE = 12


def contradictions(reading: Reading) -> Iterator[Finding]:
    """Each further figure for one thing with the first, where nothing in the text explains the difference."""
    groups: dict[tuple[str, str, str], list[tuple[int, Item, Target]]] = defaultdict(list)
    for index, item in enumerate(reading.items):
        for target in item.targets:
            metric = metric_of(target)
            if _comparable(reading, target, metric):
                groups[metric, target.unit, item.line].append((index, item, target))
    for (metric, unit, _), members in groups.items():
        first_index, first_item, first = members[0]
        for index, item, target in members[1:]:
            if index != first_index and _same_time(first_item, item) and not _compatible(first, target):
                detail = {"metric": metric, "here": amount(target, unit), "there": amount(first, unit)}
                yield Finding(Code.CONTRADICTION, target.start, target.end, index, detail)


def metric_of(target: Target) -> str:
    """The thing counted, without who does it and the verb: 学校配合举办法治讲座 counts 法治讲座."""
    return NOT_IN_METRIC.sub("", UP_TO_VERB.sub("", target.metric))


def _comparable(reading: Reading, target: Target, metric: str) -> bool:
    if target.implied or target.value is None or target.op == "increase":
        return False
    if len(metric) < SHORTEST_METRIC or COUNTED_ANEW.fullmatch(metric):
        return False
    return not PARTIAL.search(reading.text, max(0, target.start - BEFORE), target.end)


def _same_time(first: Item, second: Item) -> bool:
    """Figures of two halves of the year are two figures."""
    return {found.schedule for found in first.timings} == {found.schedule for found in second.timings}


def _bounds(target: Target) -> tuple[float, float]:
    value = target.value or 0.0
    match target.op:
        case "at_least":
            return value, float("inf")
        case "at_most":
            return float("-inf"), value
        case "range":
            return value, target.value2 if target.value2 is not None else value
    return value, value


def _compatible(first: Target, second: Target) -> bool:
    """Two lower bounds of different height are two promises; an exact figure may lie within a bound."""
    if first.op == second.op:
        return first.value == second.value and first.value2 == second.value2
    (low, high), (other_low, other_high) = _bounds(first), _bounds(second)
    return low <= other_high and other_low <= high


def amount(target: Target, unit: str) -> str:
    """A figure as it is read aloud: 12场, 至少95%, 100—150米."""
    value = "" if target.value is None else f"{target.value:g}" if abs(target.value) < 1e6 else f"{target.value:.0f}"
    match target.op:
        case "at_least":
            return f"至少{value}{unit}"
        case "at_most":
            return f"至多{value}{unit}"
        case "range":
            return f"{value}—{target.value2:g}{unit}" if target.value2 is not None else f"{value}{unit}"
        case "increase":
            return f"增加{value}{unit}"
    return f"{value}{unit}"
