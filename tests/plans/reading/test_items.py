"""Commitments told from ideology, headings, purposes, explanations and past results, on sentences of our own."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.plans.reading.clauses import paragraphs_of
from nianlun.plans.reading.item_features import look
from nianlun.plans.reading.items import find_items
from nianlun.plans.reading.lexicon import tokens
from nianlun.plans.reading.outline import find_outline


def quotes(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in find_items(text, find_outline(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每季度召开一次居民议事会,不断提高居民的参与意识。", ["每季度召开一次居民议事会"]),
        ("为二十户困难家庭发放米面油,使他们感受到社区的温暖。", ["为二十户困难家庭发放米面油"]),
        ("社区将组建一支护河志愿队。", ["组建一支护河志愿队"]),
        ("同时,我们还将为独居老人安装一键呼叫器。", ["为独居老人安装一键呼叫器"]),
        ("利用宣传栏、微信群,宣传防汛知识。", ["利用宣传栏、微信群,宣传防汛知识"]),
        ("建立居民健康档案,举办健康讲座四场。", ["建立居民健康档案", "举办健康讲座四场"]),
        ("每月组织一次大扫除，做到不留死角，营造整洁的环境。", ["每月组织一次大扫除"]),
    ],
)
def test_commitments_are_cut_from_links_and_closing_purposes(text: str, expected: list[str]) -> None:
    assert quotes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "以科学理论为指导,以居民满意为目标,以改革创新为动力,努力开创社区工作新局面。",
        "一、指导思想\n坚持以人为本,牢固树立服务意识,不断增强凝聚力。",
        "去年我们取得了一定成绩,受到了居民的好评,但是还存在不少问题。",
        "社区是城市的细胞,是居民生活的家园,具有十分重要的地位。",
        "",
        "   \r\n\t",
        "。。。,,,;;;",
    ],
)
def test_ideology_results_and_explanations_are_no_commitments(text: str) -> None:
    assert quotes(text) == []


def test_headings_on_lines_of_their_own_are_no_commitments() -> None:
    text = "一、组织开展文体活动\n每季度举办一场歌咏比赛。\n二、举办各类培训\n开设电工培训班两期。"
    assert quotes(text) == ["每季度举办一场歌咏比赛", "开设电工培训班两期"]


def test_every_item_names_what_decided() -> None:
    text = "每季度召开一次居民议事会。"
    [(_, _, reasons)] = find_items(text, find_outline(text))
    assert reasons
    assert all(reason.startswith("item:") for reason in reasons)


def test_clauses_keep_quotations_asides_and_dates_whole() -> None:
    text = "开展“学法,守法”活动(五月、六月,共两次),6.26前后发放手册.随后总结"
    [paragraph] = paragraphs_of(text, ())
    assert [text[clause.start : clause.end] for clause in paragraph.clauses] == [
        "开展“学法,守法”活动(五月、六月,共两次)",
        "6.26前后发放手册",
        "随后总结",
    ]


def test_a_number_behind_a_colon_is_no_part_of_the_clause() -> None:
    text = "五月份:1、组织一次义诊;2、清洗水箱。"
    [paragraph] = paragraphs_of(text, ())
    assert [text[clause.start : clause.end] for clause in paragraph.clauses] == ["五月份", "组织一次义诊", "清洗水箱"]


def test_works_in_a_row_are_clauses_of_their_own() -> None:
    text = "做好灵活就业补贴申领工作、退休人员体检登记工作。"
    [paragraph] = paragraphs_of(text, ())
    assert [text[clause.start : clause.end] for clause in paragraph.clauses] == [
        "做好灵活就业补贴申领工作",
        "退休人员体检登记工作",
    ]


def test_the_title_of_a_draft_is_no_commitment() -> None:
    assert quotes("柳荫社区2027年工作计划（征求意见稿）\n每季度举办一场歌咏比赛。") == ["每季度举办一场歌咏比赛"]


@pytest.mark.parametrize(
    ("words", "opening"),
    [
        ("依托社区学校", "means"),
        ("以老年食堂为平台", "as"),
        ("对新入住的家庭", "preposition"),
        ("书记任组长", "posts"),
        ("室外健身点", "noun"),
        ("举办一场歌咏比赛", ""),
    ],
)
def test_clauses_that_only_open_the_next_are_known(words: str, opening: str) -> None:
    assert look(words).opening == opening


def test_longest_word_wins() -> None:
    assert tokens("建立健全领导小组") == [(0, "建立健全", "manage"), (4, "领导小组", "thing_n")]


PIECES = st.sampled_from(
    [
        "组织",
        "开展",
        "活动",
        "“",
        "”",
        "(",
        ")",
        "《",
        ",",
        "。",
        ";",
        "\n",
        "\r\n",
        "一是",
        "1、",
        "将",
        "社区",
        "为",
        "\t",
        "|",
        " ",
        "3",
        ".",
    ]
)


@given(st.one_of(st.lists(PIECES, max_size=80).map("".join), st.text(max_size=200)))
def test_items_are_in_order_apart_and_inside_any_text(text: str) -> None:
    found = find_items(text, find_outline(text))
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1. 3月和9月各举办一期网格员培训班。", "3月和9月各举办一期网格员培训班"),
        ("2.6月底前完成出租房屋登记。", "6月底前完成出租房屋登记"),
        ("3、30户困难家庭逐一上门走访慰问。", "30户困难家庭逐一上门走访慰问"),
    ],
)
def test_a_figure_that_begins_a_commitment_is_not_its_number(line: str, said: str) -> None:
    text = f"一、培训与走访\n{line}\n4、每月组织一次消防安全检查。\n"
    found = [text[start:end] for start, end, _ in find_items(text, find_outline(text))]
    assert said in found
