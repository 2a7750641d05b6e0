"""What may be written into each kind of field, and what is said of what may not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianlun.kernel.fields import KINDS, Field, FieldError, show
from nianlun.kernel.fields.secrets import ID_CHECKS, ID_WEIGHTS, born, is_male
from nianlun.kernel.fields.text import tidy

USES = {"owner": "自住", "rented": "出租"}


def parse(kind: str, written: str, **bounds: int) -> object:
    return KINDS[kind](tidy(written), Field("code", "名称", kind, choices=USES, **bounds))  # type: ignore[arg-type]


def with_check(first: str) -> str:
    """Seventeen figures with the check character that belongs to them."""
    return first + ID_CHECKS[sum(weight * int(figure) for weight, figure in zip(ID_WEIGHTS, first, strict=True)) % 11]


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("text", "  张 三 ", "张 三"),
        ("text", "梧桐\u200b苑\ufeff", "梧桐苑"),
        ("text", "３号楼", "3号楼"),
        ("text", "一行\n两行", "一行 两行"),
        ("long_text", "一行  \r\n两行", "一行\n两行"),
        ("integer", "1,200", 1200),
        ("integer", "12.0", 12),
        ("integer", "-3", -3),
        ("decimal", "86.50", Decimal("86.50")),
        ("date", "2027-01-31", date(2027, 1, 31)),
        ("date", "2027/1/31", date(2027, 1, 31)),
        ("date", "2027.1.31", date(2027, 1, 31)),
        ("date", "2027年1月31日", date(2027, 1, 31)),
        ("date", "20270131", date(2027, 1, 31)),
        ("date", "2027-01-31 00:00:00", date(2027, 1, 31)),
        ("date", "46418", date(2027, 1, 31)),
        ("choice", "出租", "rented"),
        ("choice", "rented", "rented"),
        ("yes_no", "是", True),
        ("yes_no", "无", False),
        ("phone", "138 0013-8000", "13800138000"),
        ("phone", "+86 13800138000", "13800138000"),
        ("phone", "13800138000.0", "13800138000"),
        ("phone", "（0571）8765 4321", "057187654321"),
        ("id_number", "11010519491231002x", "11010519491231002X"),
        ("id_number", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("credit_code", "91110000600037341l", "91110000600037341L"),
        ("account", "6222 0000 1111 2222", "6222000011112222"),
    ],
)
def test_what_is_taken(kind: str, written: str, value: object) -> None:
    assert parse(kind, written) == value


@pytest.mark.parametrize(
    ("kind", "written", "told"),
    [
        ("text", "很" * 201, "最多 200 个字"),
        ("long_text", "很" * 5001, "最多 5000 个字"),
        ("integer", "十二", "请填整数"),
        ("integer", "1.5", "请填整数"),
        ("decimal", "很多", "请填数字"),
        ("decimal", "1.234", "最多两位小数"),
        ("decimal", "NaN", "太大"),
        ("decimal", "1e30", "太大"),
        ("date", "明天", "请填日期"),
        ("date", "2027-02-30", "没有 2027 年 2 月 30 日"),
        ("date", "0027-02-20", "年份不对"),
        ("choice", "借住", "只能填：自住、出租"),
        ("yes_no", "也许", "请填“是”或“否”"),
        ("phone", "12345", "电话号码不对"),
        ("phone", "12800138000", "电话号码不对"),
        ("id_number", "110105194912310021", "校验位不对"),
        ("id_number", "110105491231002", "旧的 15 位"),
        ("id_number", "1101051949123100", "应为 18 位"),
        ("id_number", "11010519491331002X", "地区或出生日期不对"),
        ("id_number", with_check("11010519490231002"), "出生日期不存在"),
        ("credit_code", "911100006000373410", "校验位不对"),
        ("credit_code", "9111", "应为 18 位"),
        ("account", "1234", "8 到 30 位"),
    ],
)
def test_what_is_refused_and_why(kind: str, written: str, told: str) -> None:
    with pytest.raises(FieldError, match=told):
        parse(kind, written)


@pytest.mark.parametrize(("written", "told"), [("4", "不能小于 5"), ("9", "不能大于 8")])
def test_numbers_keep_within_their_bounds(written: str, told: str) -> None:
    with pytest.raises(FieldError, match=told):
        parse("integer", written, least=5, most=8)


def test_an_identity_number_tells_the_day_of_birth_and_the_sex() -> None:
    assert born("11010519491231002X") == date(1949, 12, 31)
    assert not is_male("11010519491231002X") and is_male("110105194912310011")


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.integers(0, 999))
def test_one_wrong_figure_of_an_identity_number_is_always_noticed(day: date, serial: int) -> None:
    number = with_check(f"330106{day:%Y%m%d}{serial:03d}")
    assert parse("id_number", number) == number
    for place in range(17):
        other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        with pytest.raises(FieldError):
            parse("id_number", other)


@given(st.dates(date(1850, 1, 1), date(2199, 12, 31)))
def test_a_day_written_and_read_is_the_same(day: date) -> None:
    assert parse("date", show(day, Field("day", "日期", "date"))) == day


@given(st.decimals(-(10**9), 10**9, places=2))
def test_a_decimal_written_and_read_is_the_same(number: Decimal) -> None:
    assert parse("decimal", show(number, Field("area", "面积", "decimal"))) == number


@given(st.text(max_size=150))
def test_any_text_is_taken_or_refused_in_words(written: str) -> None:
    for kind in KINDS:
        try:
            parse(kind, written)
        except FieldError as error:
            assert str(error)
