"""The whole reading: what it holds, and that no text stops it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.plans.reading import read_plan
from nianlun.plans.reading.model import LINES
from nianlun.plans.reading.reader import NO_COMMITMENTS

PLAN = (
    "杏林社区2027年工作计划\n一、平安\n(一)消防安全\n"
    "每季度由网格员对沿街商铺检查一次消防设施,消除火灾隐患。\n二、文化\n举办邻里文艺汇演2场。\n"
)


def test_an_item_carries_its_place_headings_and_findings() -> None:
    reading = read_plan(PLAN)
    assert (reading.title, reading.year) == ("杏林社区2027年工作计划", 2027)
    assert not reading.warnings
    check, show = reading.items
    assert check.headings[-2:] == ("平安", "消防安全")
    assert show.headings[-1] == "文化"
    assert reading.quote(show) == "举办邻里文艺汇演2场"
    assert check.line in LINES


def test_explanations_are_written_only_when_asked_for() -> None:
    reading = read_plan(PLAN)
    plain = reading.to_json("p")["items"][0]
    explained = reading.to_json("p", explain=True)["items"][0]
    assert "rules" not in plain
    assert explained["rules"]
    assert plain["quote"] == PLAN[plain["start"] : plain["end"]]


def test_a_text_without_commitments_is_read_with_a_warning() -> None:
    reading = read_plan("今天天气很好。")
    assert reading.items == ()
    assert reading.warnings == (NO_COMMITMENTS,)


def test_line_ends_and_width_of_punctuation_change_no_commitment() -> None:
    def read(text: str) -> list[str]:
        reading = read_plan(text)
        return [reading.quote(item) for item in reading.items]

    assert read(PLAN.replace("\n", "\r\n")) == read(PLAN)
    assert read(PLAN.replace(",", "，")) == read(PLAN)


def test_long_text_without_a_stop_is_read() -> None:
    text = "组织居民开展活动" * 3000
    assert all(item.end <= len(text) for item in read_plan(text).items)


@settings(max_examples=60)
@given(
    st.text(
        alphabet=st.sampled_from("组织每月一次社区居民活动2027年底前、,。;:()“”《》%％\n\r\t #1一是为使"), max_size=300
    )
)
def test_any_text_is_read(text: str) -> None:
    reading = read_plan(text)
    assert all(text[item.start : item.end] for item in reading.items)
