"""A checklist as it was taken: complete, scored by weight, and what of it opens something else."""

from __future__ import annotations

import pytest

from nianlun.kernel.fields import FieldError
from nianlun.ledgers.declarations.checklist import Checklist
from nianlun.ledgers.rules.points import rows_not_met, take

POINTS = [
    {"code": "a", "title": "通道畅通", "weight": 6, "grave": True, "remedy": "立即清走"},
    {"code": "b", "title": "灯亮", "weight": 3},
    {"code": "c", "title": "有图", "weight": 1},
]
PLAIN = Checklist.model_validate(
    {"checklist": "x", "version": 1, "title": "表", "line": "safety", "category": "fire", "points": POINTS}
)
GRADED = PLAIN.model_copy(update={"graded": True})


def taken(**results: str) -> dict[str, object]:
    return {"checklist": "x", "points": {code: {"result": result} for code, result in results.items()}}


@pytest.mark.parametrize(
    ("results", "score"),
    [
        ({"a": "met", "b": "met", "c": "met"}, 100),
        ({"a": "failed", "b": "met", "c": "met"}, 40),
        ({"a": "met", "b": "absent", "c": "failed"}, 86),
        ({"a": "absent", "b": "absent", "c": "absent"}, None),
    ],
)
def test_the_score_is_of_what_was_looked_at(results: dict[str, str], score: int | None) -> None:
    assert take(PLAIN, taken(**results)).get("score") == score


def test_a_point_met_in_part_counts_half_where_the_checklist_is_graded() -> None:
    results = taken(a="part", b="met", c="met")
    assert take(GRADED, results)["score"] == 70
    with pytest.raises(FieldError, match="只能填"):
        take(PLAIN, results)


@pytest.mark.parametrize("results", [{"a": "met", "b": "met"}, {"a": "met", "b": "met", "c": "met", "d": "met"}])
def test_every_point_is_answered_and_no_other(results: dict[str, str]) -> None:
    with pytest.raises(FieldError):
        take(PLAIN, taken(**results))


def test_points_that_were_not_met_say_what_a_hazard_needs() -> None:
    answers = taken(a="failed", b="met", c="part")
    answers["points"]["a"]["remark"] = "纸箱堵门"  # type: ignore[index]
    rows = rows_not_met(GRADED, answers)
    assert list(rows) == ["a", "c"]
    assert rows["a"]["finding"] == "纸箱堵门（通道畅通）" and rows["c"]["finding"] == "不符合：有图"
    assert (rows["a"]["grave"], rows["a"]["category"], rows["a"]["remedy"]) == (True, "fire", "立即清走")
