"""Period keys in the words of a page."""

from __future__ import annotations

import pytest

from nianlun.duties.calendar import label


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2027", "2027年"),
        ("2027-W05", "第5周 (2/1–2/7)"),
        ("2026-W53", "第53周 (12/28–1/3)"),
        ("2027-Q1", "第一季度"),
        ("2027-Q4", "第四季度"),
        ("2027-H1", "上半年"),
        ("2027-H2", "下半年"),
        ("2027-03", "3月"),
        ("2027-03a", "3月上半月"),
        ("2027-12b", "12月下半月"),
        ("2027-02-05", "2月5日 周五"),
        ("2027-端午节", "端午节"),
        ("2027-119消防日", "119消防日"),
    ],
)
def test_label(key: str, words: str) -> None:
    assert label(key) == words


@pytest.mark.parametrize("key", ["", "W05", "27-W05", "2027-"])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="no period key"):
        label(key)
