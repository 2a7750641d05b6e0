"""Festivals, observances and seasons in running text, told from streets, medals and numbers of the same name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from nianlun.plans.reading.observances import Observance, vocabulary
from nianlun.plans.reading.schedule import Named, Rel
from nianlun.plans.reading.time_grammar.rule import Found
from nianlun.plans.reading.time_grammar.squeeze import Squeezed

_DECIMAL_DOT = re.compile(r"(?<=\d)\.(?=\d)")
_REL: tuple[tuple[re.Pattern[str], Rel | None], ...] = (
    (re.compile(r"(?:、|和|等)?(?:节日)?(?:前后|前、中、后)"), None),
    (
        re.compile(r"(?:佳节|到来|来临|节日|假期)?(?:之)?(?:前夕|前期|前(?!进|往|沿|列|来|期)|以前|来临前|到来前)"),
        "before",
    ),
    (re.compile(r"(?:佳节)?(?:来临|到来)(?:之际|之时)"), "before"),
    (re.compile(r"(?:节日|假期|假日|放假|活动|节)?(?:期间|之际|当天|当日|时节|里|中(?!心|小|老))"), "during"),
    (re.compile(r"(?:节)?(?:过)?(?:之)?后(?!勤|期|备|续|台)"), "after"),
)
_PLACE = re.compile(
    r"(?:路|街(?!头)|巷|里(?!程)|弄|新?村|小区|社区|桥|小学|中学|学校|大厦|大道|公园|花园|苑|厂|商场|市场|广场舞|"
    r"医院|居委|站|楼|镇|乡|县|区(?!域)|河|山|湖|"
    r"红旗|奖章|奖状|勋章|运动(?!会)|精神(?!文明)|口号|大会|条例|法|上河图|河图|工程(?!质)|通道|码|班组|示范岗|"
    r"服务站|晚报|会议精神|英雄|先进)"
)
_SHORT_AFTER = re.compile(
    r"(?:期间|前|后|节|之际|假期|小?长假|黄金周|来临|当天|活动|主题|慰问|文艺|演出|系列|宣传|晚会|纪念|表彰|咨询|"
    r"走访|庆祝|庆典|联欢|汇演|座谈|党日|"
    r"党课|书画|歌咏|志愿|维权|普法|普及|禁毒|消防|学雷锋|防灾|妇女|建党|建军|国庆|儿童|青年|劳动|两|等|"
    r"[、,;。)和及\n]|\Z)"
)
_SHORT_BEFORE = re.compile(
    r"(?:以|在|于|迎|庆|每年|每逢|逢|利用|结合|围绕|抓住|开展|做好|搞好|组织|举办|为|庆祝|纪念|喜迎|及|和|、|,|与|"
    r":|·|\n|\(|。|;)\Z"
)
_DIGITS_AFTER = re.compile(
    r"宣传|活动|主题|系列|纪念|学雷锋|禁毒|消防|普法|维权|防灾|咨询|[、,)]|期间|前|等|来临|当天|世界|全国|国际|日"
)
_DIGITS_BEFORE = re.compile(r"(?:围绕|结合|利用|抓住|迎接|以|在|逢|借助|依托|[:;。、,(])\Z")
_DIGITS_LEAD = re.compile(r"开展|组织|举办|举行|集中|联合|国家|法[治制]|节点|契机|为契机|之际|上街|设点|进行|做好")
_SHORT_NOT_AFTER = re.compile(
    r"(?:届|次|个|条|项|月|号|五|年|名|人|户|位|支|类|种|点|栋|幢|座|元|万|%|米|平|公里|吨|级|分|[·.\d]|路|街|村|一)"
)
_NUMBER_SIGNS = frozenset("0123456789.·一二三四五六七八九十百千第〇零")
_POETIC = frozenset(
    {"夏日", "冬日", "春天", "秋天", "金秋", "夏天", "冬天", "新春", "迎春", "盛夏", "节日", "寒冬", "严冬"}
)
"""Words that plans like to put into the names of campaigns ("缤纷冬日"): no schedule inside quotation marks."""
_GOES_ON = {
    "日": "常益程记志报",
    "月": "度份饼底均",
    "周": "边围转到年密",
    "节": "目约能水奏气俗点律电育庆",
    "年": "度轻龄级纪代限",
    "考": "核虑察评勤试证",
    "中": "心小老国医央",
    "初": "级中步始",
    "秋": "季令",
    "末": "端梢",
    "会": "议",
    "令": "营",
    "学": "第生习校术",
    "运": "动营会输",
    **dict.fromkeys("春夏冬", "季令"),
    **dict.fromkeys("一二三四五六七八九", "十百千日号月个年"),
}
"""Signs that make another word of what an alias ends with: 消防日常, 妇女节目, 新年度, 年中心."""
_COMES_BEFORE = {
    "新年": "更创革刷",
    "过年": "通经超不",
    "开学": "召展",
    "春运": "青",
    "冬至": "今去入立严寒",
    "夏至": "今去入立",
    "立冬": "建成设树创确",
    "立春": "建成设树创确",
    "立夏": "建成设树创确",
    "立秋": "建成设树创确",
    "中考": "集程过年度",
    "高考": "提",
    "年中": "一二两三四五六七八九十几全青老少中成每半近数当",
    "年初": "中青少老成",
    "年终": "中青少老成",
    "工作日": "个0123456789",
    "中秋": "其",
    "小年": "大",
}
_SEASONS = {"春": "春季", "夏": "夏季", "秋": "秋季", "冬": "冬季"}
_JOINT = re.compile(
    r"(?P<school>寒(?:假)?(?:、|和|及|与)?暑(?:两)?(?:假|期)|寒暑两?个?假期)|"
    r"(?P<seasons>(?<![立开今明入])[春夏秋冬](?:季)?(?:、|和|及|"
    r"与)?[春夏秋冬](?:[、和]?[春夏秋冬]){0,2}(?:[两二三四]?个?季节?(?!度)|之交|时节|期间))|"
    r"(?P<between>今冬明春)|(?P<two>元旦(?:、|和)?春节)|(?P<pair>(?:两节|双节)(?=期间|前|后|慰问|走访|送|之际|"
    r"安全|来临|、|,))|"
    r"(?P<days_off>逢年过节|逢节(?=必|慰|走)|节前|节后|汛前|汛后|(?:周六|星期六)(?:、|和|及|与)?(?:周日|周天|"
    r"星期日|星期天|日)|每(?:个)?周末|双休日?)"
)
_GENERIC = re.compile(
    r"(?P<name>(?:世界|国际|全国)(?!各|一|性|上|文明|卫生|最|首|范围)[\u4e00-\u9fff]{2,9}?(?:宣传|活动|教育|主题|"
    r"纪念)?(?:日|周|月))"
    r"(?=期间|前后|之际|来临|当天|等|活动|宣传|主题|系列|、|,|。|和|\n|\Z)"
)
_GENERIC_NOT = re.compile(
    r"[的了在和与为于以是对等被将、做搞]|每|今|明|节日|生日|假日|近|半|个|本|[一二三四五六七八九十]月|工作日"
)


def find_names(squeezed: Squeezed) -> Iterator[Found]:
    """Every observance named in the text, some overlapping: the longer word for the same place wins later."""
    text = squeezed.text
    yield from _joint_names(text)
    yield from _generic_names(text)
    text = _DECIMAL_DOT.sub("·", text)
    aliases_by_first = vocabulary().by_first
    for place in _first_signs().finditer(text):
        start = place.start()
        for alias in aliases_by_first[text[start]]:
            if text.startswith(alias, start) and (found := _named(squeezed, text, start, alias)):
                yield found
                break


@cache
def _first_signs() -> re.Pattern[str]:
    return re.compile("[" + "".join(re.escape(sign) for sign in vocabulary().by_first) + "]")


def _named(squeezed: Squeezed, text: str, start: int, alias: str) -> Found | None:
    words = vocabulary()
    end = start + len(alias)
    quoted = squeezed.quoted(start, end)
    if not quoted and text[start - 1 : start] in _NUMBER_SIGNS and alias[0] in _NUMBER_SIGNS:
        return None
    before, after = text[start - 1 : start] or "\n", text[end : end + 1] or "\n"
    if (not quoted and after in _GOES_ON.get(alias[-1], "")) or before in _COMES_BEFORE.get(alias, ""):
        return None
    observance: Observance | None = words.by_alias.get(alias)
    if observance and observance.month and not _begins(squeezed, text, start, alias):
        return None
    if observance is None:
        if not _short_form_stands(squeezed, text, start, end):
            return None
        observance = words.by_short[alias]
    elif (_PLACE.match(text, end) and alias[-1] not in "周季期假" and not _listed(text, start)) or (
        alias in _POETIC and _inside_quotes(squeezed, start)
    ):
        return None
    rel, rel_end = _relation(text, end)
    return Found(start, rel_end if rel else end, (Named(observance.name, rel),), "named")


def _short_form_stands(squeezed: Squeezed, text: str, start: int, end: int) -> bool:
    """Whether "十一" or "3·15" means the day here: in quotation marks, or between words that only a day takes."""
    if squeezed.quoted(start, end):
        return True
    if _PLACE.match(text, end) or _SHORT_NOT_AFTER.match(text, end):
        return False
    digits = text[start].isdigit()
    if digits and not _DIGITS_AFTER.match(text, end) and not _digits_lead(text, start, end):
        return False
    if digits:
        return "·" in text[start:end] or text[end : end + 2] in ("宣传", "消防", "活动")
    return bool(_SHORT_AFTER.match(text, end)) and bool(
        start == 0 or _SHORT_BEFORE.search(text, max(0, start - 3), start)
    )


def _digits_lead(text: str, start: int, end: int) -> bool:
    """Whether "11·9" is a day by what it opens ("11·9开展…"), and not the number of a point."""
    return bool(_DIGITS_BEFORE.search(text, max(0, start - 2), start)) and bool(_DIGITS_LEAD.match(text, end))


_LEADS = re.compile(
    r"(?:世界|全国|国际|全民|中国|国家|我国|中华|开展|做好|搞好|利用|结合|围绕|抓住|抓好|组织|宣传|举办|参加|庆祝|"
    r"纪念|期间|"
    r"[日号月份\d,、。;:!?(\n和及与在的逢迎以为个到将把等是是])\Z"
)


def _begins(squeezed: Squeezed, text: str, start: int, alias: str) -> bool:
    """Whether a short name ("水日", "卫生日") begins a word here and does not end a longer one (环境卫生日)."""
    if (
        start == 0
        or alias[-1] not in "日周月"
        or len(alias) > 4
        or alias.startswith(("世界", "全国", "国际", "全民", "中国", "国家"))
    ):
        return True
    return (
        bool(_LEADS.search(text, max(0, start - 2), start)) or squeezed.origin(start) - squeezed.origin(start - 1) > 1
    )


def _listed(text: str, start: int) -> bool:
    """Whether another observance stands before it in a list, as no street's name has."""
    words = vocabulary()
    return text[start - 1 : start] in ("、", "和", "与", "及") and any(
        text[start - 1 - length : start - 1] in words.by_alias or text[start - 1 - length : start - 1] in words.by_short
        for length in range(2, min(6, start))
    )


def _inside_quotes(squeezed: Squeezed, start: int) -> bool:
    source = squeezed.source
    here = squeezed.origin(start)
    before = source[max(0, here - 12) : here]
    return max(before.rfind(sign) for sign in '“"「『‘《') > max(before.rfind(sign) for sign in "”」』’》")


def _relation(text: str, end: int) -> tuple[Rel | None, int]:
    for pattern, rel in _REL:
        if found := pattern.match(text, end):
            return rel, found.end()
    return None, end


def _joint_names(text: str) -> Iterator[Found]:
    for m in _JOINT.finditer(text):
        if m["school"]:
            names = ["寒假", "暑假"]
        elif m["seasons"]:
            names = [_SEASONS[sign] for sign in re.findall("[春夏秋冬]", m[0])]
            if len(set(names)) == 4:
                continue
        elif m["between"]:
            names = ["冬季", "春季"]
        elif m["two"]:
            names = ["元旦", "春节"]
        elif m["pair"]:
            names = ["元旦", "春节"] if m[0] == "两节" else ["中秋节", "国庆节"]
        elif m[0].startswith("汛"):
            names = ["汛期"]
        else:
            names = ["周末" if re.search("周|星期|双休", m[0]) else "节假日"]
        rel: Rel | None = "before" if m[0][1:] == "前" else "after" if m[0][1:] == "后" else None
        after = m.end()
        if rel is None:
            rel, after = _relation(text, m.end())
        yield Found(
            m.start(),
            after if rel else m.end(),
            tuple(Named(name, rel) for name in dict.fromkeys(names)),
            "named.joint",
        )


def _generic_names(text: str) -> Iterator[Found]:
    for m in _GENERIC.finditer(text):
        if not _GENERIC_NOT.search(m["name"][2:]) and m["name"][2:] not in vocabulary().by_alias:
            yield Found(m.start(), m.end(), (Named(m["name"]),), "named.unlisted")
