"""Two figures for one thing contradict each other only where nothing in the text explains them."""

from __future__ import annotations

from dataclasses import replace

from nianlun.plans.checkup import Code
from nianlun.plans.reading import Item, Reading, Target, Timing
from nianlun.plans.reading.model import Op
from nianlun.plans.reading.schedule import Point as P
from nianlun.plans.reading.schedule import Schedule, Window
from tests.plans.checkup.readings import found

FIRST, SECOND = Window(P(1), P(6)), Window(P(7), P(12))


Figure = tuple[str, str, Op, float]


def figure(sentence: str, value: float, op: Op = "eq", metric: str = "法治讲座") -> Figure:
    return sentence, metric, op, value


def promised(*figures: Figure, line: str = "law", schedules: tuple[Schedule, ...] = ()) -> Reading:
    """A plan of (sentence, metric, op, value) items, the figure at each sentence's end."""
    text, items = "", []
    for number, (sentence, metric, op, value) in enumerate(figures):
        start, text = len(text), text + sentence + "。"
        target = Target(len(text) - 4, len(text) - 1, metric, op, value, "场")
        timings = (Timing(start, start + 1, schedules[number]),) if schedules else ()
        items.append(Item(start, len(text) - 1, line, (target,), timings))
    return Reading(text, 2027, "", (), tuple(items))


def test_the_same_thing_in_two_amounts() -> None:
    reading = promised(
        figure("全年举办法治讲座12场", 12), figure("普法方面举办法治讲座10场", 10, metric="学校配合举办法治讲座")
    )
    [finding] = found(reading, Code.CONTRADICTION)
    assert finding.item == 1
    assert "12场" in finding.cause and "10场" in finding.cause


def test_two_lower_bounds_contradict_and_a_figure_within_a_bound_does_not() -> None:
    low = figure("举办法治讲座至少12场", 12, "at_least")
    assert found(promised(low, figure("举办法治讲座至少20场", 20, "at_least")), Code.CONTRADICTION)
    assert not found(promised(low, figure("举办法治讲座14场", 14)), Code.CONTRADICTION)
    assert found(promised(low, figure("举办法治讲座10场", 10)), Code.CONTRADICTION)


def test_explained_figures_are_left_alone() -> None:
    whole = figure("全年举办法治讲座12场", 12)
    for sentence in ("其中青少年法治讲座3场", "再增加法治讲座3场", "每个小区法治讲座3场"):
        assert not found(promised(whole, figure(sentence, 3)), Code.CONTRADICTION)
    assert not found(promised(whole, figure("举办法治讲座12场", 12)), Code.CONTRADICTION)
    assert not found(promised(whole, figure("组织义诊3场", 3, metric="义诊活动")), Code.CONTRADICTION)


def test_two_halves_of_the_year_are_two_figures() -> None:
    figures = (figure("举办法治讲座12场", 12), figure("举办法治讲座10场", 10))
    assert not found(promised(*figures, schedules=(FIRST, SECOND)), Code.CONTRADICTION)
    assert found(promised(*figures, schedules=(FIRST, FIRST)), Code.CONTRADICTION)


def test_what_is_counted_anew_each_time_is_left_alone() -> None:
    reading = promised(figure("参加人数60场", 60, metric="参加人数"), figure("参加人数80场", 80, metric="参加人数"))
    assert not found(reading, Code.CONTRADICTION)


def test_other_units_and_lines_are_other_things() -> None:
    reading = promised(figure("举办法治讲座12场", 12), figure("举办法治讲座10场", 10))
    first, second = reading.items
    other_line = replace(reading, items=(first, replace(second, line="elderly")))
    other_unit = replace(reading, items=(first, replace(second, targets=(replace(second.targets[0], unit="人"),))))
    assert not found(other_line, Code.CONTRADICTION)
    assert not found(other_unit, Code.CONTRADICTION)
