"""Numbers as Chinese prose writes them: digits with separators, Chinese numerals, 万 and 亿, 成 and 分之."""

from __future__ import annotations

import re

DIGIT_VALUES = {
    "〇": 0, "零": 0, "○": 0, "一": 1, "壹": 1, "二": 2, "两": 2, "贰": 2, "俩": 2, "三": 3, "叁": 3, "四": 4, "五": 5,
    "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
UNIT_VALUES = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
GROUP_VALUES = {"万": 10_000, "亿": 100_000_000}
FULL_WIDTH = str.maketrans("０１２３４５６７８９％．，", "0123456789%.,")

ARABIC = r"\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?[十百千]?[万亿]{0,2}"
CHINESE = r"[〇零○一二两三四五六七八九十百千廿卅][〇零○一二两三四五六七八九十百千廿卅万亿]{0,11}"
NUMBER = rf"(?:{ARABIC}|{CHINESE})"
"""A number without sign; what `read_number` understands."""
SMALL = r"(?:\d{1,3}|[一二两三四五六七八九]?[十百]?[一二两三四五六七八九十]|[一二三四五六七八九]十)"
"""A count of the size that periods and frequencies have."""

_ARABIC = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?)([十百千]?)([万亿]*)\Z")
_TENTHS = re.compile(r"([一二两三四五六七八九])成([一二三四五六七八九半])?\Z")
_FRACTION = re.compile(rf"({CHINESE}|\d+)分之({NUMBER}(?:点{CHINESE})?)\Z")


def read_number(words: str) -> float | None:
    """The value of a number in words or digits, or None: 1,200 · 3.5万 · 二百零五 · 廿 · 二〇二五 · 两千 · 半."""
    words = words.translate(FULL_WIDTH).strip()
    if found := _ARABIC.match(words):
        value = float(found[1].replace(",", ""))
        for sign in found[2] + found[3]:
            value *= UNIT_VALUES.get(sign) or GROUP_VALUES[sign]
        return value
    if words == "半":
        return 0.5
    if "点" in words:
        whole, _, decimals = words.partition("点")
        value_of_whole = read_number(whole)
        if value_of_whole is None or not decimals or any(d not in DIGIT_VALUES for d in decimals):
            return None
        return float(f"{int(value_of_whole)}.{''.join(str(DIGIT_VALUES[d]) for d in decimals)}")
    return _read_chinese(words)


def read_share(words: str) -> float | None:
    """A share as percent, or None: 百分之九十五 · 三分之二 · 八成 · 九成五."""
    if found := _TENTHS.match(words):
        rest = 0.5 if found[2] == "半" else DIGIT_VALUES.get(found[2] or "", 0) / 10
        return round((DIGIT_VALUES[found[1]] + rest) * 10, 6)
    if found := _FRACTION.match(words):
        below, above = read_number(found[1]), read_number(found[2])
        if below and above is not None:
            return round(above / below * 100, 6)
    return None


def read_count(words: str) -> int | None:
    """A whole number of at least one, or None; of two at once ("一两次", "三五次") the smaller."""
    if len(words) == 2 and words[0] in "一二两三四五六七八九" and words[1] in "一二两三四五六七八九":
        words = words[0]
    value = read_number(words)
    return int(value) if value is not None and value >= 1 and value == int(value) else None


def _read_chinese(words: str) -> float | None:
    if not words:
        return None
    words = words.replace("廿", "二十").replace("卅", "三十")
    if len(words) > 1 and all(sign in DIGIT_VALUES for sign in words):
        return float("".join(str(DIGIT_VALUES[sign]) for sign in words))
    total = group = digit = 0
    last_unit = 1
    for sign in words:
        if sign in DIGIT_VALUES:
            digit = DIGIT_VALUES[sign]
            last_unit = 1 if digit == 0 else last_unit
        elif sign in UNIT_VALUES:
            last_unit = UNIT_VALUES[sign]
            group += (digit or 1) * last_unit
            digit = 0
        elif sign in GROUP_VALUES:
            last_unit = GROUP_VALUES[sign]
            total = (total + (group + digit or 1)) * last_unit
            group = digit = 0
        else:
            return None
    # 一百五 is 150 and 三千二 is 3200: a last digit without its unit takes the next smaller one.
    if digit and last_unit >= 100 and words[-2] not in "零〇":
        digit *= last_unit // 10
    return float(total + group + digit)


_CHINESE_SMALL = "零一二三四五六七八九十"


def count_words(count: int) -> str:
    """A count as prose says it before a measure: 一, 两, 三 … 九十九; larger ones in digits."""
    if count == 2:
        return "两"
    if count <= 10:
        return _CHINESE_SMALL[count]
    if count < 100:
        tens, ones = divmod(count, 10)
        return ("" if tens == 1 else _CHINESE_SMALL[tens]) + "十" + (_CHINESE_SMALL[ones] if ones else "")
    return str(count)
