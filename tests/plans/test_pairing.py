"""Items keep their identity by their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.plans.pairing import pair, share, solid


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        (["每月清洁一次楼道", "举办灯谜会"], ["举办灯谜会", "每月清洁一次楼道"], [1, 0]),
        (["每月清洁一次楼道，"], ["每月清洁一次楼道。"], [0]),
        (["每月组织一次楼道清洁行动"], ["每季度组织一次楼道清洁大行动"], [0]),
        (["每月组织一次楼道清洁行动"], ["建成老年助餐点两处"], [None]),
        (["召开例会", "召开例会"], ["召开例会", "召开例会"], [0, 1]),
        (["组织楼道清洁行动"], ["组织楼道清洁行动两次", "组织楼道清洁行动"], [None, 0]),
        ([], ["开展走访"], [None]),
        (["开展走访"], [], []),
    ],
)
def test_pairs(old: list[str], new: list[str], pairs: list[int | None]) -> None:
    assert pair(old, new) == pairs


def test_half_of_the_characters_is_enough_and_less_is_not() -> None:
    assert share("甲乙丙丁", "甲乙戊己") == 0.5
    assert pair(["甲乙丙丁"], ["甲乙戊己"]) == [0]
    assert pair(["甲乙丙丁戊"], ["甲乙庚辛壬"]) == [None]


texts = st.lists(st.text("甲乙丙丁，。", max_size=8), max_size=7)


@given(texts, texts)
def test_one_to_one_and_never_below_half(old: list[str], new: list[str]) -> None:
    pairs = pair(old, new)
    taken = [at for at in pairs if at is not None]
    assert len(taken) == len(set(taken))
    for text, at in zip(new, pairs, strict=True):
        if at is not None:
            assert solid(old[at]) == solid(text) or share(solid(old[at]), solid(text)) >= 0.5


@given(st.lists(st.text("甲乙丙丁", min_size=1, max_size=6), unique=True, max_size=7), st.randoms())
def test_moving_items_about_changes_none(old: list[str], random: object) -> None:
    new = list(old)
    random.shuffle(new)  # type: ignore[attr-defined]
    assert [old[at] for at in pair(old, new) if at is not None] == new
