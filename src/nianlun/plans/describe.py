"""What an item asks for, in Chinese words: on cards, in conflicts and in differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.reading.say import say
from nianlun.plans.reading.schedule import ScheduleError, from_json

OPS = {"eq": "", "at_least": "≥", "at_most": "≤", "range": "", "increase": "增加"}
OP_TITLES = {"eq": "等于", "at_least": "不少于", "at_most": "不超过", "range": "在…之间", "increase": "增加"}


def say_schedule(form: Mapping[str, Any]) -> str:
    """One schedule in words; one that cannot be understood says so."""
    try:
        return say(from_json(form))
    except ScheduleError:
        return "时限有误，请重新填写"


def number(value: float | int | None) -> str:
    """A figure as people write it: no trailing zeros, ten thousands as 万."""
    if value is None:
        return ""
    if abs(value) >= 10_000 and value % 1000 == 0:
        return f"{value / 10_000:g}万"
    return f"{value:g}" if abs(value) < 1_000_000 else f"{value:.0f}"


def say_target(form: Mapping[str, Any]) -> str:
    """One target in words: 培训居民 ≥200人."""
    op, unit = str(form.get("op", "eq")), str(form.get("unit", ""))
    value, value2 = form.get("value"), form.get("value2")
    amount = f"{number(value)}～{number(value2)}{unit}" if op == "range" else f"{number(value)}{unit}"
    if op == "increase" and value is None:
        amount = "（逐年上升）"
    return f"{form.get('metric', '')} {OPS.get(op, '')}{amount}".strip()


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
