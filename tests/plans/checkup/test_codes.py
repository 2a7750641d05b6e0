"""Every code is documented, numbered once, and its words can be filled from what is found."""

from __future__ import annotations

import json
import re
from pathlib import Path

from nianlun.plans.checkup import Code, KnownPlan, check_up
from nianlun.plans.reading import Reading, read_plan
from tests.plans.checkup.test_copies import COPY, HERE

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "checkup.md"


def test_numbers_are_unique_and_documented_with_their_titles() -> None:
    rows = dict(re.findall(r"^\| (N\d{3}) \| ([^|]+?) \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows == {code.number: code.value.title for code in Code}
    assert len({code.value for code in Code}) == len(Code)


def test_findings_are_in_order_and_can_be_stored() -> None:
    text = "某某社区计划\n一、适时宣传《婚姻法》。\n二、对信访老户逐一建档，每日打卡。\n"
    findings = check_up(read_plan(text), known=[KnownPlan("甲", text)], last_year=None)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)
    for finding in findings:
        form = json.loads(json.dumps(finding.to_json(), ensure_ascii=False))
        assert "{" not in form["cause"] + form["remedy"]
        assert 0 <= form["start"] < form["end"] <= len(text)


def test_a_copy_s_share_is_stored() -> None:
    [finding] = [f for f in check_up(Reading(COPY), known=[KnownPlan("枫林", HERE)]) if f.code is Code.COPY]
    form = finding.to_json()
    assert form["share"] > 0.9 and len(form["passages"][0]) == 4


def test_a_text_that_is_no_plan_gives_no_error() -> None:
    for text in ("", "\n", "hello", "，。；"):
        assert check_up(read_plan(text)) == ()
