"""Expressions of declarations: what they come to, and that nothing else can be said in them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.ledgers.declarations.expression import ExpressionError, read_expression

TODAY = date(2027, 2, 1)
VALUES = {
    "severity": "grave", "cost": Decimal("12.50"), "count_of": 3, "kinds": ["fire", "gas"], "empty": None,
    "points": {"checklist": "fire", "score": 75, "points": {"a": {"result": "failed"}, "b": {"result": "met"}}},
    "deadline": date(2027, 2, 8), "goods": [{"price": Decimal(3), "name": "米"}, {"price": Decimal("4.5")}, {}],
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("severity == 'grave'", True),
        ("severity != 'minor' and cost > 10", True),
        ("severity in ['major', 'grave']", True),
        ("'gas' in kinds", True),
        ("not empty", True),
        ("cost * count_of", Decimal("37.50")),
        ("cost + empty", None),
        ("empty > 3", False),
        ("cost / 0", None),
        ("-cost", Decimal("-12.50")),
        ("1 < count_of <= 3", True),
        ("days(deadline, today())", 7),
        ("days(empty, today())", None),
        ("total(goods, 'price')", Decimal("7.5")),
        ("total(empty, 'price')", 0),
        ("results(points, 'failed')", 1),
        ("results(points, 'part')", 0),
        ("results(empty, 'failed')", 0),
        ("results(kinds, 'failed')", 0),
        ("score(points)", 75),
        ("score(empty)", None),
        ("count(kinds)", 2),
        ("count(empty)", 0),
        ("filled(empty)", False),
        ("filled(severity)", True),
        ("round(cost / 3, 2)", Decimal("4.17")),
        ("round(2 * 100 / 3, 1)", Decimal("66.7")),
        ("severity > 3", False),
        ("severity * 999999999", None),
        ("kinds * 999999999", None),
        ("round(count_of, -999999999)", None),
        ("total(goods, 'name')", 0),
        ("severity - 3", None),
        ("0.1 + cost", Decimal("12.60")),
    ],
)
def test_what_it_comes_to(words: str, value: object) -> None:
    assert read_expression(words).value(VALUES, TODAY) == value


@pytest.mark.parametrize(
    "words",
    [
        "", "import os", "severity.upper()", "__import__('os')", "open('x')", "[x for x in kinds]", "lambda: 1",
        "f'{cost}'", "kinds[0]",
        "cost ** 9", "cost if severity else 1", "days(deadline)", "today(x=1)", "1; 2", "{1: 2}", "b'x'",
        "x := 1", "(" * 300, "a" * 501, "1j", "~cost", "cost // 2",
    ],
)  # fmt: skip
def test_what_may_not_be_said(words: str) -> None:
    with pytest.raises(ExpressionError):
        read_expression(words)


@given(st.text(max_size=60))
def test_any_words_are_read_or_refused(words: str) -> None:
    with suppress(ExpressionError):
        read_expression(words).value(VALUES, TODAY)


def test_it_tells_what_it_asks_for() -> None:
    assert read_expression("days(deadline, today()) < 3 or severity == 'grave'").names == {"deadline", "severity"}
