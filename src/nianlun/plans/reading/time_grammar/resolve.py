"""From the rules that fit to the schedules that a text states: overlaps settled, counts bound to their periods."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nianlun.plans.reading.observances import vocabulary
from nianlun.plans.reading.schedule import Deadline, Every, Named, OnDate, Point, Schedule, Window
from nianlun.plans.reading.time_grammar import periods, points
from nianlun.plans.reading.time_grammar.names import find_names
from nianlun.plans.reading.time_grammar.rule import Count, Found, Head, Rule
from nianlun.plans.reading.time_grammar.squeeze import Squeezed
from nianlun.plans.reading.time_grammar.words import MONTH, Frame, read_month

RULES: tuple[Rule, ...] = (*periods.RULES, *points.RULES)
_BREAK = re.compile(r"[。;!?\n]")
_SENTENCE = re.compile(r"[^。;!?\n]+")
_TITLE = re.compile(r"《[^《》\n]{1,60}》|[〔\[]\d{4}[〕\]]\d*号?")
_BETWEEN_DATE_AND_NAME = re.compile(
    r"(?:的|是|为|即|这一天)?(?:第[一二三四五]个?(?:周|星期|"
    r"礼拜)[一二三四五六日天]?)?[(:,、]?(?:(?:第[一二三四五六七八九十\d]+个)?(?:全国|国际|世界|全民|中国|国家|我国)?)\Z"
)
_BEHIND_NAME = re.compile(r"\(|即|\(每年")
_SUMS_UP = re.compile(
    r"(?:等|、|和|及|以及|与|[两三四五六七八九十几]|天|大|个|各|各类|中国|我国|重要|重大|传统|这|主要|为代表的|"
    r"期间|前后|为主的|为主要内容的|民族|,)*\Z"
)
_MONTHS_BESIDE = re.compile(
    rf".{{0,12}}?[(,]?(?:分别)?(?:在|于|为|安排在)?(?P<months>{MONTH}月份?(?:[、和及与,]{MONTH}月份?)+)\)?"
)
_ACTIVITY = re.compile(
    r"开展|组织|举办|举行|召开|进行|安排|实施|集中|参加|参与|接受|检查|培训|演练|活动|会议|讲座|讨论|清扫|整治|"
    r"走访|巡查|测评|排查|体检|义诊|调查|评比|评选|慰问|会|搞|办|做|行动|服务|"
    r"宣传|考核|至少|不少于|不低于|各|以上|抓好|开|督查|走访|联谊|调研|述职|参观|清理|消毒|消杀|维护|清洗|普查|"
    r"调处|学习|教育|观摩|轮训|更新"
)
_YEARLY = (Every("year"),)
_ONE_THING = re.compile(r"次(?:话|心|信|面|脸|机会|手|头)")


@dataclass(frozen=True, slots=True)
class Stated:
    """Schedules that one stretch of the squeezed text states; `count` is where its count stands.

    `weak` ones, a bare "两次", yield to any other beside them.
    """

    start: int
    end: int
    schedules: tuple[Schedule, ...]
    rule: str
    weak: bool = False
    count: tuple[int, int] | None = None


@dataclass(slots=True)
class _Open:
    """A found rule while counts are being bound to it."""

    found: Found
    times: int | None = None
    each: bool = False
    end: int = 0
    count: tuple[int, int] | None = None


def find_stated(squeezed: Squeezed, frame: Frame) -> list[Stated]:
    """Every schedule that the text states, in its order, without overlap."""
    found = _without_overlap([*_fits(squeezed.text, frame), *find_names(squeezed)])
    return _bind_counts(squeezed.text, _absorb(squeezed.text, found))


def _fits(text: str, frame: Frame) -> Iterator[Found]:
    for sentence in _SENTENCE.finditer(text):
        signs = set(sentence[0])
        start, end = sentence.span()
        for rule in RULES:
            if signs.isdisjoint(rule.needs) or (rule.also and signs.isdisjoint(rule.also)):
                continue
            for match in rule.regex.finditer(text, start, end):
                meaning = rule.produce(match, frame)
                if meaning is not None and match.end() > match.start():
                    yield Found(match.start(), match.end(), meaning, rule.id)


def _without_overlap(found: Iterable[Found]) -> list[Found]:
    """The longest of those that overlap, the earlier of two as long; counts give way to all else."""
    kept: dict[int, Found] = {}
    taken: set[int] = set()
    for one in sorted(found, key=lambda f: (isinstance(f.meaning, Count), f.start - f.end, f.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept[one.start] = one
    return [kept[start] for start in sorted(kept)]


def _absorb(text: str, found: list[Found]) -> list[Found]:
    """Drop titles and what only explains its neighbour: an observance's date, "节假日" after festivals it sums up."""
    titles = [m.span() for m in _TITLE.finditer(text)] if "《" in text or "〔" in text or "[" in text else []
    kept: list[Found] = []
    title = 0
    for index, one in enumerate(found):
        while title < len(titles) and titles[title][1] <= one.start:
            title += 1
        if title < len(titles) and titles[title][0] <= one.start:
            continue
        after = found[index + 1] if index + 1 < len(found) else None
        before = kept[-1] if kept else None
        if after and _names(after) and _dates(text, one, after):
            continue
        if before and _is_date(one) and _names(before) and _BEHIND_NAME.fullmatch(text, before.end, one.start):
            continue
        if (
            before
            and _names(one) == ["节假日"]
            and set(_names(before)) - {"节假日", "周末"}
            and _SUMS_UP.match(text, before.end, one.start)
        ):
            continue
        if before and _is_monthly(before) and _is_weekly(one) and text[before.end : one.start] in ("", "的"):
            kept.pop()
        if before and (stretch := _stretch_from(text, before, one)):
            kept[-1] = stretch
            continue
        if before and _names(before) == ["节假日"] and _names(one) and text[before.end : one.start] == "(":
            kept.pop()
        kept.append(one)
    return _share_relation(text, kept)


def _is_monthly(found: Found) -> bool:
    return found.meaning == (Every("month"),)


def _is_weekly(found: Found) -> bool:
    return any(isinstance(s, Every) and s.unit == "week" for s in _schedules(found))


def _stretch_from(text: str, before: Found, one: Found) -> Found | None:
    """ "元旦至3月底": from a festival that falls on the same day every year to a point."""
    schedules, names = _schedules(one), _names(before)
    if len(schedules) != 1 or len(names) != 1 or not isinstance(schedules[0], Deadline | OnDate):
        return None
    until = schedules[0].by if isinstance(schedules[0], Deadline) else schedules[0].at
    joint = text[before.end : one.start] + text[one.start : one.start + 1]
    day = vocabulary().by_alias.get(names[0])
    if day is None or day.month is None or not re.match(r"[至到-]", joint) or one.start - before.end > 1:
        return None
    return Found(before.start, one.end, (Window(Point(day.month, day.day), until),), "window.from-named")


def _share_relation(text: str, found: list[Found]) -> list[Found]:
    """ "春节、元宵节前": what is said of the last of a list of festivals holds for each."""
    for index in range(len(found) - 2, -1, -1):
        one, after = found[index], found[index + 1]
        if not (_names(one) and _names(after) and text[one.end : after.start] in ("、", "和", "及", "与", "")):
            continue
        rels = {s.rel for s in _schedules(after) if isinstance(s, Named)}
        rel = rels.pop() if len(rels) == 1 else None
        named = [s for s in _schedules(one) if isinstance(s, Named)]
        if rel is not None and all(s.rel is None for s in named):
            found[index] = replace(one, meaning=tuple(replace(s, rel=rel) for s in named))
    return found


def _dates(text: str, date: Found, name: Found) -> bool:
    """Whether a date directly before an observance only says which one is meant."""
    if len(_schedules(date)) != 1 or not _BETWEEN_DATE_AND_NAME.match(text, date.end, name.start):
        return False
    (schedule,) = _schedules(date)
    if isinstance(schedule, Every) and len(schedule.months) == 1:
        at = Point(schedule.months[0])
    elif isinstance(schedule, OnDate):
        at = schedule.at
    else:
        return False
    if at.day is not None:
        return True
    if text[date.end] == ":":  # "6月:安全生产月…" heads a list of the month's work
        return False
    observance = vocabulary().by_alias.get(_names(name)[0])
    return at.part is None and observance is not None and observance.month == at.month


def _schedules(found: Found) -> tuple[Schedule, ...]:
    return found.meaning if isinstance(found.meaning, tuple) else ()


def _names(found: Found) -> list[str]:
    """The observances that a finding names, where it names nothing else."""
    names = [s.name for s in _schedules(found) if isinstance(s, Named)]
    return names if len(names) == len(_schedules(found)) else []


def _is_date(found: Found) -> bool:
    schedules = _schedules(found)
    return len(schedules) == 1 and isinstance(schedules[0], OnDate | Window)


def _bind_counts(text: str, found: list[Found]) -> list[Stated]:
    """Give each "两次" to the period before it in its clause; what stays free is so many times a year."""
    opened: list[_Open] = []
    free: list[Found] = []
    for one in found:
        if not isinstance(one.meaning, Count):
            opened.append(_Open(one, end=one.end))
            continue
        period = next((o for o in reversed(opened[-3:]) if _takes(text, o, one)), None)
        if period is None and (year := _year_shared(text, opened, one)):
            opened.append(_Open(year, one.meaning.times, end=one.end, count=(one.start, one.end)))
        elif period is None:
            if not one.meaning.measured and _counts_an_activity(text, one):
                free.append(one)
        else:
            period.times, period.each = one.meaning.times, one.meaning.each
            period.count = one.start, one.end
            period.end = one.end if one.start - period.found.end <= 8 else period.end
    stated = [s for s in (_close(text, o) for o in opened) if s.schedules]
    stated += [
        Stated(f.start, f.end, (Every("year", 1, f.meaning.times),), f.rule, True)
        for f in free
        if isinstance(f.meaning, Count)
    ]
    return list(_drop_plain_years(text, stated))


def _year_shared(text: str, opened: list[_Open], count: Found) -> Found | None:
    """ "全年灭鼠2次, 灭蚊4次": the year at the head of the sentence holds for every count in it."""
    last = opened[-1] if opened else None
    if last is None or last.times is None or not isinstance(last.found.meaning, Head):
        return None
    if (isinstance(count.meaning, Count) and count.meaning.measured) or len(text[last.end : count.start]) > 40:
        return None
    if _BREAK.search(text, last.end, count.start):
        return None
    return Found(count.start, count.end, Head("year"), last.found.rule)


def _takes(text: str, period: _Open, count: Found) -> bool:
    """Whether a count belongs to this period: in the same sentence, and set off by a comma only at its very place."""
    schedules = _schedules(period.found)
    head = isinstance(period.found.meaning, Head)
    if period.times is not None or not (head or (len(schedules) == 1 and isinstance(schedules[0], Every))):
        return False
    yearly = head or any(isinstance(s, Every) and s.unit == "year" for s in schedules)
    if yearly and isinstance(count.meaning, Count) and count.meaning.measured:
        return False
    between = text[period.found.end : count.start]
    if len(between) > 60 or _BREAK.search(between):
        return False
    comma = between.rfind(",")
    return comma < 0 or len(between) - comma <= 4 or _is_head_of_year(period.found.meaning)


def _is_head_of_year(meaning: object) -> bool:
    return isinstance(meaning, Head) and not isinstance(meaning.otherwise, Every)


def _close(text: str, opened: _Open) -> Stated:
    meaning, found = opened.found.meaning, opened.found
    schedules: tuple[Schedule, ...] = ()
    if isinstance(meaning, Head):
        base = meaning.otherwise if isinstance(meaning.otherwise, Every) else None
        if opened.times is not None or base is not None:
            times = opened.times or (base.times if base else 1)
            schedules = (Every(meaning.unit, meaning.interval, times, _months_beside(text, opened)),)
        elif meaning.otherwise is not None:
            schedules = (meaning.otherwise,)
    elif isinstance(meaning, tuple):
        schedules = meaning
        if opened.times and isinstance(meaning[0], Every):
            every = meaning[0]
            each = len(every.months) if every.months and opened.each else 1
            schedules = (
                replace(every, times=opened.times * each if every.times <= max(1, len(every.months)) else every.times),
            )
    return Stated(found.start, opened.end, schedules, found.rule, count=opened.count)


def _months_beside(text: str, opened: _Open) -> tuple[int, ...]:
    """The months that stand beside a yearly count: 全年不少于两次(三月、九月)."""
    if opened.times is None and opened.found.end - opened.found.start < 4:
        return ()
    line_end = min((p for p in (text.find(s, opened.end) for s in "。;\n") if p >= 0), default=len(text))
    if m := _MONTHS_BESIDE.match(text, opened.end, min(line_end, opened.end + 40)):
        return tuple(sorted({read_month(found[1]) for found in re.finditer(rf"({MONTH})月", m["months"])}))
    return ()


def _counts_an_activity(text: str, count: Found) -> bool:
    """ "开展一次大讨论" promises an activity; "谈一次话" is a way of speaking."""
    if _ONE_THING.match(text, count.end - 1):
        return False
    assert isinstance(count.meaning, Count)
    before = re.split(r"[。;\n]", text[max(0, count.start - 14) : count.end])[-1]
    after = re.split(r"[。;\n]", text[count.end : count.end + 8])[0]
    return bool(_ACTIVITY.search(before + after))


def _drop_plain_years(text: str, stated: list[Stated]) -> Iterator[Stated]:
    """Drop "每年" where the clause has another schedule, and months that are part of the count beside them."""
    stated = sorted(stated, key=lambda s: s.start)
    for index, one in enumerate(stated):
        beside = [o for o in stated[max(0, index - 3) : index + 4] if o is not one and not o.weak]
        if one.schedules == _YEARLY and one.rule == "every.each" and one.count is None:
            if any(_same_clause(text, one, other) for other in beside):
                continue
        elif isinstance(one.schedules[0], OnDate) and any(_lists_months_of(text, other, one) for other in beside):
            continue
        yield one


def _same_clause(text: str, one: Stated, other: Stated) -> bool:
    start, end = (one.end, other.start) if one.start < other.start else (other.end, one.start)
    return end - start < 60 and not re.search(r"[。;\n]", text[start:end])


def _lists_months_of(text: str, yearly: Stated, dates: Stated) -> bool:
    every = yearly.schedules[0]
    if not isinstance(every, Every) or not every.months or not _same_clause(text, yearly, dates):
        return False
    return {d.at.month for d in dates.schedules if isinstance(d, OnDate)} <= set(every.months)
