"""The pieces that the rules of time are made of: counts, units, points in the year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianlun.plans.reading.numerals import SMALL, read_count
from nianlun.plans.reading.schedule import Part, Point, Unit

N = SMALL
TO = r"(?:至|到|-+|直至|延续至|持续到)"
OR = r"(?:、|和|及|与|以及|或|,)"

PER = (
    r"(?:半个?月|半年度?|个?学期|学年|个?季度|季(?!节)|个?月度?(?!嫂|饼)|年度?(?![级龄轻终底末初])|个?(?:周|星期|"
    r"礼拜)(?![边岁])|旬|天|日)"
)
_UNIT_SIGNS: tuple[tuple[str, Unit], ...] = (
    ("半月", "half_month"), ("半个月", "half_month"), ("半年", "half_year"), ("学期", "half_year"), ("学年", "year"),
    ("季", "quarter"), ("月", "month"), ("年", "year"), ("周", "week"), ("星期", "week"), ("礼拜", "week"),
    ("天", "day"), ("日", "day"),
)  # fmt: skip


def unit_of(words: str) -> Unit | None:
    """The unit that a word of period names; 旬, which is no unit of its own, gives None."""
    return next((unit for sign, unit in _UNIT_SIGNS if sign in words), None)


LESSON = r"(?:课|评|展|乐|讲|练|会|查|考|测|歌|影|片|访|报|议|读|学|谈|巡|扫|清|舞|演|聊|话|做|主题)"
"""What "每周一X" counts: one X a week."""

MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元)"
DAY = (
    r"(?:3[01]|[12]\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|"
    r"[一二三四五六七八九])"
)
PART = (
    r"(?:份?(?:初(?![一二三四五六七八九十]{1,3}(?:$|[^次一二三四五六七八九十]))|上旬|中旬|下旬|中(?!小|心|央|国|"
    r"医|旬)|底|末|月初|月中旬?|月底|月末))"
)
_YEAR_DIGITS = r"(?:(?:19|20)[\dxX_×*]{2}|20[xX_×*]+|[xX_×*]{2,4}|二[〇零][一二三四五六七八九〇零]{2})"
YEAR = rf"(?:(?:{_YEAR_DIGITS}|今|本|当|明|次|翌|来|去|上|下一?|第二|同)年度?的?)"
NO_NUMBER_BEFORE = r"(?<![\d.·一二三四五六七八九十百千每第个半两])"

POINT = (
    rf"(?:(?:{YEAR}|{NO_NUMBER_BEFORE}){MONTH}月(?:{DAY}[日号]|{PART}|份)?|{YEAR}?年[底末](?!端)|{YEAR}[底末](?!端))"
)
_POINT = re.compile(
    rf"(?P<year>{YEAR})?(?:(?P<month>{MONTH})月(?:(?P<day>{DAY})[日号]|(?P<part>{PART})|份)?|(?P<close>年?[底末]))\Z"
)
_PARTS: dict[str, Part] = {"初": "start", "上": "start", "中": "mid", "下": "end", "底": "end", "末": "end"}


def read_part(words: str | None) -> Part | None:
    """初 and 上旬 are the start, 中 and 中旬 the middle, 底, 末 and 下旬 the end."""
    words = (words or "").removeprefix("份").removeprefix("月")
    return _PARTS.get(words[:1])


def read_month(words: str) -> int:
    """A month, 1 to 12; 元月 is the first."""
    return 1 if words == "元" else read_count(words) or 0


def _year_number(words: str) -> int | None:
    digits = re.match(r"(?:19|20)\d\d", words)
    if digits:
        return int(digits[0])
    if words.startswith("二"):
        return int("".join(str("〇一二三四五六七八九".index(c)) for c in words[:4].replace("零", "〇")))
    return None


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan's words about years are measured against: its own year, and whether it calls that year 明年."""

    year: int | None = None
    written_the_year_before: bool = False

    def shift(self, words: str | None) -> int | None:
        """0 for the plan's own year, 1 for the next, -1 for the one before; None for any other, which dates no duty."""
        if not words:
            return 0
        shift = self._named_shift(words)
        return shift if shift is None or -1 <= shift <= 1 else None

    def _named_shift(self, words: str) -> int | None:
        if words[0] in "明来下":
            return 0 if self.written_the_year_before else 1
        if words[0] in "次翌" or words.startswith("第二"):
            return 1
        if words[0] in "去上":
            return -1
        if words[0] in "今本" and self.written_the_year_before:
            return -1
        named = _year_number(words)
        return 0 if named is None or self.year is None else named - self.year


def read_point(words: str, frame: Frame) -> Point | None:
    """A point in the year from its words; None where it lies in a year that is neither the plan's nor next to it."""
    found = _POINT.match(words)
    shift = frame.shift(found["year"]) if found else None
    if found is None or shift is None:
        return None
    prev_year, next_year = shift == -1, shift == 1
    if found["close"]:
        return Point(12, part="end", prev_year=prev_year, next_year=next_year)
    day = read_count(found["day"]) if found["day"] else None
    return Point(read_month(found["month"]), day, read_part(found["part"]), prev_year, next_year)
