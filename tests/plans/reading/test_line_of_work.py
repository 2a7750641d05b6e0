"""Lines of work: at the borders that people find hard, under headings, and on whole plans made up for these tests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from nianlun.plans.reading.line_of_work import assign_lines
from nianlun.plans.reading.model import Heading
from nianlun.plans.reading.outline import find_outline
from nianlun.plans.reading.owners import assign_owners
from nianlun.plans.reading.vocabulary import build_lexicon

CASES = Path(__file__).parent / "cases"
MARKED = re.compile(r"【(?P<item>[^】]*)】<(?P<line>\w+)(?::(?P<owners>[^>]*))?>")
NUMERALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def cases(name: str) -> Any:
    return yaml.safe_load((CASES / name).read_text(encoding="utf-8"))


def plan_hits(plan: dict[str, Any]) -> tuple[int, int]:
    """How many items of a plan get their line, of how many."""
    text, spans, gold = plan["title"] + "\n", [], []
    for numeral, section in zip(NUMERALS, plan["sections"], strict=False):
        text += f"{numeral}、{section['heading']}\n"
        for line, item in section["items"]:
            spans.append((len(text), len(text) + len(item)))
            gold.append(line)
            text += item + "。"
        text += "\n"
    lines = [line for line, _ in assign_lines(text, spans, find_outline(text))]
    return sum(line == right for line, right in zip(lines, gold, strict=True)), len(gold)


def probe_figures(name: str) -> tuple[float, float]:
    """Line accuracy and owner F1 over plans in which 【】 marks an item, <line:owners> behind it what is right."""
    right = items = found = wanted = both = 0
    for plan in (CASES / name).read_text(encoding="utf-8").split("=== ")[1:]:
        text, spans, gold, read = "", [], [], 0
        for match in MARKED.finditer(plan):
            text += plan[read : match.start()]
            spans.append((len(text), len(text) + len(match["item"])))
            gold.append((match["line"], set(filter(None, (match["owners"] or "").split("、")))))
            text, read = text + match["item"], match.end()
        text += plan[read:]
        lines = assign_lines(text, spans, find_outline(text))
        for (line, _), owners, (right_line, right_owners) in zip(lines, assign_owners(text, spans), gold, strict=True):
            names = {owner.name for owner in owners}
            right, items = right + (line == right_line), items + 1
            found, wanted, both = found + len(names), wanted + len(right_owners), both + len(names & right_owners)
    return right / items, 2 * both / (found + wanted)


def alone(sentence: str) -> str:
    ((line, _),) = assign_lines(sentence, [(0, len(sentence))], ())
    return line


def share_right(plans: list[dict[str, Any]]) -> float:
    hits = [plan_hits(plan) for plan in plans]
    return sum(right for right, _ in hits) / sum(items for _, items in hits)


def test_items_of_a_general_plan() -> None:
    assert share_right([cases("lines_general.yaml")]) >= 0.97


def test_items_of_plans_of_single_offices() -> None:
    assert share_right(cases("lines_offices.yaml")["plans"]) >= 0.89


def test_items_of_a_plan_for_which_no_word_was_added() -> None:
    assert share_right([cases("lines_second.yaml")]) >= 0.88


@pytest.mark.parametrize(
    ("plans", "least_line", "least_owner"),
    [("lines_probe.txt", 0.85, 0.95), ("lines_probe_second.txt", 0.84, 0.90)],
)
def test_items_of_plans_in_prose(plans: str, least_line: float, least_owner: float) -> None:
    line, owner = probe_figures(plans)
    assert line >= least_line
    assert owner >= least_owner


def test_the_theme_of_a_plan_carries_items_with_few_words_of_their_own() -> None:
    item = "全年走遍每一户，讲一讲怎样预约"
    general = f"新年安排\n一、其他\n{item}。"
    of_one_office = (
        f"卫生服务中心计划\n为方便居民看病，做好签约和随访。\n一、疫苗接种\n给儿童接种疫苗。\n二、其他\n{item}。"
    )
    for text, right in ((general, False), (of_one_office, True)):
        start = text.index(item)
        ((line, rules),) = assign_lines(text, [(start, start + len(item))], find_outline(text))
        assert (line == "health") is right
        assert ("theme→health" in rules) is right


def test_sentences_without_a_heading() -> None:
    items = [*cases("lines_alone.yaml")["items"], *cases("lines_second.yaml")["alone"]]
    assert sum(alone(sentence) == line for line, sentence in items) / len(items) >= 0.94


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("调解业主与物业公司的纠纷", "property"),
        ("为老年人办一场歌咏晚会", "elderly"),
        ("给育龄妇女做免费孕检", "health"),
        ("帮助退役军人和残疾人", "welfare"),
        ("登记出租房和流动人口", "grid"),
        ("接待来信来访，调解邻里纠纷", "security"),
        ("办一场法律讲座", "law"),
        ("组织消防演练", "safety"),
        ("劝止违法搭建", "environment"),
        ("评选文明楼道", "culture"),
        ("按月公开居务", "governance"),
        ("按月公开财务收支", "finance"),
        ("对社区工作者进行业务培训", "workforce"),
        ("对党员进行党性教育", "party"),
        ("放学后照看无人接的学生", "education"),
    ],
)
def test_hard_borders(sentence: str, line: str) -> None:
    assert alone(sentence) == line


def test_an_item_without_words_of_its_own_takes_the_line_of_its_heading() -> None:
    text = "一、加强消防安全\n上下半年各走一遍，逐户做好记录。"
    heading = Heading(2, 8, 1, "加强消防安全", len(text))
    ((line, rules),) = assign_lines(text, [(9, len(text) - 1)], [heading])
    assert line == "safety"
    assert "heading→safety" in rules


def test_a_decisive_word_stands_against_the_heading() -> None:
    text = "一、协调发展各项事业\n办好招聘会。为低保家庭申请临时救助。组织居民登记失业。"
    start = text.index("为低保")
    ((line, rules),) = assign_lines(text, [(start, start + 11)], [Heading(2, 10, 1, "协调发展各项事业", len(text))])
    assert line == "welfare"
    assert rules[0].startswith("word:低保") and rules[0].endswith("→welfare")


def test_who_does_a_thing_says_little_about_its_line() -> None:
    assert alone("组织党员、民警对楼道进行大扫除") == "environment"


def test_nothing_known_falls_back_and_says_so() -> None:
    assert assign_lines("天气晴朗", [(0, 4)], ()) == [("governance", ("fallback→governance",))]


def test_another_vocabulary_can_be_handed_in() -> None:
    lexicon = build_lexicon({"union": {"decisive": "晴朗"}})
    ((line, rules),) = assign_lines("天气晴朗", [(0, 4)], (), lexicon=lexicon)
    assert line == "union"
    assert rules[0] == "word:晴朗→union"
