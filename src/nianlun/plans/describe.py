"""What an item asks for, in Chinese words: on cards, in conflicts and in differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.breakdown.rows import say_target as target_words
from nianlun.plans.reading import Target
from nianlun.plans.reading.say import say
from nianlun.plans.reading.schedule import ScheduleError, from_json

OP_TITLES = {"eq": "等于", "at_least": "不少于", "at_most": "不超过", "range": "在…之间", "increase": "增加"}


def say_schedule(form: Mapping[str, Any]) -> str:
    """One schedule in words; one that cannot be understood says so."""
    try:
        return say(from_json(form))
    except ScheduleError:
        return "时限有误，请重新填写"


def say_target(form: Mapping[str, Any]) -> str:
    """One target in words: 培训居民：不少于200人."""
    return target_words(target_of(form))


def target_of(form: Mapping[str, Any], start: int = 0, end: int = 0) -> Target:
    """A target from its form; `start` and `end` are its place where the form has none."""
    return Target(
        form.get("start", start), form.get("end", end), form.get("metric", ""), form.get("op", "eq"),
        form.get("value"), form.get("unit", ""), form.get("value2"), bool(form.get("implied")), form.get("rule", ""),
    )  # fmt: skip


def in_words(
    line: str, owners: Sequence[str], targets: Sequence[Mapping[str, Any]], schedules: Sequence[Mapping[str, Any]]
) -> str:
    """The four things that a reviewer may set, one a line."""
    return "\n".join(
        (
            f"条线：{LINE_TITLES.get(line, line)}",
            f"责任人：{'、'.join(owners) or '无'}",
            f"目标：{'；'.join(map(say_target, targets)) or '无'}",
            f"时限：{'；'.join(map(say_schedule, schedules)) or '无'}",
        )
    )
