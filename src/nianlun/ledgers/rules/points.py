"""A checklist as it was taken: that its points are the checklist's, its score, and the points that were not met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nianlun.kernel.fields import FieldError
from nianlun.ledgers.declarations.checklist import Checklist, score_of

NOT_MET = ("failed", "part")


def take(checklist: Checklist, taken: Mapping[str, Any]) -> dict[str, Any]:
    """What `read_points` gave, checked against the checklist and with its score; raises FieldError.

    Every point is answered: what was not looked at is said to be 不涉及, never left out.
    """
    points = taken["points"]
    missing = [point.title for point in checklist.points if point.code not in points]
    if missing:
        raise FieldError(f"还有 {len(missing)} 项没有填：{missing[0]}；没有这一项的选“不涉及”。")
    if unknown := set(points) - {point.code for point in checklist.points}:
        raise FieldError(f"检查表里没有这些项：{'、'.join(sorted(unknown))}。")
    results = {code: answer["result"] for code, answer in points.items()}
    if "part" in results.values() and not checklist.graded:
        raise FieldError("这张表每项只能填：合格、不合格、不涉及。")
    score = score_of(checklist, results)
    found = {"checklist": checklist.checklist, "version": checklist.version, "points": dict(points)}
    return found if score is None else {**found, "score": score}


def rows_not_met(checklist: Checklist, taken: Mapping[str, Any]) -> dict[str, dict[str, object]]:
    """By point's code, the names that a follow-on's expressions may ask of a point that was not met."""
    rows: dict[str, dict[str, object]] = {}
    for point in checklist.points:
        answer = taken["points"].get(point.code, {})
        if answer.get("result") in NOT_MET:
            remark = answer.get("remark", "")
            rows[point.code] = {
                "point": point.title,
                "finding": f"{remark}（{point.title}）" if remark else f"不符合：{point.title}",
                "remark": remark,
                "result": answer["result"],
                "weight": point.weight,
                "grave": point.grave,
                "basis": point.basis,
                "remedy": point.remedy,
                "category": checklist.category or "other",
            }
    return rows
