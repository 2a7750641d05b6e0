"""Whole numbers, decimals and days, in the forms that people and sheets write them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from nianlun.kernel.fields.field import Field, FieldError

DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ]00:00(?::00)?)?")
PACKED_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
SHEET_DAY_ZERO = date(1899, 12, 30)  # a day number of Excel counts from here
FIRST_YEAR, LAST_YEAR = 1850, 2200
Number = TypeVar("Number", int, Decimal)


def parse_integer(raw: str, field: Field) -> int:
    """A whole number between `least` and `most`."""
    plain = raw.replace(",", "").removesuffix(".0")
    if not re.fullmatch(r"[+-]?\d{1,15}", plain):
        raise FieldError("请填整数，如 12。")
    return _within(int(plain), field)


def parse_decimal(raw: str, field: Field) -> Decimal:
    """A number with at most two decimals, between `least` and `most`."""
    try:
        value = Decimal(raw.replace(",", ""))
    except InvalidOperation:
        raise FieldError("请填数字，如 86.5。") from None
    if not value.is_finite() or abs(value) >= 10**12:
        raise FieldError("这个数字太大，请核对。")
    if value != value.quantize(Decimal("0.01")):
        raise FieldError("最多两位小数。")
    return _within(value, field)


def _within(value: Number, field: Field) -> Number:
    if field.least is not None and value < field.least:
        raise FieldError(f"不能小于 {field.least}。")
    if field.most is not None and value > field.most:
        raise FieldError(f"不能大于 {field.most}。")
    return value


def parse_date(raw: str, field: Field) -> date:
    """2027-01-31, 2027/1/31, 2027年1月31日, 20270131, or a day number of a sheet."""
    if found := DAY.fullmatch(raw) or PACKED_DAY.fullmatch(raw):
        year, month, day = (int(part) for part in found.groups())
    elif re.fullmatch(r"\d{4,5}(\.0+)?", raw):
        counted = SHEET_DAY_ZERO + timedelta(days=int(float(raw)))
        year, month, day = counted.year, counted.month, counted.day
    else:
        raise FieldError("请填日期，如 2027-01-31。")
    try:
        value = date(year, month, day)
    except ValueError:
        raise FieldError(f"没有 {year} 年 {month} 月 {day} 日这一天，请核对。") from None
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise FieldError("年份不对，请核对。")
    return value
