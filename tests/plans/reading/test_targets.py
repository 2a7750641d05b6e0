"""Figures that a result can be checked against, told from numbers that only name or adorn."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nianlun.plans.reading.model import Target
from nianlun.plans.reading.targets import assign_targets

CASES: list[tuple[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "targets.yaml").read_text(encoding="utf-8")
)


def shorthand(target: Target) -> str:
    if target.implied:
        return "all" if target.value else "none"
    values = [
        f"{value:g}" if value < 10_000 else f"{value:.0f}"
        for value in (target.value, target.value2)
        if value is not None
    ]
    return " ".join([target.op, *values, *([target.unit] if target.unit else [])])


@pytest.mark.parametrize(("sentence", "promised"), CASES, ids=[sentence for sentence, _ in CASES])
def test_a_sentence_promises_its_figures(sentence: str, promised: list[str]) -> None:
    (targets,) = assign_targets(sentence, [(0, len(sentence))])
    assert [shorthand(target) for target in targets] == promised


def test_a_target_keeps_its_place_and_the_thing_counted() -> None:
    text = "一、民生保障。为独居老人安装“智能”门磁 120 个；居民满意度达到９５％。"
    spans = [(7, text.index("；")), (text.index("；") + 1, len(text) - 1)]
    (sensors,), (content,) = assign_targets(text, spans)
    assert (sensors.value, sensors.unit) == (120, "个")
    assert text[sensors.start : sensors.end].endswith("120 个")
    assert (content.metric, content.op, content.value) == ("居民满意度", "at_least", 95)
    assert text[content.start : content.end] == "居民满意度达到９５％"


@pytest.mark.parametrize(
    ("sentence", "counted"),
    [
        ("年底前更换老旧灭火器60具", "老旧灭火器"),
        ("今年6月底前新建口袋公园2个", "口袋公园"),
        ("全年举办讲座12场", "讲座"),
        ("下半年投放分类垃圾桶80组", "分类垃圾桶"),
    ],
)
def test_the_thing_counted_holds_no_time(sentence: str, counted: str) -> None:
    (targets,) = assign_targets(sentence, [(0, len(sentence))])
    assert [target.metric for target in targets] == [counted]
