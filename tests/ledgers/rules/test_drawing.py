"""The drawing of a flow: every state is a box, every step stands on an arrow or in its state, and nothing runs over."""

from __future__ import annotations

import re

import pytest

from nianlun.ledgers.declarations.model import Ledger
from nianlun.ledgers.declarations.shipped import shipped_ledgers
from nianlun.ledgers.rules.drawing import drawing_of

LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
PHONE = 350  # units that are readable at the width of a phone


@pytest.mark.parametrize("ledger", [pytest.param(ledger, id=code) for code, ledger in LEDGERS.items()])
def test_every_state_and_step_is_drawn_and_fits_a_phone(ledger: Ledger) -> None:
    drawn = drawing_of(ledger)
    assert [box.state for box in drawn.boxes] == list(ledger.flow.states.values())
    assert [box.start for box in drawn.boxes].count(True) == 1
    said = ",".join([arrow.numbers for arrow in drawn.arrows] + [box.again for box in drawn.boxes if box.again])
    assert {int(number) for number in said.split(",")} == set(range(1, len(ledger.flow.steps) + 1))
    assert drawn.width <= PHONE
    for arrow in drawn.arrows:
        for x in re.findall(r"[MH](-?\d+)", arrow.path):
            assert 0 <= int(x) <= drawn.width
        for y in re.findall(r"[V ](-?\d+)", arrow.path):
            assert 0 <= int(y) <= drawn.height


def test_hazards_go_down_and_come_back_at_the_left() -> None:
    drawn = drawing_of(LEDGERS["hazard"])
    by_numbers = {arrow.numbers: arrow for arrow in drawn.arrows}
    edge = drawn.boxes[0].x
    assert by_numbers["6"].x < edge < by_numbers["2"].x  # 复查不合格 goes back up, 当场整改 passes two states
