"""Near copies are found through changed names, years and figures; plans on the same subjects are not copies."""

from __future__ import annotations

import random
from itertools import permutations
from pathlib import Path

import pytest

from nianlun.plans.checkup import Code, Finding, KnownPlan, check_up
from nianlun.plans.reading import Reading

HERE = (
    "枫林社区2026年工作计划\n一、把楼道里的事谈明白。枫林社区每个单元推选一名楼长，每逢双月在架空层摆开长桌，请邻居们坐下来说说漏水、停车和遛狗。\n"
    "二、让老人按时吃上热饭。社区食堂周一至周六供应午餐，为走不动的38位老人送餐上门，党员志愿者轮流值班，菜单提前一周贴在门口。\n"
    "三、把隐患清出家门。请燃气公司的师傅全年入户查软管460户，替独居老人更换老化的灶具，楼道里的旧家具由物业约好日子统一拉走。\n"
)
OTHER = (
    "石桥社区2026年工作计划\n一、就业服务。石桥社区春秋两季各办一场招聘会，把附近园区的岗位用大白话写在展板上，对找工作超过半年的居民一人一策。\n"
    "二、环境整治。四月起每个周五上午组织居民代表查看沟渠、垃圾房和公厕，发现的问题拍板到人，下周五回头看，整改结果写进公开栏。\n"
)
COPY = (
    HERE.replace("枫林社区", "XX社区").replace("2026", "20__").replace("38位", "41位").replace("460户", "___户")
    .replace("燃气公司的师傅", "燃气企业师傅").replace("，", ",")
)  # fmt: skip


def compared(text: str, *known: KnownPlan, last_year: KnownPlan | None = None) -> list[Finding]:
    findings = check_up(Reading(text), known=known, last_year=last_year)
    return [finding for finding in findings if finding.code in {Code.COPY, Code.LAST_YEAR}]


def test_a_masked_copy_is_found_with_its_passages() -> None:
    [finding] = compared(COPY, KnownPlan("石桥2026", OTHER), KnownPlan("枫林2026", HERE))
    assert finding.code is Code.COPY and "枫林2026" in finding.cause
    assert finding.share is not None and finding.share > 0.9
    for passage in finding.passages:
        mine, theirs = COPY[passage.start : passage.end], HERE[passage.other_start : passage.other_end]
        assert mine[:2] == theirs[:2] and mine[-2:] == theirs[-2:]


def test_the_share_is_of_this_plan() -> None:
    half = HERE + OTHER + "".join(reversed(OTHER)) * 2
    [finding] = compared(half, KnownPlan("枫林", HERE))
    assert finding.share is not None and 0.2 < finding.share < 0.6


def test_other_plans_are_no_copies() -> None:
    assert not compared(OTHER, KnownPlan("枫林", HERE))
    assert not compared("", KnownPlan("枫林", HERE))
    assert not compared(HERE, KnownPlan("空", ""))


def test_last_year_s_own_plan_is_told_apart_and_not_twice() -> None:
    own = KnownPlan("枫林2026", HERE)
    [finding] = compared(COPY, own, last_year=own)
    assert finding.code is Code.LAST_YEAR


def test_shuffled_paragraphs_are_found() -> None:
    paragraphs = HERE.splitlines()
    random.Random(7).shuffle(paragraphs)
    assert compared("\n".join(paragraphs), KnownPlan("枫林", HERE))


SHARED = Path(__file__).resolve().parents[4] / "shared" / "plans"
PAIRS = {("plan-13", "plan-02"), ("plan-19", "plan-14"), ("plan-23", "plan-18"), ("plan-24", "plan-04")}
UNREAD = {"plan-07", "plan-10", "plan-17"}


@pytest.mark.skipif(not (SHARED / "copies").is_dir(), reason="the plans are not beside the checkout")
def test_real_near_copies_are_found_and_no_other_pair() -> None:
    paths = [*SHARED.glob("plan-*.txt"), *(SHARED / "copies").glob("plan-*.txt")]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in paths if path.stem not in UNREAD}
    pairs = {
        (mine, other) for mine, other in permutations(texts, 2) if compared(texts[mine], KnownPlan(other, texts[other]))
    }
    assert pairs == PAIRS | {(original, copy) for copy, original in PAIRS}
