"""The vocabulary of the lines: twenty files of words, found in a text in one pass."""

from __future__ import annotations

import pytest

from nianlun.places.lines import LINE_TITLES
from nianlun.plans.reading.model import LINES
from nianlun.plans.reading.vocabulary import Sign, build_lexicon, shipped_lexicon


def test_every_line_has_the_title_that_pages_show() -> None:
    assert tuple(LINE_TITLES) == LINES


@pytest.mark.parametrize("line", LINES)
def test_a_line_has_words_that_settle_it(line: str) -> None:
    decisive = [word for word, signs in shipped_lexicon().words.items() if Sign(line, "decisive") in signs]
    assert len(decisive) >= 100
    assert all(len(word) >= 2 for word in decisive)


def test_every_word_is_found_by_its_own_name() -> None:
    lexicon = shipped_lexicon()
    for word in lexicon.words:
        assert [hit.word for hit in lexicon.scan(word)] == [word]


def test_a_longer_word_silences_the_words_inside_it() -> None:
    lexicon = build_lexicon({"health": {"decisive": "公共卫生"}, "environment": {"strong": "卫生"}})
    assert [(hit.start, hit.end, hit.word) for hit in lexicon.scan("做好公共卫生和卫生")] == [
        (2, 6, "公共卫生"),
        (7, 9, "卫生"),
    ]


def test_a_silenced_phrase_shows_no_line() -> None:
    lexicon = build_lexicon({"security": {"strong": "治安"}}, ["治安良好"])
    assert [hit.signs for hit in lexicon.scan("治安良好")] == [()]


def test_a_word_at_the_very_end_keeps_its_place() -> None:
    lexicon = build_lexicon({"law": {"decisive": "普法 普法讲座"}})
    assert [(hit.start, hit.end) for hit in lexicon.scan("做普法")] == [(1, 3)]


def test_a_word_has_one_tier_in_a_line_and_may_stand_in_several_lines() -> None:
    lexicon = build_lexicon(
        {
            "welfare": {"decisive": {"groups": "残疾人 助残"}, "weak": "助残"},
            "employment": {"against": "残疾人"},
        }
    )
    assert lexicon.words["助残"] == (Sign("welfare", "decisive"),)
    assert lexicon.words["残疾人"] == (Sign("welfare", "decisive"), Sign("employment", "against"))
