"""Numbers in digits and in Chinese, as plans write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.plans.reading.numerals import count_words, read_count, read_number, read_share


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12", 12), ("１２", 12), ("1,200", 1200), ("3.5", 3.5), ("200万", 2_000_000), ("1.2亿", 120_000_000),
        ("两", 2), ("十", 10), ("十二", 12), ("二十", 20), ("廿五", 25), ("三十六", 36), ("一百零五", 105),
        ("一百五", 150), ("二百五十", 250), ("三千二", 3200), ("一万二", 12_000), ("三万五千", 35_000),
        ("二〇二七", 2027), ("二零二六", 2026), ("半", 0.5), ("三点五", 3.5),
    ],
)  # fmt: skip
def test_a_number_has_its_value(words: str, value: float) -> None:
    assert read_number(words) == value


@pytest.mark.parametrize("words", ["", "若干", "几", "多", "点"])
def test_what_is_no_number_has_none(words: str) -> None:
    assert read_number(words) is None


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("百分之九十五", 95),
        ("百分之百", 100),
        ("百分之95", 95),
        ("八成", 80),
        ("九成五", 95),
        ("九成半", 95),
        ("四分之三", 75),
    ],
)
def test_a_share_is_read_as_percent(words: str, percent: float) -> None:
    assert read_share(words) == percent


@pytest.mark.parametrize(("words", "count"), [("一两", 1), ("三五", 3), ("十二", 12), ("0", None), ("半", None)])
def test_a_count_is_whole_and_of_two_the_smaller(words: str, count: int | None) -> None:
    assert read_count(words) == count


@given(st.integers(1, 99_999))
def test_a_count_in_words_is_read_back(count: int) -> None:
    assert read_count(count_words(count)) == count
