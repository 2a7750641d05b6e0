"""Each rule of time holds for the examples beside it, and keeps away from those it is not."""

from __future__ import annotations

import pytest

from nianlun.plans.reading.time_grammar import Frame, squeeze
from nianlun.plans.reading.time_grammar.resolve import RULES
from nianlun.plans.reading.time_grammar.rule import Rule


def fits(rule: Rule, words: str) -> bool:
    text = squeeze(words).text
    return any(sign in text for sign in rule.needs) and any(
        rule.produce(match, Frame()) is not None for match in rule.regex.finditer(text)
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_fits_its_examples_and_no_others(rule: Rule) -> None:
    assert rule.yes
    assert rule.no
    assert [words for words in rule.yes if not fits(rule, words)] == []
    assert [words for words in rule.no if fits(rule, words)] == []


def test_no_two_rules_share_a_name() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
