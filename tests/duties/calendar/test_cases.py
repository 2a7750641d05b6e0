"""The worked cases of cases.yaml, one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from nianlun.duties.calendar import Occurrence, Term, occurrences_of_term
from nianlun.plans.reading.schedule import from_json
from tests.duties.calendar.strategies import TABLES

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8"))


def shown(one: Occurrence, year: int) -> str:
    start, end, due = (str(day).removeprefix(f"{year}-") for day in (one.window_start, one.window_end, one.due))
    return " ".join([f"{one.key} {start}..{end} {due}", *sorted(one.marks)])


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    year: int = case["year"]
    schedules = [from_json(form) for form in case["schedules"]]
    found = [shown(one, year) for one in occurrences_of_term(schedules, Term.of_year(year), TABLES)]
    views = {
        "all": found,
        "first": found[: len(case.get("first", []))],
        "last": found[-len(case.get("last", [0])) :],
        "count": len(found),
    }
    expected = {key: case[key] for key in views if key in case}
    assert expected
    assert {key: views[key] for key in expected} == expected
