"""Heads and columns of the sheets that people have."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nianlun.kernel.fields import Field
from nianlun.ui.sheets.guessing import fingerprint, guess, letters

FIELDS = (
    Field("name", "姓名", required=True),
    Field("id_number", "身份证号", "id_number", aliases=("公民身份号码", "证件号码")),
    Field("phone", "电话", "phone", aliases=("手机", "联系方式")),
    Field("born_on", "出生日期", "date"),
    Field("address", "住址"),
)
RECORD = ["1", "张三", "110105199001011234", "13800138000", "1栋"]


@pytest.mark.parametrize(
    ("rows", "head", "deep", "fields"),
    [
        ([["姓名", "住址"], ["张三", "1栋"]], 1, 1, ["name", "address"]),
        # a title, a line about the sheet, titles with blanks, stars and notes
        (
            [
                ["居民花名册"],
                ["填表人", "", "2027-01-01"],
                ["序号", "姓 名*", "身份证号码(18位)", "联系电话", "现住址"],
                RECORD,
            ],
            3,
            1,
            ["", "name", "id_number", "phone", "address"],
        ),
        # a head of two rows, the upper with merged cells
        (
            [
                ["序号", "姓名", "证件", "", "电话"],
                ["", "", "号码", "种类", ""],
                ["1", "张三", "110105199001011234", "身份证", ""],
            ],
            1,
            2,
            ["", "name", "id_number", "", "phone"],
        ),
        # no head at all: told by what stands in the columns
        ([RECORD, RECORD], 0, 0, ["", "", "id_number", "phone", ""]),
        # titles that say nothing, but numbers that do
        ([["甲", "乙", "丙"], ["张三", "110105199001011234", "13800138000"]], 1, 1, ["", "id_number", "phone"]),
        ([["a", "b"], ["x", "y"]], 1, 1, ["", ""]),
    ],
)
def test_the_head_and_the_columns(rows: Sequence[Sequence[str]], head: int, deep: int, fields: Sequence[str]) -> None:
    found = guess(rows, FIELDS)
    assert (found.head, found.deep, found.fields) == (head, deep, fields)


def test_a_field_is_given_to_one_column_only() -> None:
    assert guess([["姓名", "姓名（拼音）"], ["张三", "zhang"]], FIELDS).fields == ["name", ""]


def test_titles_keep_no_number() -> None:
    assert "110105" not in str(guess([["姓名 110105199001011234", "住址"], ["张三", "1栋"]], FIELDS).titles)


def test_marks_and_blanks_do_not_make_another_sheet() -> None:
    assert fingerprint(["姓 名*", "电话：（必填）"]) == fingerprint(["姓名", "电话"])
    assert fingerprint(["姓名", "电话"]) != fingerprint(["电话", "姓名"])


@pytest.mark.parametrize(("column", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_in_the_sheet(column: int, name: str) -> None:
    assert letters(column) == name
