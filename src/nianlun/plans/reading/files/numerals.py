"""Numbers as Word's automatic numbering writes them: 一, 壹, ①, iv, C."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def numeral(number: int, form: str) -> str:
    """`number` in the form that OOXML calls by the name `form` (ST_NumberFormat); unknown forms are decimal."""
    if form == "none":
        return ""
    if number < 1 or number > 9999:
        return str(number)
    match form:
        case (
            "chineseCounting" | "chineseCountingThousand" | "taiwaneseCounting" | "taiwaneseCountingThousand"
            | "japaneseCounting" | "ideographDigital"
        ):  # fmt: skip
            return _chinese(number, DIGITS, "十百千")
        case "chineseLegalSimplified" | "ideographLegalTraditional" | "japaneseLegal":
            return _chinese(number, FORMAL_DIGITS, "拾佰仟")
        case "ideographTraditional" if number <= len(STEMS):
            return STEMS[number - 1]
        case "ideographZodiac" if number <= len(BRANCHES):
            return BRANCHES[number - 1]
        case "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" if number <= 20:
            return chr(0x2460 + number - 1)
        case "decimalEnclosedParen" if number <= 20:
            return chr(0x2474 + number - 1)
        case "decimalEnclosedFullstop" if number <= 20:
            return chr(0x2488 + number - 1)
        case "decimalFullWidth" | "decimalFullWidth2":
            return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
        case "decimalZero":
            return f"{number:02d}"
        case "lowerLetter":
            return _letter(number)
        case "upperLetter":
            return _letter(number).upper()
        case "lowerRoman":
            return _roman(number)
        case "upperRoman":
            return _roman(number).upper()
    return str(number)


def _chinese(number: int, digits: str, units: str) -> str:
    places = [int(digit) for digit in str(number)]
    out, gap = "", False
    for place, digit in zip(range(len(places) - 1, -1, -1), places, strict=True):
        if digit == 0:
            gap = True
            continue
        if gap and out:
            out += digits[0]
        gap = False
        out += digits[digit] + (units[place - 1] if place else "")
    return out.removeprefix("一") if 10 <= number <= 19 and digits is DIGITS else out


def _letter(number: int) -> str:
    """a to z, then aa, bb, cc as Word does."""
    turns, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * (turns + 1)


def _roman(number: int) -> str:
    out = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        out += letters * count
    return out
