"""Whole plans of three genres: what each item is scheduled for, and that what was done already is for nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from nianlun.plans.reading.schedule import to_json
from nianlun.plans.reading.timing import assign_timings

PLANS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "schedule_plans.yaml").read_text(encoding="utf-8")
)


def point_in_short(form: dict[str, Any]) -> str:
    day = f"/{form['day']}" if "day" in form else ""
    marks = [form.get("part"), "next" if form.get("next_year") else None, "prev" if form.get("prev_year") else None]
    return " ".join([f"{form['month']}{day}", *(mark for mark in marks if mark)])


def in_short(form: dict[str, Any]) -> str:
    """`every month /2 x3 in 5,10` · `date 4/22` · `window 4 9` · `deadline 6 end` · `named 春节 before`."""
    match form["kind"]:
        case "every":
            interval = f" /{form['interval']}" if form["interval"] > 1 else ""
            times = f" x{form['times']}" if form["times"] > 1 else ""
            months = f" in {','.join(map(str, form['months']))}" if "months" in form else ""
            return f"every {form['unit']}{interval}{times}{months}"
        case "window":
            return f"window {point_in_short(form['from'])} {point_in_short(form['to'])}"
        case "named":
            return f"named {form['name']} {form.get('rel', '')}".rstrip()
    return f"{form['kind']} {point_in_short(form)}"


def comparable(short: str, meant: list[str]) -> str:
    """A named occasion's before, during, after is compared only where the case gives it."""
    bare = re.sub(r" (?:before|during|after)\Z", "", short)
    return bare if bare in meant else short


def schedules_of(plan: dict[str, Any]) -> dict[str, list[str]]:
    text = plan["text"]
    quotes = sorted(plan["items"], key=text.index)
    spans = [(text.index(quote), text.index(quote) + len(quote)) for quote in quotes]
    found = assign_timings(text, spans)
    return {
        quote: sorted(comparable(in_short(to_json(t.schedule)), plan["items"][quote]) for t in timings)
        for quote, timings in zip(quotes, found, strict=True)
    }


@pytest.mark.parametrize("plan", PLANS, ids=[plan["genre"] for plan in PLANS])
def test_every_item_of_a_plan_gets_its_schedules(plan: dict[str, Any]) -> None:
    assert schedules_of(plan) == {quote: sorted(meant) for quote, meant in plan["items"].items()}
