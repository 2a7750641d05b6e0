"""The outline of a plan: marks of every style, run-in headings, title and year."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.plans.reading.outline import find_outline, headings_above, title_and_year


def shape(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in find_outline(text)]


def test_numbering_styles_nest_in_the_order_of_official_documents() -> None:
    text = (
        "第一章 总则\n第一条 为规范工作,制定本办法。\n一、党的建设\n(一)组织建设\n1、班子\n每周碰头一次,商量工作。\n"
        "2、队伍\n每月学习一次,人人参加。\n（二）作风建设\n⑴下访\n每季走访一遍,记好日记。\n二、民生\n做好救助,一户不漏。\n"
    )
    assert shape(text) == [
        (1, "总则"),
        (2, "党的建设"),
        (3, "组织建设"),
        (4, "班子"),
        (4, "队伍"),
        (3, "作风建设"),
        (4, "下访"),
        (2, "民生"),
    ]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("1、扩大助餐点。再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        ("2.扩大助餐点：再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        ("３．扩大助餐点。再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        ("4)扩大助餐点。再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        ("①扩大助餐点。再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        ("一是扩大助餐点。再建两处,每天供应午餐和晚餐。", "扩大助餐点"),
        (
            "(三)做好助餐工作,今年在东区和西区再建两处助餐点,每天供应午餐和晚餐,由志愿者送到家中,每份不超过十元。",
            "做好助餐工作",
        ),
    ],
)
def test_run_in_heading_ends_at_its_first_sentence(line: str, title: str) -> None:
    assert shape(line) == [(1, title)]


@pytest.mark.parametrize(
    "text",
    [
        "1、清理楼道杂物;\n2、更换坏灯;\n3、疏通下水道。",
        "居民反映的问题已经转给物业,社区下周回访一次。",
        "6.26禁毒日前后开展宣传,发放手册三百份。",
        "3月底前完成选民登记,公布名单。",
        "12名楼长分片负责,每周碰头。",
        "",
        "\r\n\r\n",
    ],
)
def test_points_that_only_say_themselves_and_plain_prose_are_no_headings(text: str) -> None:
    assert shape(text) == []


def test_markdown_headings_keep_their_depth() -> None:
    assert shape("# 年度计划\n## 一、安全\n每季检查一次,逐户登记。\n## 二、文体\n每月放映一场电影。\n") == [
        (1, "年度计划"),
        (2, "安全"),
        (2, "文体"),
    ]


def test_list_in_brackets_stands_under_the_spoken_point_above_it() -> None:
    text = "一是办好实事。具体是:\n(1)修路。六月完工。\n(2)装灯。八月完工。\n二是管好队伍。每月练一次。"
    assert shape(text) == [(1, "办好实事"), (2, "修路"), (2, "装灯"), (1, "管好队伍")]


def test_headings_above_a_position_run_from_the_outermost_inwards() -> None:
    text = "一、安全\n(一)消防\n每季检查一次灭火器。\n二、文体\n每月放映一场电影。"
    outline = find_outline(text)
    assert headings_above(outline, text.index("每季")) == ("安全", "消防")
    assert headings_above(outline, text.index("每月")) == ("文体",)
    assert headings_above(outline, 0) == ()


@pytest.mark.parametrize(
    ("text", "title", "year"),
    [
        ("柳湾社区2027年工作计划\n一、安全\n每季检查一次。", "柳湾社区2027年工作计划", 2027),
        ("柳湾社区二〇二七年工作要点\n全年放映十场电影。", "柳湾社区二〇二七年工作要点", 2027),
        ("柳湾社区２０２７年工作要点\n全年放映十场电影。", "柳湾社区２０２７年工作要点", 2027),
        ("柳湾社区20__年工作计划\n全年放映十场电影。", "柳湾社区20__年工作计划", None),
        ("20xx年,社区将再办十件实事,请居民监督,年底公布结果,欢迎提出意见。", "", None),
        ("社区工作计划\n2026年办了九件实事。2027年再办十件,2027年底公布。", "社区工作计划", 2027),
        ("", "", None),
    ],
)
def test_title_and_year(text: str, title: str, year: int | None) -> None:
    assert title_and_year(text, find_outline(text)) == (title, year)


MARKS = st.sampled_from(
    ["一、", "(二)", "3、", "4.", "⑤", "(6)", "七是", "第八章", "# ", "- ", "\n", "\r\n", "。", ",", "安全", "检查"]
)


@given(st.lists(MARKS, max_size=60).map("".join))
def test_headings_lie_in_order_inside_the_text_and_inside_their_parents(text: str) -> None:
    outline = find_outline(text)
    for before, after in pairwise(outline):
        assert before.end <= after.start
    for heading in outline:
        assert text[heading.start : heading.end] == heading.title
        assert 0 <= heading.start < heading.end <= heading.body_end <= len(text)
        if heading.parent >= 0:
            parent = outline[heading.parent]
            assert parent.level == heading.level - 1
            assert parent.end <= heading.start < parent.body_end
