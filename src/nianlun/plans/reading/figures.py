"""Figures promised in words and digits: so many of something, at least such a share, more than last year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianlun.plans.reading.model import Op
from nianlun.plans.reading.numerals import NUMBER, read_number, read_share

MEASURE = (
    r"人次|户次|场次|万户|人份|平方米|平方公里|平米|立方米|公里|公斤|千瓦时|个百分点|百分点|学时|课时|小时|"
    r"个|名|人|位|户|家|场|期|套|支|条|件|项|处|所|座|间|栋|幢|块|张|份|册|篇|本|部|辆|台|盏|棵|株|亩|吨|元|米|组|"
    r"面|只|"
    r"把|副|堂|节|讲|盆|根|桶|口|扇|对|例|度|分|片|批|门|幅|枚|具|排|樘|杆|起|万|亿"
)
_SPAN = r"(?:-+|至|到|~)"
_FIGURE = re.compile(
    rf"(?<![\d.·/+第每这同某另逐_xX*a-zA-Z])(?P<low>{NUMBER})(?:(?:{MEASURE})?{_SPAN}(?P<high>{NUMBER}))?"
    rf"(?:余|多|来)?(?P<scale>万|亿)?(?P<measure>{MEASURE})"
)
_SHARE = re.compile(
    rf"(?<![\d.])(?P<low>\d+(?:\.\d+)?)%?(?:{_SPAN}(?P<high>\d+(?:\.\d+)?))?(?P<sign>[%‰])"
    r"|(?P<words>百分百|(?:百分之|千分之)[百〇零一二三四五六七八九十\d][〇零一二三四五六七八九十点\d.]*|"
    r"[一二两三四五六七八九]成(?:[一二三四五六七八九半](?!员|立|果|为|功|"
    r"绩))?(?!员|立|果|为|功|绩|效|就|本|套|熟|年|长|分|人|员|品|都|自|语)|"
    r"[二三四五六七八九十]分之[一二两三四五六七八九])"
)
_CEILING = re.compile(r"控制在(\d+(?:\.\d+)?)(?:以内|以下|之内)")
_FROM_BEFORE = re.compile(r"(?:由|从)(?:[^,。;:]{0,8}的)?\Z")
_TO_AFTER = re.compile(r"(?:提高|上升|提升|增长|增加|增至|升至|下降|降低|降至|降到|压减|减少)")
_AT_LEAST_BEFORE = re.compile(
    r"(?:不少于|不低于|不得少于|不得低于|至少|最少|(?<!不)(?<!不得)超过|突破|"
    r"(?<!不)高于|(?<!不)多于|(?<!不)大于|不下于?|不小于|"
    r"保底)[^,。;:\d]{0,4}\Z|(?:至少|最少)[^,。;:\d]{0,16}\Z"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:控制在|不超过|不多于|不高于|(?<!不)(?<!不得)低于|(?<!不)(?<!不得)少于|"
    r"(?<!不)小于|最多|降至|降到|下降到|下降至|降低到|"
    r"压减到|不得超过|不大于|限制在)\Z"
)
_AT_LEAST_AFTER = re.compile(r"(?:及其?|或)?(?:以上|之上|起步)")
_AT_MOST_AFTER = re.compile(r"(?:及)?(?:以内|以下|之内)")
_MORE_BEFORE = re.compile(
    r"(?:增长|提高|提升|上升|增加|递增|增幅|增幅达|增幅为|增长率|攀升|增收)(?:了|约|不低于|"
    r"不少于|至少|幅度)?(?:达到?)?\Z"
)
_LESS_BEFORE = re.compile(r"(?:下降|降低|减少|压减|压缩|缩减|削减|降幅|下调)(?:了|约|不低于|不少于|至少)?(?:达到?)?\Z")
_CLAUSE_BREAK = re.compile(r"[,。;:!?\n]")
_COMPARES = re.compile(r"(?:比|较)(?:去年|上年|往年|前一年|同期|年初)|同比|在(?:去年|上年)基础上")

_VERBS = (
    "新建|新增|建立|建成|建设|建造|修建|扩建|改建|共建|再建|创建|创办|打造|组建|成立|培育|培养|发展|安装|加装|"
    "增设|增加|新设|改造|完成|实现|举办|开办|"
    "开展|组织|培训|招募|招聘|达到|走访|慰问|帮扶|帮助|发放|救助|引进|引入|评选|推荐|设立|设置|配备|配置|聘请|"
    "选聘|聘用|选派|选出|签订|签约|投入|争取|"
    "筹集|募集|制作|张贴|刊出|编印|印发|播放|放映|种植|栽种|补种|更换|维修|修缮|整治|清理|拆除|检查|排查|调处|"
    "化解|办理|办好|办|建|装|招|达|"
    "谋划|扶持|孵化|储备|吸收|接收|转化|联系|结对|资助|服务|惠及|覆盖|巩固|完善|推出|推进|实施|落实|解决|开设|"
    "征集|收集|撰写|上报|报送|开通|购置|购买|"
    "添置|粉刷|疏通|硬化|绿化|铺设|布置|挂牌|申报|申请|选树|树立|命名|表彰|不少于|至少|不低于|超过|配齐|明确|"
    "安排|确定|划分|设|筹建|形成|开班|办班|巡查|演练|辅导|讲座"
)
_VERB = re.compile(_VERBS)
_TRANSPARENT_VERB = re.compile(
    rf"(?:每[年月周日天季]度?|每季度|每人|计划|努力|力争|争取|确保|全年|今年|年内|继续|"
    rf"为居民|共|要|拟|将|使|把|预计|至少|不少于|不低于|"
    rf"提供|清运|投放|{_VERBS}|各类|各种|好|了)+"
)
_PLAIN_LEAD = re.compile(
    r"(?:全年|今年|年内|每年|每月|每季度?|计划|力争|争取|确保|举办|组织|开展|召开|完成|新建|建成|建立)+"
)
_NO_NOUN = re.compile(r"[率数量度额企引员]|.?\Z")
_ABSTRACT = re.compile(
    r"(?:方面|环节|重点(?!人|单|场|项|企)|坚持|确保|到位|结合|意识|体系|原则|问题|层面|步骤|阶段|转变|提升|突破|"
    r"关键|发展规划|规划|文明(?!小|楼|单|家|社|村)|代表|带头|工程|目标|"
    r"维护|自信|"
    r"务必|不|必|能力|责任|主体|关系|作用|特点|机制|制度|思路|系列|统一|清单|网络|模式|抓手|渠道|载体|支撑|维度|"
    r"板块|主题(?!公园|广场|活动)|优势|标准|优先|公开|季度|月|星期|学期|小时|"
    r"工作日|领域|行业|"
    r"部门|类别|条线|群体|意见|样|人(?!才|大)|层次|全面|重大|台阶|新台阶|良好|和谐|优良|整体|过程|环境|氛围|格局|"
    r"方向|方针|要求|重要|难点|热点|亮点(?!工)|好|时期|时段|半天|举措|措施|办法|"
    r"行为|文化(?!室|站|广|中|活|队|墙|长|礼|社|团|品|惠|企)|道德|思想|观念|理念|主义|精神|服务(?!站|点|中|队|项|"
    r"对|窗|品|网|团|区)|管理(?!员|队|站)|建设|工作(?!站|室|"
    r"坊|点|小)|安全(?!小|社|员|宣)|核心|先进|力量|重|大局|基本|政治|角度|窗口|纽带|桥梁|缩影|特色(?!项|品|党|活|"
    r"楼|小|队)|一(?!定)|十|百|\d|字|点(?!位))"
)
_NOUN = r"(?:[^,。;:、()!?\n]{1,24})"
_ONE_LASTS = {
    "支": re.compile(r"(?!笔)"),
    "名": re.compile(r""),
    "个": re.compile(
        r"[^,。;、]{0,14}?(?:室|站|中心|基地|点(?!子)|广场|公园|花园|小区|楼道|队|组织|协会|支部|党小组|学校|课堂|"
        r"社团|俱乐部|书屋|书吧|驿站|食堂|示范|样板|项目|品牌|"
        r"宣传栏|专栏|橱窗|"
        r"车位|停车|车棚|公众号|委员会|议事|长廊|墙|厅|角(?!度)|亭|园|馆|院|班(?!子)|中队|小组|窗口|平台|社区|"
        r"单位|企业|群)"
    ),
    "处": re.compile(r""),
    "所": re.compile(r""),
    "间": re.compile(r""),
    "座": re.compile(r""),
    "台": re.compile(r"(?!戏|阶)"),
    "条": re.compile(r"[^,。;、]{0,8}?(?:街|路|长廊|热线|走廊|线路|通道|跑道|步道)(?!线)"),
    "套": re.compile(r"[^,。;、]{0,8}?(?:设备|器材|设施|系统|音响|桌椅|服装|软件)"),
    "块": re.compile(r"[^,。;、]{0,8}?(?:栏|板|屏|牌|绿地|场地|草坪|菜园)"),
    "家": re.compile(r"[^,。;、]{0,10}?(?:企业|公司|机构|单位|店|超市|组织)"),
    "本": re.compile(r"[^,。;、]{0,8}?(?:书|册|手册|台账|刊)"),
    "部": re.compile(r"[^,。;、]{0,8}?(?:片|电影|剧|电话|车)"),
    "场": re.compile(r"(?![^,。;、]{0,6}(?:攻坚|硬仗|战|革命|雨|考验))"),
    "期": re.compile(r"(?!工程|项目|改造|建设|的)"),
    "堂": re.compile(r""),
    "节": re.compile(r"(?=课|[^,。;、]{0,8}课)"),
    "面": re.compile(r"[^,。;、]{0,6}(?:墙|旗)"),
    "册": re.compile(r""),
    "小时": re.compile(r""),
    "学时": re.compile(r""),
}
"""What "一" counts where it is a promise that lasts or an event of its own, by measure: no "一封信", no "一条心"."""
_NEVER_AFTER: dict[str, re.Pattern[str]] = {
    "人": re.compile(
        r"员|民|才|口|大|社|身|均|防|行|生|群|居|文|物|为|数|心|性|力|工|体|家|道|格|脉|气|际|选|士|"
        r"事|们|手|参|一(?:档|岗|策)"
    ),
    "家": re.compile(r"庭|园|属|长|政|乡|访|一|家|具|畜|国|喻|门|人"),
    "户": re.compile(r"籍|口|主|外|型|代表|档|一|均|内|户"),
    "条": re.compile(r"龙|心|主线|例|线|件"),
    "项": re.compile(r"制度|机制|基本|重点|任务|职|整治|原则|要求|措施|内容|指标|活动"),
    "件": re.compile(r"件"),
    "位": re.compile(r"一体|置|于"),
    "组": re.compile(r"织|长|建|成|团"),
    "面": re.compile(r"向|对|积|临|貌|子"),
    "对": re.compile(r"一|于|标|象|口|照|策|待"),
    "分": re.compile(r"之|类|别|工|离|散|析|级|钟|子|居|层|片|组|布|发|送"),
    "度": re.compile(r"假|过|电(?!费)"),
    "口": re.compile(r"号|碑"),
    "点": re.compile(r"."),
    "部": re.compile(r"分|门|署|位|队"),
    "节": re.compile(r"日|假|约|能|俗|奏|目|水|庆|点"),
    "场": re.compile(r"所|地|合|景|面|次"),
    "期": re.compile(r"间|限|工程|项目|末|中|望|盼|货|改造|建设"),
    "堂": re.compile(r"堂"),
    "套": re.compile(r"餐"),
    "台": re.compile(r"账|阶|戏"),
    "间": re.compile(r"接|隔|断"),
    "门": re.compile(r"(?!课)"),
    "片": re.compile(r"区|面"),
    "批": re.compile(r"评|次|准"),
    "本": re.compile(r"市|区|社|级|年|辖|地|身|人|着|质|土|村|街|镇|科"),
    "支": re.compile(
        r"部|持|撑|出|一|委|付|"
        r"书"
    ),
    "所": re.compile(r"有|以|在|需|谓|属|辖"),
    "张": re.compile(r"网|贴"),
    "只": re.compile(r"有|要|能|是"),
    "排": re.compile(r"查|除|污|练"),
    "把": re.compile(r"手|握|关"),
    "份": re.compile(r"力|额|责|心|爱"),
    "元": re.compile(r"旦|宵|素"),
    "亿": re.compile(r"[^元]"),
    "处": re.compile(r"理|置|于|罚|级"),
    "讲": re.compile(r"座|堂|解|话|究|文|卫|师|诚|述"),
    "万": re.compile(r"家|众|户|人|元|一|无|象|分|名|个|户"),
    "米": re.compile(r"面"),
    "座": re.compile(r"谈|右|位"),
    "名": re.compile(r"称|单|额|誉|义|录|人|家|优|胜|片|师"),
    "具": re.compile(r"有|体|备"),
    "起": re.compile(r"来|码|点|源|草|步|止|诉|床|重|到|伏|因|初|立|降|跑|至"),
    "小时": re.compile(r"内|值班|制|服务|开放|在线|热线|不间断|之内|以内|到岗|巡逻|监控|待命|畅通|响应|自助"),
}
_MONEY = re.compile(r"贷款|资金|投入|投资|经费|税收|产值|营业|租金|收入|筹集|捐款|金额|募集|财政|款|补助|补贴|费")
_IDENTIFIES_BEFORE = re.compile(r"(?:第|每|任何|这|那|逐|其中|某|为期|前|历时|满|年满|近|届|过去|上|原有的?|之)\Z")
_ROUND = frozenset(["百", "千", "万", "亿", "百万", "千万"])
_TWO_DIGITS = re.compile(r"[一二两三四五六七八九]{2}\Z")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure at its place in the squeezed text, its number at `number`; no value where only the direction is said."""

    start: int
    end: int
    metric: str
    op: Op
    value: float | None
    unit: str
    value2: float | None = None
    rule: str = ""
    number: tuple[int, int] = (0, 0)


def find_figures(text: str) -> Iterator[Figure]:
    """Every explicit figure of a squeezed item, in no special order."""
    yield from _shares(text)
    yield from _counts(text)
    yield from _ceilings(text)
    yield from _trends(text)


def _shares(text: str) -> Iterator[Figure]:
    for m in _SHARE.finditer(text):
        if m["words"]:
            words = m["words"].replace("百分百", "百分之百")
            value = read_share(words.replace("千分之", "百分之"))
            value = 100.0 if words == "百分之百" else value
            unit = "‰" if words.startswith("千") else "%"
        else:
            value, unit = read_number(m["low"]), m["sign"]
        if value is None or (_FROM_BEFORE.search(_clause_before(text, m.start())) and _TO_AFTER.match(text, m.end())):
            continue
        high = read_number(m["high"]) if m["high"] else None
        start, metric = _metric_before(text, m.start())
        op = _op_of_share(text, m, value, high)
        if op == "increase" and _LESS_BEFORE.search(_clause_before(text, m.start())):
            value = -value
        yield Figure(start, m.end(), metric, op, value, unit, high, "target.share", m.span())


def _op_of_share(text: str, m: re.Match[str], value: float, high: float | None) -> Op:
    if high is not None:
        return "range"
    before = _clause_before(text, m.start())
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(text, m.end()):
        return "at_most"
    if _AT_LEAST_AFTER.match(text, m.end()) and not _MORE_BEFORE.search(_clause_before(text, m.start())):
        return "at_least"
    if _MORE_BEFORE.search(_clause_before(text, m.start())) or _LESS_BEFORE.search(_clause_before(text, m.start())):
        return "increase"
    return "eq" if value == 100 else "at_least"


def _ceilings(text: str) -> Iterator[Figure]:
    """A ratio without a measure that is to stay within a bound: 控制在107以内."""
    for m in _CEILING.finditer(text):
        start, metric = _metric_before(text, m.start())
        yield Figure(start, m.end(), metric, "at_most", read_number(m[1]), "", None, "target.ceiling", m.span(1))


def _counts(text: str) -> Iterator[Figure]:
    for m in _FIGURE.finditer(text):
        figure = _count(text, m)
        if figure is not None:
            yield figure


def _count(text: str, m: re.Match[str]) -> Figure | None:
    measure, low_words, high_words = m["measure"], m["low"], m["high"]
    after = text[m.end() : m.end() + 20]
    never = _NEVER_AFTER.get(measure)
    if (never and never.match(after)) or _IDENTIFIES_BEFORE.search(text, max(0, m.start() - 4), m.start()):
        return None
    low, high = read_number(low_words), read_number(high_words) if high_words else None
    if high is None and _TWO_DIGITS.match(low_words):
        if low_words not in ("一两", "两三", "二三", "三四", "三五", "四五", "五六", "七八", "八九"):
            return None
        low, high = read_number(low_words[0]), read_number(low_words[1])
    if low is None or low == 0 or low_words in _ROUND:
        return None
    unit = measure
    if measure in ("万", "亿"):
        if not _MONEY.search(_clause_before(text, m.start()) + after[:6]):
            return None
        factor = 10_000.0 if measure == "万" else 100_000_000.0
        unit, low, high = "元", low * factor, high * factor if high is not None else None
    elif scale := m["scale"]:
        factor = 10_000.0 if scale == "万" else 100_000_000.0
        low, high = low * factor, high * factor if high is not None else None
    if (
        high is not None
        and high_words
        and low < high
        and (big := re.search("[万亿]", high_words))
        and not re.search("[万亿]", low_words)
    ):
        low *= 10_000.0 if big[0] == "万" else 100_000_000.0
    if not _promises(text, m, low, high, after):
        return None
    op = _op_of_count(text, m, high)
    if op == "increase" and _LESS_BEFORE.search(_clause_before(text, m.start())):
        low = -low
    start, end, metric = _metric(text, m)
    return Figure(start, end, metric, op, low, unit, high, "target.count", m.span())


def _promises(text: str, m: re.Match[str], low: float, high: float | None, after: str) -> bool:
    """Whether the number counts what can be checked, and is no figure of speech, name or age."""
    measure, words = m["measure"], m["low"]
    digits = words[0].isdigit()
    if measure == "小时" and low in (8, 12, 24, 48, 72):
        return False
    if measure == "分" and (not digits or low < 50):
        return False
    if measure in ("组", "排", "对", "片", "批", "度") and not digits and low <= 10:
        return False
    if measure in ("栋", "幢") and not re.match(r"(?:老旧|居民|高层|多层|住宅|危|旧|商|楼|房|建筑)", after):
        return False
    if measure in ("个百分点", "百分点"):
        return True
    if low == 1 and not digits and high is None:
        lasts = _ONE_LASTS.get(measure)
        if lasts is None or not lasts.match(text, m.end()) or after.startswith("一"):
            return False
        if measure in ("个", "名") and _ABSTRACT.match(after):
            return False
    elif measure in ("个", "项", "条", "大", "件", "块", "场") and _ABSTRACT.match(after):
        return measure == "件" and after.startswith("实事")
    before = _clause_before(text, m.start())
    if before.endswith("半径") or (before.endswith("由") and "组成" in after):
        return False
    verb = bool(_VERB.search(before))
    if digits or low > 10 or high is not None:
        return True
    return verb


def _op_of_count(text: str, m: re.Match[str], high: float | None) -> Op:
    if high is not None:
        return "range"
    if m["measure"] in ("个百分点", "百分点"):
        return "increase"
    before = _clause_before(text, m.start())
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(text, m.end()):
        return "at_least"
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(text, m.end()):
        return "at_most"
    if _LESS_BEFORE.search(_clause_before(text, m.start())) or (
        _MORE_BEFORE.search(_clause_before(text, m.start())) and _COMPARES.search(_clause_before(text, m.start()))
    ):
        return "increase"
    return "eq"


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE_BREAK.split(text[max(0, start - 40) : start])[-1]


def _metric(text: str, m: re.Match[str]) -> tuple[int, int, str]:
    """What is counted: the noun behind the measure, else the noun before the number."""
    noun = re.compile(rf"(?:以上|左右|以内|的)?({_NOUN})").match(text, m.end())
    if (noun and not noun[0].startswith(("以上", "以内", "左右"))) or (noun and len(noun[0]) > 2):
        found = noun[1]
        if not re.match(r"(?:的任务|任务|目标|以上|左右|以内)", found) and not _VERB.match(found):
            return m.start(), noun.end(), found
    start, metric = _metric_before(text, m.start())
    return start, m.end(), metric or (noun[1] if noun else "")


def _metric_before(text: str, start: int) -> tuple[int, str]:
    """The noun that ends before a figure, with the place where it begins."""
    clause = re.split(r"[,。;:、!?\n]", text[max(0, start - 40) : start])[-1]
    begins = start - len(clause)
    verb = _TRANSPARENT_VERB.match(clause)
    if verb and not _NO_NOUN.match(clause, verb.end()):
        begins += verb.end()
    elif verb and (lead := _PLAIN_LEAD.match(clause)) and lead.end() < len(clause) - 1:
        begins += lead.end()
    metric = re.sub(
        r"(?:力争|确保|争取|要|均|应)?(?:达到?|不低于|不少于|至少|为|保持在|稳定在|控制在|不超过|超过|"
        r"提高到?|提升[到至]?|增长|完成|实现|增至|约|在|上升|"
        r"下降|新增)*\Z",
        "",
        text[begins:start],
    )
    return (begins, metric) if metric else (start, "")


_RISES = re.compile(
    r"(?P<every>[^,。;:]{2,16}?)(?:逐年|逐月|月月|年年|逐季|逐步|稳步|稳中有|持续|只)(?P<up>上升|增长|提高|提升|"
    r"递增|攀升|增加|升|增不减)"
    r"|(?P<rate>(?:提高|提升|增加)(?P<noun>[^,。;:]{1,20}(?<!效)(?<!频)(?<!税)率(?!先|领|队)(?:(?:和|及|与|"
    r"、)[^,。;:]{1,10}率)*))"
    r"|(?P<double>翻[一两]?番)"
)
_STEADY = re.compile(r"(?:率|收入|收费|数量|人数|比例|数|量|额|产值|税收|费)\Z")


def _trends(text: str) -> Iterator[Figure]:
    """What is to rise without a figure: 逐年上升, 提高…率; 翻一番 is a rise of 100%."""
    for m in _RISES.finditer(text):
        if m["double"]:
            start, metric = _metric_before(text, m.start())
            yield Figure(start, m.end(), metric, "increase", 100.0, "%", None, "target.double")
        elif m["rate"]:
            if re.match(rf"(?:到|至|了|约)?\d|{NUMBER}[%个]|达到|百分", text[m.end() : m.end() + 8]) or re.search(
                r"\d|百分", m["noun"]
            ):
                continue
            if not re.match(r"[\d百]|达到?[\d百]|[到至]|不低|不少", text[m.end() : m.end() + 4]):
                yield Figure(m.start(), m.end(), m["noun"], "increase", None, "", None, "target.rate-rises")
        else:
            steady = re.search(r"逐步|稳步|持续|稳中有", m[0])
            follows = text[m.end() : m.end() + 4]
            if re.match(r"[\d到至百约]|(?:不低|不少)", follows) or (steady and not _STEADY.search(m["every"])):
                continue
            metric = (
                _TRANSPARENT_VERB.sub("", m["every"], count=1) if _TRANSPARENT_VERB.match(m["every"]) else m["every"]
            )
            yield Figure(
                m.end() - len(m[0]) + m[0].index(metric), m.end(), metric, "increase", None, "", None, "target.rises"
            )
