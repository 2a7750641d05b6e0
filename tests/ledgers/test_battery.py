"""What must hold of every shipped ledger, whoever wrote it: one battery, ledger by ledger."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest

from nianlun.ledgers.declarations.check_examples import DAY, plain
from nianlun.ledgers.declarations.check_flow import DOER, OF_A_COMMUNITY, reachable
from nianlun.ledgers.declarations.check_follow_ons import DUTY
from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers
from nianlun.ledgers.registers.columns import fields_of, in_words
from nianlun.ledgers.registers.narrowing import filters_of
from nianlun.ledgers.rules.flow import diagram
from nianlun.ledgers.rules.stored import from_json, to_json
from nianlun.ledgers.rules.values import check_values

LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
MOST_FIELDS, LEAST_EXAMPLES = 45, 3
each = pytest.mark.parametrize("ledger", [pytest.param(ledger, id=code) for code, ledger in LEDGERS.items()])
# What the common ledgers must lead to: the ring is closed by these.
LEADS_TO = {
    "inspection": {"hazard"},
    "meeting": {DUTY},
    "visit": {"request", "hazard", "benefit"},
    "request": {"visit", "hazard"},
    "checklist_review": {DUTY},
    "project": {DUTY},
    "needs_assessment": {"service_order", "care_call", "care_package"},
    "care_call": {"visit"},
    "danger_source": {"inspection", "hazard"},
}


@each
def test_examples_are_taken_and_bad_ones_refused_where_they_say(ledger: Ledger) -> None:
    assert len(ledger.examples) >= LEAST_EXAMPLES and len(ledger.bad_examples) >= LEAST_EXAMPLES
    for example in ledger.examples:
        assert check_values(ledger, plain(example), today=DAY).errors == {}
    for bad in ledger.bad_examples:
        assert bad.refused in check_values(ledger, plain(bad.values), today=DAY).errors, bad


@each
def test_every_state_is_reached_and_owned(ledger: Ledger) -> None:
    assert reachable(ledger) == set(ledger.flow.states)
    assert any(state.final for state in ledger.flow.states.values())
    seers = {*OF_A_COMMUNITY, DOER, *ledger.sees}
    for code, state in ledger.flow.states.items():
        out = [step for step in ledger.flow.steps if code in step.source]
        assert out or state.final, f"{code} has no way out"
        for step in out:
            assert step.who and set(step.who) <= seers, f"{step.code}: its owners do not see the entry"
        assert 2 <= len(state.title) <= 6, state.title


@each
def test_every_open_state_has_a_limit(ledger: Ledger) -> None:
    assert [code for code, state in ledger.flow.states.items() if not state.final and state.limit is None] == []


@each
def test_whoever_did_the_work_never_verifies_it(ledger: Ledger) -> None:
    for step in ledger.flow.steps:
        assert step.second_person or not (step.verifies or step.approvals > 1), step.code


@each
def test_steps_ask_for_fields_that_are_shown(ledger: Ledger) -> None:
    fields = {field.code: field for field in ledger.fields}
    for step in ledger.flow.steps:
        for code in [*step.needs, *step.asks]:
            assert fields[code].kind != "computed" and not fields[code].retired, f"{step.code}: {code}"
        assert len(step.needs) + len(step.asks) <= 10, step.code


@each
def test_lists_and_titles_fit(ledger: Ledger) -> None:
    fields = {field.code: field for field in ledger.fields}
    assert len(fields) <= MOST_FIELDS
    assert fields[ledger.title_of].required and fields[ledger.title_of].kind in {"text", "long_text"}
    assert ledger.title_of in ledger.columns and ledger.title_of in ledger.search
    assert not {"photos", "files", "signature", "table", "checklist"} & {fields[code].kind for code in ledger.columns}
    own_filters = [one.code for one in filters_of(ledger) if one.code in fields]
    assert own_filters == ledger.filters, "a filter needs choices"
    assert all(fields[code].kind in {"text", "long_text"} for code in ledger.search)
    assert all(fields[code].group for code in fields), "every field stands under a heading"


@each
def test_headings_of_sheets_lead_to_one_field(ledger: Ledger) -> None:
    names = Counter(name for one in fields_of(ledger) if not one.read_only for name in {one.title, *one.aliases})
    assert [name for name, count in names.items() if count > 1] == []


@each
def test_values_are_the_same_after_they_were_stored(ledger: Ledger) -> None:
    fields = {field.code: field for field in ledger.fields}
    for example in ledger.examples:
        values = check_values(ledger, plain(example), today=DAY).values
        for code, value in values.items():
            assert from_json(to_json(value), fields[code]) == value, code
            assert value is None or in_words(fields[code], value, {}) != ""


@each
def test_its_follow_ons_are_there_and_can_be_made(ledger: Ledger) -> None:
    opened = {follow.opens for follow in ledger.follow_ons}
    assert opened and opened >= LEADS_TO.get(ledger.ledger, opened)
    titles = [follow.title for follow in ledger.follow_ons]
    assert len(titles) == len(set(titles)), "a button is known by its title"


@each
def test_the_checklists_of_its_examples_have_their_points(ledger: Ledger) -> None:
    for example in ledger.examples:
        for field in ledger.fields:
            taken = example.get(field.code)
            if field.kind == "checklist" and isinstance(taken, dict):
                points = {point.code for point in shipped_checklists()[taken["checklist"]].checklist.points}
                assert set(taken["points"]) <= points


@each
def test_its_flow_can_be_drawn(ledger: Ledger) -> None:
    drawn = diagram(ledger)
    assert all(state.title in drawn for state in ledger.flow.states.values())


def test_what_checklists_find_is_a_category_of_hazards() -> None:
    categories = next(field.choices for field in LEDGERS["hazard"].fields if field.code == "category")
    for one in shipped_checklists().values():
        assert (one.checklist.category or "other") in categories, one.path.name


def test_checklists_say_what_is_asked_for_when_a_point_fails() -> None:
    for one in shipped_checklists().values():
        points = one.checklist.points
        assert 10 <= len(points) <= 25, one.path.name
        assert all(point.remedy and point.group for point in points), one.path.name
        assert one.checklist.graded or any(point.grave for point in points), one.path.name


def test_titles_and_words_tell_ledgers_apart() -> None:
    titles = [ledger.title for ledger in LEDGERS.values()]
    assert len(titles) == len(set(titles))
    assert all(ledger.words for ledger in LEDGERS.values())


def test_all_are_read_within_a_second() -> None:
    shipped_ledgers.cache_clear()
    shipped_checklists.cache_clear()
    begun = process_time()
    shipped_ledgers()
    shipped_checklists()
    assert process_time() - begun < 1.0
