"""Each pattern of the check-up with what it must find and what it must leave alone."""

from __future__ import annotations

import pytest

from nianlun.plans.checkup import Code
from nianlun.plans.reading.schedule import Every
from tests.plans.checkup.readings import bare, found, plan, words


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("不定期组织楼道清理", "不定期"),
        ("适时召开居民议事会", "适时"),
        ("条件成熟时开办老年食堂", "条件成熟时"),
        ("原则上每户发一份手册", "原则上"),
        ("添置若干健身器材", "若干"),
        ("使小区环境明显改善", "明显改善"),
        ("进一步加强楼长队伍建设", "进一步加强"),
        ("努力营造安全环境", "努力"),
        ("定期走访独居老人", "定期"),
        ("加大反诈宣传力度", "加大反诈宣传力度"),
    ],
)
def test_vague_words_are_found(sentence: str, word: str) -> None:
    assert words(bare(sentence), Code.VAGUE) == [word]


@pytest.mark.parametrize(
    "sentence", ["召开居民议事会", "培训积极分子", "酝酿楼组公约", "领导原则上同意的经费预算已下达"]
)
def test_plain_words_are_not_vague(sentence: str) -> None:
    assert not found(bare(sentence), Code.VAGUE)


def test_weak_words_pass_where_the_commitment_can_be_measured_strong_ones_never() -> None:
    assert not found(bare("进一步加强巡查", Every("week")), Code.VAGUE)
    assert not found(bare("努力办好12场演出", target=True), Code.VAGUE)
    assert words(bare("适时办好12场演出", target=True), Code.VAGUE) == ["适时"]


@pytest.mark.parametrize(
    ("sentence", "masks"),
    [
        ("20__年计划新建车棚", ["20__"]),
        ("20xx年新建车棚", ["20xx"]),
        ("202×年新建车棚", ["202×"]),
        ("XX社区新建车棚", ["XX"]),
        ("X街道新建车棚", ["X"]),
        ("由***负责", ["***"]),
        ("由××负责", ["××"]),
        ("某某社区新建车棚", ["某某"]),
        ("在某小区新建车棚", []),
        ("，某小区新建车棚", ["某"]),
        ("新建车棚____个", ["____"]),
        ("新建车棚（ ）个", ["（ ）"]),
        ("时间待定", ["待定"]),
        ("拟建车棚？？？个", ["？？？"]),
    ],
)
def test_masks(sentence: str, masks: list[str]) -> None:
    assert words(plan(sentence), Code.MASK) == masks


@pytest.mark.parametrize(
    "sentence",
    [
        "二〇二七年新建车棚",
        "建成20×20米的广场",
        "安装X光机一台",
        "每户3×2米",
        "下载APP说明书（附后）",
        "二○○八年建成",
        "2027年",
    ],
)
def test_no_masks(sentence: str) -> None:
    assert not found(plan(sentence), Code.MASK)


@pytest.mark.parametrize(
    ("sentence", "ground"),
    [
        ("对信访老户逐一建档，落实专人稳控", "信访"),
        ("建立刑满释放人员名册，掌握思想动态", "过去的刑罚"),
        ("摸排辖区信教群众，登记造册掌握底数", "信仰"),
        ("掌握少数民族流动人口动向", "民族"),
        ("对育龄妇女逐人建档，掌握孕情变化", "身体或健康状况"),
        ("节日期间加强对精神病患者的监控", "身体或健康状况"),
        ("敏感时期对重点人员实行24小时盯防", "说不清由来的“重点人员”身份"),
    ],
)
def test_lists_that_follow_people_need_a_legal_basis(sentence: str, ground: str) -> None:
    findings = found(plan("开展巡查", sentence), Code.FOLLOWS_PEOPLE)
    assert ground in {finding.detail["ground"] for finding in findings}
    assert all(finding.item == 1 and finding.remedy for finding in findings)


@pytest.mark.parametrize(
    "sentence",
    [
        "为刑满释放人员介绍就业岗位",
        "做好信访接待和矛盾排查",
        "排查消防隐患并建立台账",
        "经本人同意为精神障碍患者建立康复档案",
        "尊重信教群众的风俗习惯",
        "检查人员密集的重点场所",
        "为育龄妇女举办健康讲座",
    ],
)
def test_lawful_services_are_left_alone(sentence: str) -> None:
    assert not found(plan(sentence), Code.FOLLOWS_PEOPLE)


@pytest.mark.parametrize(
    "sentence",
    [
        "责令计划外怀孕者落实补救措施",
        "动员育龄妇女上环",
        "孕检率达到95%",
        "一律接种疫苗",
        "确保无政策外生育",
        "逐户督促查环查孕",
    ],
)
def test_compelled_medical_acts(sentence: str) -> None:
    assert found(plan(sentence), Code.COMPELS_MEDICAL)


@pytest.mark.parametrize(
    "sentence",
    [
        "组织免费体检",
        "宣传疫苗接种知识",
        "落实招引产业项目",
        "动员居民参与爱上环保活动",
        "落实人流疏导措施",
        "采取补救措施修复围墙",
    ],
)
def test_offers_of_health_care_are_left_alone(sentence: str) -> None:
    assert not found(plan(sentence), Code.COMPELS_MEDICAL)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("网格员每日打卡", "打卡"),
        ("推行签到积分", "打卡"),
        ("每月公布社工积分排名", "积分排名"),
        ("实行末位约谈", "积分排名"),
        ("要求党员为公众号文章点赞", "点赞"),
        ("转发量不少于200次", "点赞"),
        ("通报学习平台在线时长", "在线时长"),
        ("动员全体居民下载反诈APP", "下载"),
        ("公众号关注率达到80%", "下载"),
        ("巡查全程拍照上传", "拍照"),
        ("做好工作留痕", "拍照"),
    ],
)
def test_what_the_burden_rules_forbid(sentence: str, kind: str) -> None:
    findings = found(plan(sentence), Code.BURDEN)
    assert findings and all(kind in finding.cause for finding in findings)


@pytest.mark.parametrize(
    "sentence",
    [
        "打造网红打卡点",
        "积分兑换日用品",
        "得到居民点赞",
        "志愿者注册率达到15%",
        "为活动拍摄照片展",
        "安装烟感报警器",
        "举办消防演练",
    ],
)
def test_ordinary_work_is_no_burden(sentence: str) -> None:
    assert not found(plan(sentence), Code.BURDEN)
