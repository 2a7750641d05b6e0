"""The rows of the table, in the words that are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.reading.model import Item, Reading, Target
from nianlun.plans.reading.say import say

# Title and width of each column, in characters of the sheet.
COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 8),
    ("条线", 14),
    ("任务", 48),
    ("目标", 22),
    ("时限", 20),
    ("责任人", 16),
    ("所在标题", 28),
    ("原文位置", 12),
)
SUFFIX = "任务分解表"
CENTRED = {0, 1, 7}
FONT = "宋体"
BETWEEN = "；"
OPS = {"eq": "", "at_least": "不少于", "at_most": "不超过", "range": "", "increase": "增加"}


@dataclass(frozen=True, slots=True)
class Row:
    """One commitment in the words of the table; `place` is where it stands in the plan's text."""

    number: int
    line: str
    task: str
    targets: str = ""
    timing: str = ""
    owners: str = ""
    heading: str = ""
    place: str = ""

    def cells(self) -> tuple[str, ...]:
        return (
            str(self.number), self.line, self.task, self.targets, self.timing, self.owners, self.heading, self.place,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breakdown:
    """The table of one plan; `name` names its sheet."""

    name: str
    title: str
    rows: tuple[Row, ...]


def breakdown_of(name: str, reading: Reading) -> Breakdown:
    """The table of a plan as read, in the order of its text."""
    rows = tuple(_row(number, item, reading) for number, item in enumerate(reading.items, start=1))
    return Breakdown(name, reading.title or name, rows)


def _row(number: int, item: Item, reading: Reading) -> Row:
    return Row(
        number=number,
        line=LINE_TITLES.get(item.line, item.line),
        task=" ".join(reading.quote(item).split()),
        targets=BETWEEN.join(_unique(say_target(target) for target in item.targets)),
        timing=BETWEEN.join(_unique(say(found.schedule) for found in item.timings)),
        owners="、".join(_unique(owner.name for owner in item.owners)),
        heading=" / ".join(heading for heading in item.headings if heading != reading.title),
        place=f"第{reading.text.count(chr(10), 0, item.start) + 1}行",
    )


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def say_target(target: Target) -> str:
    """A figure promised, in words: 法治讲座：不少于12场."""
    value = figure(target.value)
    if target.op == "range" and target.value2 is not None:
        value = f"{value}—{figure(target.value2)}"
    amount = f"{OPS[target.op]}{value}{target.unit}"
    return f"{target.metric}：{amount}" if target.metric and amount else target.metric or amount


def figure(value: float | None) -> str:
    """A number without needless zeros, never in powers of ten."""
    if value is None:
        return ""
    return f"{value:.0f}" if value == int(value) else f"{value:.4f}".rstrip("0")


def heading_of(breakdown: Breakdown) -> str:
    return breakdown.title if breakdown.title.endswith(SUFFIX) else f"{breakdown.title}{SUFFIX}"
