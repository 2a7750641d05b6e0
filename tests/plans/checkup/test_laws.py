"""Laws and practices: what the table says, where a name is meant, and from which year it counts."""

from __future__ import annotations

from datetime import date

import pytest

from nianlun.plans.checkup import Code
from nianlun.plans.checkup.laws import shipped_laws
from tests.plans.checkup.readings import found, plan, words


@pytest.mark.parametrize(
    ("sentence", "replaced_by", "since"),
    [
        ("宣传《婚姻法》", "婚姻家庭编", "2021年1月1日"),
        ("宣传《中华人民共和国继承法》", "继承编", "2021年1月1日"),
        ("学习物权法、民法通则知识", "物权编", "2021年1月1日"),
        ("宣传《合同法》", "合同编", "2021年1月1日"),
        ("贯彻《信访条例》", "《信访工作条例》", "2022年5月1日"),
        ("执行《城市房屋拆迁管理条例》", "征收与补偿", "2011年1月21日"),
        ("宣传《婚姻法（修正案）》", "婚姻家庭编", "2021年1月1日"),
    ],
)
def test_repealed_laws(sentence: str, replaced_by: str, since: str) -> None:
    finding = found(plan(sentence), Code.REPEALED_LAW)[0]
    assert replaced_by in finding.remedy
    assert since in finding.cause and "《" in finding.cause
    assert finding.item == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "宣传《劳动合同法》",
        "学习劳动合同法知识",
        "《婚姻法》已由《民法典》取代，改讲婚姻家庭编",
        "讲解合同法律知识",
        "学习《某省信访条例》",
        "执行江苏省信访条例",
        "阅读《婚姻法释义》",
        "宣传《民法典》",
    ],
)
def test_laws_in_force_and_other_names_are_left_alone(sentence: str) -> None:
    assert not found(plan(sentence), Code.REPEALED_LAW)


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("宣传《老年人保护法》", "老年人保护法"),
        ("宣传未成年保护法", "未成年保护法"),
        ("依据《社区居民委员会组织法》换届", "社区居民委员会组织法"),
        ("宣传《垃圾分类法》", "垃圾分类法"),
        ("贯彻《计划生育法》", "计划生育法"),
    ],
)
def test_misnamed_laws(sentence: str, wrong: str) -> None:
    assert words(plan(sentence), Code.MISNAMED_LAW) == [wrong]


@pytest.mark.parametrize(
    "sentence",
    [
        "宣传《老年人权益保障法》",
        "宣传《人口与计划生育法》",
        "依据《城市居民委员会组织法》换届",
        "推广垃圾分类法",
        "宣传计划生育法律法规",
        "宣传《未成年人保护法》",
        "居委会组织法宣活动",
        "社区居委会组织法律讲座",
    ],
)
def test_right_names_are_left_alone(sentence: str) -> None:
    assert not found(plan(sentence, year=2040), Code.MISNAMED_LAW)


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("办理暂住证", "暂住证"),
        ("征收社会抚养费", "社会抚养费"),
        ("帮教刑释解教人员", "刑释解教"),
        ("推进七五普法", "七五普法"),
        ("会同工商所检查", "工商所"),
        ("代缴新农合", "新农合"),
    ],
)
def test_outdated_practices(sentence: str, word: str) -> None:
    assert words(plan(sentence), Code.OUTDATED) == [word]


@pytest.mark.parametrize(
    "sentence", ["办理居住证", "说明社会抚养费已取消", "总结八五普法终期成果", "落实独生子女父母光荣证持有人待遇"]
)
def test_practices_in_force(sentence: str) -> None:
    assert not found(plan(sentence), Code.OUTDATED)


def test_what_held_in_the_plan_s_year_is_right() -> None:
    assert not found(plan("宣传《婚姻法》", year=2015), Code.REPEALED_LAW)
    assert found(plan("宣传《婚姻法》", year=2021), Code.REPEALED_LAW)
    assert found(plan("宣传《婚姻法》", year=None), Code.REPEALED_LAW)


def test_a_revision_is_recalled_for_three_years() -> None:
    sentence = "宣传《治安管理处罚法》"
    years = [year for year in range(2024, 2032) if found(plan(sentence, year=year), Code.REVISED_LAW)]
    assert years == [2026, 2027, 2028]
    assert not found(plan(sentence, year=None), Code.REVISED_LAW)


def test_the_table_is_dated_and_sourced() -> None:
    for name, entry in shipped_laws().entries.items():
        assert isinstance(entry.since, date), name
        assert entry.source and entry.replaced_by and entry.kind in {"repealed", "misnamed", "practice", "revised"}
        assert entry.since <= date(2026, 11, 23), name
