"""What comes round: every day, week, month, quarter; so many times in a stretch; on which day of it."""

from __future__ import annotations

import re

from nianlun.plans.reading.numerals import read_count
from nianlun.plans.reading.schedule import Every, On, Phase, Schedule, Unit
from nianlun.plans.reading.time_grammar.rule import Count, Head, Match, Meaning, Rule
from nianlun.plans.reading.time_grammar.words import (
    DAY,
    LESSON,
    MONTH,
    OR,
    PART,
    PER,
    TO,
    Frame,
    N,
    read_month,
    read_part,
    unit_of,
)

WEEKDAYS = {**{sign: day for day, sign in enumerate("一二三四五六日", 1)}, "天": 7}
_PHASES: dict[str, Phase] = {"单": "odd", "双": "even"}
WEEK = r"(?:周|星期|礼拜)"
WEEKDAY = r"[一二三四五六日天]"
QUALIFIER = (
    r"(?:至少|最少|不少于|不低于|不得少于|不得低于|不下于?|平均|约|共|累计|总共|各|再|集中|力争|原则上|最多|"
    r"不超过|不多于|定期)"
)
MEASURE = r"(?:次|回|趟|遍|轮)"
LESSON_ENDS = r"(?=[,。;!?:()、\n]|$|活动|制度|机制|等|和|及|的|栏目|课程|讲堂|课堂)"
LESSON_ALWAYS = (
    r"(?:次|课(?!后)|节|堂|场|期|回|个(?!别|人)|小时|歌|主题|活动(?!室|日|安排)|电影|讲座|星|题|曲|片|展|评|乐|练|"
    r"遍|篇|训|测|考(?!核))"
)


def _every(unit: Unit | None, interval: int = 1, times: int = 1, on: On | None = None) -> tuple[Schedule, ...] | None:
    return (Every(unit, interval, times, on=on),) if unit else None


def _of_period(words: str, interval: int = 1) -> Meaning:
    if "旬" in words:
        return (Every("month", 1, 3),)
    unit = unit_of(words)
    if unit == "year" and interval == 1:
        return Head("year", 1, Every("year"))
    return _every(unit, interval)


def _each_period(m: Match, frame: Frame) -> Meaning:
    number, period = m["n"], m["per"]
    interval = (read_count(number) or 1) if number else 1
    # "每隔一周" is every second week; from three up people count loosely: "每隔三个月" is every three months.
    if m["gap"] and "半" not in period and interval <= 2:
        interval += 1
    return _of_period(period, interval)


def _each_other(m: Match, frame: Frame) -> Meaning:
    unit: Unit = "month" if m["per"] == "月" else "week"
    return _every(unit, 2, on=On(phase=_PHASES[m["phase"]]))


def _repeated(m: Match, frame: Frame) -> Meaning:
    return _every(unit_of(m["per"]))


def _of_unit(m: Match, frame: Frame) -> Meaning:
    return _of_period(m["per"])


def _times_in_period(m: Match, frame: Frame) -> Meaning:
    period, number = m["per"], m["n"]
    interval = (read_count(number) or 1) if number else 1
    times = read_count(m["times"]) or 1
    if "旬" in period:
        return (Every("month", 1, 3 * times),)
    unit = unit_of(period)
    if unit is None:
        return None
    if unit == "year" and interval == 1:
        return Head("year", 1, Every("year", 1, times))
    return _every(unit, interval, times)


def _weekday(m: Match, frame: Frame) -> Meaning:
    interval = (read_count(m["n"]) or 1) if m["n"] else (2 if m["two"] else 1)
    phase = _PHASES.get(m["two"] or "")
    days = [WEEKDAYS[sign] for sign in re.findall(WEEKDAY, m["days"])]
    on = On(weekday=days[0], phase=phase) if len(days) == 1 else None
    return _every("week", interval, len(days), on)


def _on_weekdays(words: str) -> Meaning:
    days = [WEEKDAYS[sign] for sign in re.findall(WEEKDAY, words.replace("星期", "").replace("礼拜", ""))]
    return (Every("week", 1, len(days), on=On(weekday=days[0]) if len(days) == 1 else None),)


def _weekday_range(m: Match, frame: Frame) -> Meaning:
    return (Every("day"),)


def _nth_weekday(m: Match, frame: Frame) -> Meaning:
    number = m["nth"]
    nth = (
        5 if "最后" in number or "末" in number else 1 if "首" in number else read_count(number.removeprefix("第")) or 1
    )
    weekday = WEEKDAYS.get(m["day"] or "")
    return _every("month", on=On(weekday=weekday, part="start" if nth == 1 else "mid" if nth <= 3 else "end"))


def _day_of_month(m: Match, frame: Frame) -> Meaning:
    days = [read_count(day) or 1 for day in re.findall(DAY, m["days"])]
    on = On(day=days[0]) if len(days) == 1 else None
    return _every(unit_of(m["per"]), times=len(days), on=on)


def _days_of_month(m: Match, frame: Frame) -> Meaning:
    return (Every("month", on=On(day=read_count(m["to"]))),)


def _part_of_period(m: Match, frame: Frame) -> Meaning:
    words = m["part"]
    if words[:1] in "首第最":
        part = "end" if "最后" in words or "三" in words else "mid" if "二" in words else "start"
        return _every(unit_of(m["per"]), on=On(part=read_part({"start": "初", "mid": "中", "end": "底"}[part])))
    return _every(unit_of(m["per"]), on=On(part=read_part(words)))


def _months_each_year(m: Match, frame: Frame) -> Meaning:
    months = [read_month(found[1]) for found in re.finditer(rf"({MONTH})(?:月份?)?", m["months"])]
    return (Every("year", 1, len(months), tuple(sorted(set(months)))),)


def _count(m: Match, frame: Frame) -> Meaning:
    times = read_count(m["times"])
    return Count(times, m["each"] is not None, m["measure"] not in "次回趟遍") if times else None


def _both_ends(m: Match, frame: Frame) -> Meaning:
    return _every("day", times=(3 if "中" in m["when"] else 2) * (read_count(m["times"]) or 1))


def _stretch(m: Match, frame: Frame) -> Meaning:
    return Head("year")


RULES: tuple[Rule, ...] = (
    Rule(
        "every.each",
        "每",
        rf"每(?P<gap>间?隔)?(?:一|(?P<n>{N})(?:{TO}{N})?)?(?P<per>{PER})(?:里|"
        rf"内)?(?:一{LESSON}{LESSON_ENDS})?",
        _each_period,
        ("每天", "每两周", "每隔一周", "每三个月", "每半年", "每个季度", "每旬", "每一个月"),
        ("每人", "每年龄段", "每周边"),
    ),
    Rule(
        "every.evening",
        "每夜",
        r"每(?:晚|夜|早|晨|个?夜晚|个?傍晚)(?!餐|间)|夜夜",
        lambda m, frame: _every("day"),
        ("每晚", "每早"),
        ("每年",),
    ),
    Rule(
        "every.workday",
        "工",
        r"(?:每周的?|每个|法定|在|于)?(?:(?<![\d个])|(?<=每个))工作日(?:内|期间)?(?!志|程|常)",
        lambda m, frame: _every("day"),
        ("工作日", "每周工作日", "每个工作日"),
        ("5个工作日内", "工作日志"),
    ),
    Rule(
        "every.other",
        "双单",
        rf"(?:每|逢|每逢)?(?<![一二三四五六七八九])(?P<phase>[双单])(?P<per>月|"
        rf"周)(?![节边])(?!(?:周|"
        rf"星期)?{WEEKDAY}(?!次))",
        _each_other,
        ("逢双月", "每单月", "每双周", "双月"),
        ("双月节", "双休日"),
    ),
    Rule(
        "every.every-second",
        "隔",
        r"(?<![间相])隔(?P<per>天|日|周|月|季|年)(?!离)",
        lambda m, frame: _every(unit_of(m["per"]), 2),
        ("隔周", "隔月"),
        ("间隔", "隔离"),
    ),
    Rule(
        "every.doubled",
        "天日周月季",
        r"(?P<per>天天(?!向上)|日日(?!新)|周周|月月(?!红|攀升|提|增|上升)|季季)",
        _repeated,
        ("月月有活动", "天天"),
        ("天天向上", "月月攀升"),
    ),
    Rule(
        "every.by",
        "按逐分",
        r"(?<![a-z])[按逐分](?P<per>日(?!常)|天|周(?![边年])|月度?|季度?(?!节)|半年度?|旬)(?:份)?(?!.{0,3}(?:提高|"
        r"提升|增长|上升|递增|下降|攀升|递减))",
        _of_unit,
        ("按季度", "逐月", "按月", "分季度", "按周"),
        ("按季节", "逐月上升", "逐年"),
    ),
    Rule(
        "every.all-quarters",
        "季",
        r"(?:四个|每个|各个?|[1一]至[4四]个?)季度(?!之)",
        lambda m, frame: _every("quarter"),
        ("四个季度", "各季度"),
        ("第四季度",),
    ),
    Rule(
        "every.all-months",
        "月",
        r"(?:各月(?:份)?|十二个月|12个月)",
        lambda m, frame: _every("month"),
        ("各月份",),
        ("各种",),
    ),
    Rule(
        "every.times",
        "次回趟遍轮",
        rf"(?<![上下前后近第过每隔初半\d一二三四五六七八九十来])(?:(?P<n>[一二两三四五六七八九]|"
        rf"\d{{1,2}})(?P<per>个月|个季度|个?星期|个?学期|周|天|年|"
        rf"日(?<!\d日)|(?<=两)月)|(?:一|1)(?P<unit>月|季度?|旬)|(?P<half>半年|半个?月))"
        rf"(?:里|内|之内)?(?:要|应|必须|需)?{QUALIFIER}{{0,2}}(?:(?<!季度)[^\d\s,。;:、()一二两三四五六七八九十份度"
        rf"内底初末前后来以]{{1,4}}"
        rf"(?<!第)(?<!每))?(?P<times>{N})(?:{TO}{N})?(?:余|多)?{MEASURE}",
        lambda m, frame: _times_flat(m),
        ("一周两次", "半月一次", "两个月一次", "一年不少于两次", "一月一次"),
        ("下半年一次", "第一季度一次"),
    ),
    Rule(
        "every.one-a",
        "一",
        rf"(?<![\d每第上下十二三四五六七八九])(?:一(?P<one>周|月|季度?|日|天|年)|(?P<per>半年|"
        rf"半个?月|全年))一[大小]?(?:度|{LESSON}|主题|"
        rf"汇报|通报|调度|小结|总结|研判|巡查|排查|更新|例会|考核|检查|清理|公开|公示|走访|"
        rf"分析|上报|督查)",
        lambda m, frame: _of_period(m["one"] or m["per"]),
        ("一周一课", "一月一主题", "一季一评", "一年一度", "半月一小扫", "一月一大扫"),
        ("十一月一日", "一日一日"),
    ),
    Rule(
        "every.weekday",
        "周星礼",
        rf"(?:每|逢|每逢)(?:(?P<n>{N})(?:个)?|(?P<two>双|单|隔))?(?:个)?(?:周的?)?{WEEK}(?P<days>(?!{WEEKDAY}(?:至|到|"
        rf"-))(?!一{LESSON_ALWAYS}|一{LESSON}{LESSON_ENDS})(?!{WEEKDAY}(?:次|回|趟|遍|天|日|个|节|堂|场|期|小时|课|"
        rf"名|人|户|篇))"
        rf"{WEEKDAY}(?!十)(?:{OR}?{WEEK}?{WEEKDAY}(?![十百个名人户次项条种类支家点大位届级年月层楼组号所件])){{0,6}})",
        _weekday,
        ("每周二", "每周一、三、五", "每双周周五", "每周三下午", "每逢星期五", "每周一开展"),
        ("每周一课", "每周三次", "每周一次", "每周五天"),
    ),
    Rule(
        "every.bare-weekday",
        "周星礼",
        rf"(?<![\d一二两三四五六七八九十双单每第个])(?<!周的)(?<!周)(?:(?:星期|礼拜)(?P<days>{WEEKDAY}(?:{OR}{WEEK}?{WEEKDAY})*)"
        rf"|周(?P<short>[一二三四五六日](?:{OR}{WEEK}?[二三四五六日])*)(?=上午|下午|晚|早|中午|定期|例会|为|定为|学习|固定|义务|集中|开展|组织|"
        rf"召开|举办))",
        lambda m, frame: _on_weekdays(m["days"] or m["short"]),
        ("周三下午", "星期五例会"),
        ("四周五个", "周一"),
    ),
    Rule(
        "every.weekday-range",
        "周星礼",
        rf"(?:每|每个)?{WEEK}一(?:至|到|-){WEEK}?(?P<to>[五六日天])",
        _weekday_range,
        ("周一至周五", "每周一到五", "每周一至周日"),
        ("每周一",),
    ),
    Rule(
        "every.nth-weekday",
        "每",
        rf"每(?:个)?月(?:的)?(?P<nth>第[一二三四五1-5]|最后一?|首|末)(?:个|"
        rf"周的?)?(?:{WEEK}的?(?:{WEEK}?(?P<day>{WEEKDAY}))?|工作日)",
        _nth_weekday,
        ("每月第一个周一", "每月最后一个星期五", "每月第二周", "每月首个工作日"),
        ("每月第一次",),
    ),
    Rule(
        "every.day-of-month",
        "每",
        rf"每(?P<per>个?月|季度?)(?:的|逢)?(?P<days>{DAY}[日号]?(?:{OR}{DAY}[日号]?)*)(?<=[日号])(?:前|之前|以前)?",
        _day_of_month,
        ("每月5日前", "每月10号", "每月5日、20日", "每月的25日"),
        ("每月5次",),
    ),
    Rule(
        "every.days-of-month",
        "每",
        rf"每个?月(?:的)?{DAY}[日号]?{TO}(?P<to>{DAY})[日号](?:前|之前)?",
        _days_of_month,
        ("每月1日至5日", "每月20-25日"),
        ("每月1-2次",),
    ),
    Rule(
        "every.part",
        "每",
        rf"每(?:个)?(?P<per>月(?:份)?|季度?|半年)(?:度)?的?(?P<part>{PART}|首个?月|末月|第[一二三]个月|最后一个月|"
        rf"最后一周|第一周|结束)(?:前|之前)?",
        _part_of_period,
        ("每月底", "每月月末", "每季度末", "每季度首月", "每月上旬", "每季度第一个月"),
        ("每月中心组",),
    ),
    Rule(
        "every.part-alone",
        "初底末",
        r"(?<![\d一二三四五六七八九十元份每个年岁本当上下正腊])(?P<per>月|"
        r"季度?)(?P<part>初|底|末)(?:前)?(?![,，]?完成)",
        _part_of_period,
        ("月底", "季末", "季度末"),
        ("六月底", "本月底"),
    ),
    Rule(
        "every.months-of-year",
        "每",
        rf"每年(?:的)?(?:在|于)?(?P<months>{MONTH}(?:月份?)?(?:{OR}{MONTH}(?:月份?)?)*)(?<=[月份])(?!\d|"
        rf"{DAY}[日号]|{PART}|"
        rf"份?{TO}|份?前)",
        _months_each_year,
        ("每年5月和10月", "每年三、九月", "每年6月"),
        ("每年3月5日", "每年6月底", "每年7月至9月"),
    ),
    Rule(
        "every.halves",
        "半",
        rf"上(?:半年)?(?:、|和|及|与)?下(?:两个?)?半年(?:(?:要|应)?{QUALIFIER}{{0,2}}(?:开展|组织|举办|召开|进行|"
        rf"安排)?)(?P<times>{N}){MEASURE}?",
        lambda m, frame: _every("half_year", times=read_count(m["times"]) or 1),
        ("上下半年各一次", "上、下半年各开展1次", "上半年和下半年各一次"),
        ("下半年",),
    ),
    Rule(
        "every.terse",
        "日周旬月季年",
        r"(?:(?<=[,。;、:()\n和实行持落执到立健全])|^)(?P<per>日|周|旬|半月|月|季|半年)(?:度)?(?:例会|调度|通报|"
        r"巡查|排查|研判|点评|小结|总结|检查|考核|分析|保洁|"
        r"整治|汇总|碰头|自查|督导|互查|公示|清理|会商|走访|消杀|汇报|报告(?!知)|督查|评比|清扫|上报|巡|查|"
        r"报(?=[,。;、制\n]|$))",
        _of_unit,
        ("月调度", "实行周研判、月通报、季考核", "半年小结"),
        ("每月小结", "周报告知"),
    ),
    Rule(
        "every.periodic",
        "季月年",
        r"(?<![\d一二三四第本上下各每首前两个])(?P<per>季度|月度|"
        r"半年度)(?:的)?(?:安全)?(?:例会|考核|检查|通报|点评|督查|评比|"
        r"评议|测评|分析会?|排查|研判|巡查|调度|会议|工作例会|安全检查|大检查|总结|评估|"
        r"评选|报表|述职)",
        _of_unit,
        ("季度考核", "月度例会"),
        ("第三季度考核", "一季度会议"),
    ),
    Rule(
        "every.per",
        "次场期",
        rf"(?P<times>{N})(?:{TO}{N})?(?:次|场|期)[/每](?P<n>)(?P<per>天|日|周|月|季度?|半年|年)",
        lambda m, frame: _times_in_period(m, frame),
        ("2次/月", "一次/季度"),
        ("2次会议",),
    ),
    Rule(
        "every.inspection",
        "年",
        r"(?<![\d一二三四五六七八九十每今明])年[检审](?=[一1]次)",
        lambda m, frame: (Every("year"),),
        ("年检一次", "年审1次"),
        ("明年检查", "年检费"),
    ),
    Rule(
        "every.term",
        "学",
        rf"(?:春秋|上下|两|2|每)个?学期(?:各|均|都)?(?:开展|组织)?(?P<times>{N})?(?:次)?",
        lambda m, frame: _every("half_year", times=read_count(m["times"] or "1") or 1),
        ("上下学期各一次", "每学期"),
        ("新学期",),
    ),
    Rule(
        "stretch.year",
        "年",
        r"(?:全年|整年|今年|本年度?|当年|(?<![\d一二三四五六七八九十每近])一年(?:里|内|之内|中)?|"
        r"(?<![\dxX_*每今明全半去来一二两三四五六七八九十当本])年(?=均|不少于|至少|不低于))",
        _stretch,
        ("全年", "一年内", "年均"),
        ("近一年",),
    ),
    Rule(
        "count.times",
        "次回趟遍轮",
        rf"(?P<each>各|均)?(?:要|应|需|须)?(?:{QUALIFIER}|开展|组织|举办|召开|"
        rf"进行)*(?<![第再首上历届同每十百千\d.·])(?P<times>{N})(?:{TO}{N}|"
        rf"、{N}|或{N})?(?:余|多)?(?P<measure>次|回|趟|遍|轮)(?:以上)?"
        rf"(?!性|会议精神|全会|污染|装修|供水|元|序|品|贷|分配|创业|利用|开发|伤害|数|方|就|办|告|不|生|跑|死|离|"
        rf"改|征)",
        _count,
        ("两次", "不少于2次", "各一次", "1-2次"),
        ("第一次", "一次性", "二次供水", "200人次", "二十次全会"),
    ),
    Rule(
        "count.measured",
        "场期堂节讲",
        rf"(?P<each>各|均)?(?:{QUALIFIER})*(?<![第\d.·十百千])(?P<times>{N})(?:{TO}"
        rf"{N})?(?:余|"
        rf"多)?(?P<measure>场次|场|期|堂|节|讲)(?:以上)?(?!所|地|合|景|面|次|间|限|中|望|末|"
        rf"约|气|日|能|水|电)",
        _count,
        ("两场", "1期"),
        ("第一期", "期间"),
    ),
    Rule(
        "every.ends-of-day",
        "各",
        rf"(?:每[天日][^,。;]{{0,10}}?)?(?P<when>早中晚|早、中、晚|早晚|早、晚|上下午|上午和下午|上午、下午|午晚)"
        rf"各[^\d,。;]{{0,6}}?(?P<times>{N})(?:次|遍|趟|回)",
        _both_ends,
        ("早晚各一次", "每天早中晚各一次", "早晚各巡查一次"),
        ("早晚",),
    ),
    Rule(
        "every.rounds",
        "巡查扫报清",
        rf"(?:一|每)(?:日|天)(?P<times>{N})(?:巡|查|扫|报|清)(?!查|报)",
        lambda m, frame: _every("day", times=read_count(m["times"]) or 1),
        ("一日三巡", "每日两扫"),
        ("一日巡查",),
    ),
)


def _times_flat(m: Match) -> Meaning:
    """ "两个月一次" and its kin: the period stands in one of three groups, by how it may be counted."""
    period = m["per"] or m["unit"] or m["half"]
    interval = (read_count(m["n"]) or 1) if m["n"] else 1
    times = read_count(m["times"]) or 1
    if "旬" in period:
        return (Every("month", 1, 3 * times),)
    unit = unit_of(period)
    if unit == "year" and interval == 1:
        return Head("year", 1, Every("year", 1, times))
    return _every(unit, interval, times)
