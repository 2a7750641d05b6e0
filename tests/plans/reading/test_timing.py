"""Every way of saying when, as cases grouped by meaning; and which items a schedule governs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nianlun.plans.reading.schedule import to_json
from nianlun.plans.reading.timing import assign_timings

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "schedules.yaml").read_text(encoding="utf-8")
)
SAYINGS = [(sentence, case["means"]) for case in CASES for sentence in case["says"]]


def read(sentence: str) -> list[dict[str, Any]]:
    (timings,) = assign_timings(sentence, [(0, len(sentence))])
    return [to_json(timing.schedule) for timing in timings]


def comparable(found: dict[str, Any], meant: dict[str, Any]) -> dict[str, Any]:
    """`on` and `rel` refine a schedule for the calendar; a case that does not speak of them allows any."""
    return {key: value for key, value in found.items() if key not in ("on", "rel") or key in meant}


def normal(meant: dict[str, Any]) -> dict[str, Any]:
    return {"interval": 1, "times": 1, **meant} if meant["kind"] == "every" else meant


@pytest.mark.parametrize(("sentence", "means"), SAYINGS, ids=[sentence for sentence, _ in SAYINGS])
def test_a_sentence_states_its_schedules(sentence: str, means: list[dict[str, Any]]) -> None:
    meant = [normal(one) for one in means]
    found = read(sentence)
    if len(found) == len(meant):
        found = [comparable(one, other) for one, other in zip(found, meant, strict=True)]
    assert found == meant
