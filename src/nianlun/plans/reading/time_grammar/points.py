"""Places in the year: dates, windows, deadlines, quarters and halves."""

from __future__ import annotations

import re

from nianlun.plans.reading.numerals import read_count
from nianlun.plans.reading.schedule import Deadline, OnDate, Point, Window
from nianlun.plans.reading.time_grammar.rule import Head, Match, Meaning, Rule
from nianlun.plans.reading.time_grammar.words import (
    DAY,
    LESSON,
    MONTH,
    NO_NUMBER_BEFORE,
    OR,
    PART,
    POINT,
    TO,
    YEAR,
    Frame,
    read_month,
    read_point,
)

BEFORE = r"(?:前|之前|以前|前夕|止)"
BY = r"(?:不迟于|不晚于|最迟不超过|最迟于?|最晚于?|截至|截止到?|截止至|赶在|到|至)"
IN_FORCE = r"(?!.{0,4}(?:施行|实施的|生效|颁布|出台|印发|发布))"
NOT_A_MONTH = r"(?![嫂饼球季刊经子老]|初[一二三四五六七八九十])"
QUARTER = r"[一二三四1-4]"


def _date(m: Match, frame: Frame) -> Meaning:
    point = read_point(m["point"], frame)
    return (OnDate(point),) if point else None


def _deadline(m: Match, frame: Frame) -> Meaning:
    point = read_point(m["point"], frame)
    return (Deadline(point),) if point else None


def _months(m: Match, frame: Frame) -> Meaning:
    shift = frame.shift(m["year"])
    if shift is None:
        return None
    months = [read_month(found) for found in re.findall(MONTH, m["months"])]
    return tuple(OnDate(Point(month, prev_year=shift < 0, next_year=shift > 0)) for month in dict.fromkeys(months))


def _adjacent_months(m: Match, frame: Frame) -> Meaning:
    first, second = read_month(m["first"]), read_month(m["second"])
    return (OnDate(Point(first)), OnDate(Point(second))) if second == first + 1 else None


def _days(m: Match, frame: Frame) -> Meaning:
    month = read_month(m["month"])
    days = [read_count(day) for day in re.findall(DAY, m["days"])]
    return tuple(OnDate(Point(month, day)) for day in dict.fromkeys(days))


def _window(m: Match, frame: Frame) -> Meaning:
    start_words, end_words = m["start"], m["end"]
    if not re.search(r"[月底末]", start_words):
        if "月" not in end_words:
            return None
        start_words += "月"
    start = read_point(start_words, frame)
    if start is None:
        return None
    if "月" not in end_words and not re.search(r"年?[底末]$", end_words):
        end_words = f"{start.month}月{end_words}"
    end = read_point(end_words, frame)
    if end is None:
        return None
    if not re.match(YEAR, end_words) and start.next_year:
        end = Point(end.month, end.day, end.part, next_year=True)
    return (Window(start, end),)


def _dotted_window(m: Match, frame: Frame) -> Meaning:
    start = Point(read_month(m["m1"]), read_count(m["d1"]))
    return (Window(start, Point(read_month(m["m2"]), read_count(m["d2"]))),)


def _since(m: Match, frame: Frame) -> Meaning:
    point = read_point(m["point"], frame)
    return (Window(point, Point(12, next_year=point.next_year)),) if point else None


def _quarters(m: Match, frame: Frame) -> Meaning:
    shift = frame.shift(m["year"])
    if shift is None:
        return None
    words = m["quarters"]
    if re.search(r"\d.*[一二三四]", words):  # "2、一季度" is the second point, in the first quarter
        words = re.sub(r"\d", "", words)
    numbers = [1] if "首" in words else [read_count(sign) or 1 for sign in re.findall(QUARTER, words)]
    if re.search(TO, words) and len(numbers) == 2 and numbers[0] < numbers[1]:
        return (_months_window(numbers[0] * 3 - 2, numbers[1] * 3, shift),)
    return tuple(_months_window(number * 3 - 2, number * 3, shift) for number in dict.fromkeys(numbers))


def _first_quarters(m: Match, frame: Frame) -> Meaning:
    return (_months_window(1, 3 * (read_count(m["n"]) or 1), 0),)


def _half(m: Match, frame: Frame) -> Meaning:
    shift = frame.shift(m["year"])
    if shift is None:
        return None
    first = m["half"] in "上前"
    return (_months_window(1 if first else 7, 6 if first else 12, shift),)


def _months_window(first: int, last: int, shift: int) -> Window:
    prev_year, next_year = shift < 0, shift > 0
    return Window(Point(first, None, None, prev_year, next_year), Point(last, None, None, prev_year, next_year))


def _end_of_stretch(m: Match, frame: Frame) -> Meaning:
    month = {"上半年": 6, "下半年": 12}.get(m["stretch"]) or 3 * (read_count(re.sub("[第季度]", "", m["stretch"])) or 1)
    point = Point(month, part="end")
    return (Deadline(point),) if m["before"] or m["by"] else (OnDate(point),)


def _within_year(m: Match, frame: Frame) -> Meaning:
    return Head("year", 1, Deadline(Point(12, part="end")))


RULES: tuple[Rule, ...] = (
    Rule(
        "date.point",
        "月年",
        rf"(?<!农历)(?<!阴历)(?P<point>{POINT}){NOT_A_MONTH}(?!一(?:次|评|课|查|主题|展|会|讲|报|考))(?!以来|"
        rf"来,|以后出生)(?!一[大小]?{LESSON}){IN_FORCE}",
        _date,
        ("4月22日", "三月中旬", "12月底", "6月份", "年底", "明年3月", "20xx年4月"),
        ("一月一次", "3个月", "月底"),
    ),
    Rule(
        "date.months",
        "月",
        rf"{NO_NUMBER_BEFORE}(?P<year>{YEAR})?(?P<months>{MONTH}(?:月份?)?(?:{OR}{MONTH}(?:月"
        rf"份?)?)+)(?<=[月份])(?!{DAY}[日号]|{PART}|份?{TO}|份?前)",
        _months,
        ("5月、10月", "7、8月份", "三月和九月"),
        ("7至8月",),
    ),
    Rule(
        "date.adjacent-months",
        "月",
        rf"{NO_NUMBER_BEFORE}(?P<first>[一二三四五六七八九])(?P<second>[二三四五六七八九十])月(?:份|间|期间)?(?!底|末|初|上|中|下)",
        _adjacent_months,
        ("五六月份", "七八月间"),
        ("十二月", "二十月"),
    ),
    Rule(
        "date.days",
        "月",
        rf"{NO_NUMBER_BEFORE}(?P<month>{MONTH})月(?P<days>{DAY}[日号]?(?:{OR}{DAY}[日号]?)+)(?<="
        rf"[日号])",
        _days,
        ("3月5日、12日", "5月8、9日"),
        ("3月5日",),
    ),
    Rule(
        "window.points",
        "-至到",
        rf"(?:从|自|由|于)?(?P<start>{POINT}|(?:{YEAR}|{NO_NUMBER_BEFORE}){MONTH})(?:起|开始|始|,)?{TO}(?P<end>{POINT}|"
        rf"{DAY}[日号])(?:止|结束|前|之前|期间|间)?",
        _window,
        ("7月至9月", "7—9月", "3月1日至4月30日", "3月1日-15日", "12月底至次年1月", "从3月起到6月底", "三至五月份"),
        ("1-2个月", "7至9日"),
        also="月年底末",
    ),
    Rule(
        "window.dotted",
        "-",
        rf"(?<![\d.·])(?P<m1>{MONTH})[·.](?P<d1>{DAY})-+(?P<m2>{MONTH})[·.](?P<d2>{DAY})(?!["
        rf"\d.·%万千百元米])",
        _dotted_window,
        ("3.1-3.31", "4·20—5·10"),
        ("3.5-4.5%",),
    ),
    Rule(
        "window.dotted-months",
        "-",
        rf"(?<![\d.·])20\d\d[·.](?P<m1>{MONTH})-+20\d\d[·.](?P<m2>{MONTH})(?![\d.·])",
        lambda m, frame: (Window(Point(read_month(m["m1"])), Point(read_month(m["m2"]))),),
        ("2026.3-2026.10",),
        ("3.5-4.5",),
    ),
    Rule(
        "window.since",
        "起",
        rf"(?:从|自|由)?(?P<point>{POINT})起(?!草)(?:至今)?{IN_FORCE}",
        _since,
        ("从3月起", "自4月1日起"),
        ("3月起草",),
        also="月年底末",
    ),
    Rule(
        "window.from",
        "始",
        rf"(?:从|自)(?P<point>{POINT})开始{IN_FORCE}",
        _since,
        ("从4月份开始",),
        ("4月开始",),
        also="月年底末",
    ),
    Rule(
        "window.quarters",
        "季",
        rf"(?<![\d每十])(?P<year>{YEAR})?的?(?P<quarters>第?{QUARTER}(?:季度?)?(?:(?:{TO}|{OR}|(?<=[一二三]))第?{QUARTER})*季度|"
        rf"首季度?|"
        rf"第{QUARTER}季(?!度|一))(?!一次|末|底|前|之前)",
        _quarters,
        ("二季度", "第三季度", "一至三季度", "二、三季度", "首季"),
        ("四个季度", "一季度一次", "每一季度"),
    ),
    Rule(
        "window.first-quarters",
        "季",
        r"前(?P<n>[二两三23])个?季度",
        _first_quarters,
        ("前三季度", "前两个季度"),
        ("前两年",),
    ),
    Rule(
        "window.half",
        "半",
        rf"(?P<year>{YEAR})?的?(?<!每)(?P<half>[上下前后])半年(?!度?[末底前]|之前|以前)",
        _half,
        ("上半年", "下半年", "明年上半年"),
        ("半年", "每半年"),
    ),
    Rule(
        "deadline.point",
        "前止",
        rf"(?:(?:于|在|赶在|务必|{BY})?(?P<point>{POINT}){BEFORE}(?!提|来|往|进|期|后|沿)){IN_FORCE}",
        _deadline,
        ("6月底前", "6月30日前", "于5月前", "年底前", "3月初以前", "明年1月底前"),
        ("6月前后",),
        also="月年底末",
    ),
    Rule(
        "deadline.by",
        "到至迟晚",
        rf"{BY}(?P<point>{POINT})(?:,|止|为止)?",
        _deadline,
        ("不迟于6月30日", "到年底", "截至11月底", "最迟9月"),
        ("感到3个月",),
        also="月年底末",
    ),
    Rule(
        "deadline.field",
        "限间",
        rf"(?:(?:完成|整改|办结|截止|落实)(?:的?时间|时限|期限|日期)|时限|期限)(?:要求|节点)?[:为是|]?(?P<point>{POINT})"
        rf"(?!{TO}|{BEFORE})",
        _deadline,
        ("完成时限:6月底", "整改期限为9月30日", "完成时间:10月"),
        ("完成时间:3月至5月", "活动时间:6月"),
        also="月年底末",
    ),
    Rule(
        "deadline.stretch",
        "前",
        rf"(?P<by>{BY})?(?P<stretch>[上下]半年|第?{QUARTER}季度?)(?:[末底]|"
        rf"结束)?(?P<before>前|之前|以前)",
        _end_of_stretch,
        ("上半年底前", "一季度末前", "第三季度前"),
        ("上半年",),
    ),
    Rule(
        "date.stretch-end",
        "末底",
        rf"(?P<by>{BY})?(?P<stretch>[上下]半年|第?{QUARTER}季度?)(?:[末底])(?P<before>"
        rf")(?!前|之前|"
        rf"以前)",
        _end_of_stretch,
        ("一季度末", "上半年底"),
        ("季度末",),
    ),
    Rule(
        "deadline.year",
        "内",
        r"(?:今年|本年度?|年度|当年|一?(?<![\d一二两三四五六七八九十每去明半])年)(?:以|"
        r"之)?内(?![部容涝外])",
        _within_year,
        ("年内", "今年内", "年度内"),
        ("两年内", "每年内部"),
    ),
)
