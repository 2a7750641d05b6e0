"""Owners: those whom an item makes responsible, not those whom it serves, trains or praises."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nianlun.plans.reading.owners import assign_owners

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "owners.yaml").read_text(encoding="utf-8"))


def names(text: str, start: int = 0) -> list[str]:
    (owners,) = assign_owners(text, [(start, len(text))])
    return [owner.name for owner in owners]


@pytest.mark.parametrize(("sentence", "owners"), CASES, ids=[sentence for sentence, _ in CASES])
def test_owner_of_a_sentence(sentence: str, owners: list[str]) -> None:
    assert names(sentence) == owners


def test_an_owner_stands_where_its_name_stands() -> None:
    text = "年内，由网格长负责更新台账"
    (owners,) = assign_owners(text, [(3, len(text))])
    assert [(text[owner.start : owner.end], owner.rule) for owner in owners] == [("网格长", "by")]


def test_the_doer_named_before_an_item_in_its_sentence_owns_it() -> None:
    text = "社区民警要掌握辖区情况，每月走访重点单位。每季度清点物资"
    first, second = assign_owners(text, [(12, 20), (21, len(text))])
    assert [owner.name for owner in first] == ["社区民警"]
    assert second == ()


def test_a_name_repeated_is_one_owner() -> None:
    assert names("由网格员负责登记，由网格员负责上报") == ["网格员"]


def test_one_who_does_an_item_owns_the_next_only_where_told_to() -> None:
    for text, owners in (("楼长带头清扫，张贴告示", []), ("楼长要带头清扫，张贴告示", ["楼长"])):
        comma = text.index("，")
        _, second = assign_owners(text, [(0, comma), (comma + 1, len(text))])
        assert [owner.name for owner in second] == owners


def test_a_label_behind_an_item_names_its_owners_whatever_they_are_called() -> None:
    text = "更换楼道灯泡（责任人：老周、小吴）。清洗水箱。"
    first, second = assign_owners(text, [(0, 6), (text.index("清洗"), len(text) - 1)])
    assert [(owner.name, owner.rule) for owner in first] == [("老周", "label"), ("小吴", "label")]
    assert second == ()


def test_a_body_that_no_list_names_is_charged() -> None:
    assert names("由便民代办处理站负责收件") == ["便民代办处理站"]
