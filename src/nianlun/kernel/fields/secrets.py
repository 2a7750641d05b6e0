"""Numbers that are sealed: each is checked by its own check digit or form before it is.

Of python-stdnum only the credit code is taken: its `cn.ric` refuses districts that have been renamed since.
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from nianlun.kernel.fields.field import Field, FieldError

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
ID_NUMBER = re.compile(r"[1-9]\d{5}(18|19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]")
MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"(?:0\d{2,3})?[2-9]\d{6,7}")
SEPARATORS = str.maketrans("", "", " -()（）－")


def parse_id_number(raw: str, field: Field) -> str:
    """The 18 characters of a resident's identity number (GB 11643) with their check character."""
    number = raw.translate(SEPARATORS).upper()
    if not ID_NUMBER.fullmatch(number):
        if re.fullmatch(r"\d{15}", number):
            raise FieldError("这是旧的 15 位身份证号，请填 18 位的。")
        wrong = "身份证号应为 18 位，请核对。" if len(number) != 18 else "身份证号的地区或出生日期不对，请核对。"
        raise FieldError(wrong)
    weighed = sum(weight * int(figure) for weight, figure in zip(ID_WEIGHTS, number[:17], strict=True))
    if ID_CHECKS[weighed % 11] != number[17]:
        raise FieldError("身份证号的校验位不对，可能抄错了一位，请核对。")
    if born(number) is None:
        raise FieldError("身份证号里的出生日期不存在，请核对。")
    return number


def born(id_number: str) -> date | None:
    """The day of birth that an identity number holds; None where no calendar has it, or it is still to come."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def is_male(id_number: str) -> bool:
    return int(id_number[16]) % 2 == 1


def parse_phone(raw: str, field: Field) -> str:
    """A mobile number of 11 figures, or a landline with or without its area code; figures only."""
    number = raw.translate(SEPARATORS).removesuffix(".0")
    if mobile := MOBILE.fullmatch(number):
        return mobile[1]
    if LANDLINE.fullmatch(number):
        return number
    raise FieldError("电话号码不对：手机应为 11 位，座机可带区号，请核对。")


def parse_credit_code(raw: str, field: Field) -> str:
    """The 18 characters of an organisation's unified social credit code (GB 32100) with their check character."""
    code = raw.translate(SEPARATORS).upper()
    if len(code) != 18:
        raise FieldError("统一社会信用代码应为 18 位，请核对。")
    try:
        return str(uscc.validate(code))
    except ValidationError:
        raise FieldError("统一社会信用代码的校验位不对，可能抄错了一位，请核对。") from None


def parse_account(raw: str, field: Field) -> str:
    """A bank account's figures."""
    number = raw.translate(SEPARATORS)
    if not re.fullmatch(r"\d{8,30}", number):
        raise FieldError("银行账号应为 8 到 30 位数字，请核对。")
    return number
