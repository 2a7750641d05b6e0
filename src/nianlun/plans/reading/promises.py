"""Zero and full promises without a numeral: no accident at all, every one of those who are entitled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HARM = (
    r"事故|案件|事件|火灾|伤亡|死亡|上访|非访|信访|违章|违建|违法|犯罪|邪教|吸毒|投诉|疫情|纠纷|现象|拖欠|积水|"
    r"家暴|暴力|诈骗|案发|中毒|溺水|失火|隐患|差错|失误|"
    r"问题|新增|复吸|脱管|漏管|刑释|暴发|流行|舆情|遗漏|漏登|走失|违规|违纪|不良|滋事|闹事|聚众|集访|越级|毒品|"
    r"赌博|群访|火情|险情|因素|返贫|欠薪|乱象|行为"
)
# Name of the rule, signs of which a text must hold one, pattern.
_ZERO: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("implied.none-allowed", "杜", re.compile(r"(?:坚决)?杜绝(?P<what>[^,。;!?\n]{1,25})")),
    ("implied.guard", "防", re.compile(r"严防(?P<what>[^,。;!?\n]{2,20}?)(?:的)?(?:发生|出现|发案|反弹)")),
    (
        "implied.without",
        "无",
        re.compile(
            rf"(?<![从有毫并公若如])无(?!线|障碍|偿|缝|纸|主|人|论|私|微|疑|磷|公害|烟|关|需|须|法|证|业|房|保|力|"
            rf"固定|数|穷|比|所|愧|悔|限|尘|形|效|理|故|物业|子女|"
            rf"收入|邪教社|违建社|毒社)"
            rf"(?P<what>[^,。;!?\n无]{{0,14}}?(?:{_HARM}))(?:的)?(?:发生|出现)?(?!社区|小区|家庭|村|楼|单位|示范|"
            rf"创建|企业)"
        ),
    ),
    (
        "implied.zero",
        "零〇",
        re.compile(
            rf"(?<![\d一二三四五六七八九十百千])[零〇](?P<what>(?:重大|安全|火灾|违法|信访|生产|交通|刑事|治安|"
            rf"涉毒|新增|集体|越级|有效){{0,2}}(?:{_HARM}|发生|"
            rf"增长|感染|盲区|死角|辍学|懈怠|漏报|发案|断档|违停|空缺|积压))"
        ),
    ),
    (
        "implied.never",
        "不",
        re.compile(
            r"(?:坚决|确保|做到|保证|力争|绝|决)?不(?:再)?(?:发生|出现|产生|引发)(?P<what>[^,。;!?\n]{2,24})|"
            r"(?P<what2>[^,。;!?\n]{2,14})不(?:再)?(?:发生|出现|反弹)(?=[,。;!?\n]|\Z)"
            r"|(?:确保|做到|保证)[^,。;!?\n]{0,10}不出(?P<what3>[^,。;、!?\n]{0,6}(?:事故|问题|差错|纰漏|事))"
        ),
    ),
    (
        "implied.at-zero",
        "零",
        re.compile(
            r"(?P<what>[^,。;!?\n]{2,16})(?:控制为|保持为|降为|为|归|清|实现|"
            r"达到)[零](?=[,。;!?\n]|\Z|目标|发生率)"
        ),
    ),
)
_FULL: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "implied.whole-cover",
        "覆盖",
        re.compile(
            r"(?P<what>[^,。;!?\n()]{0,16}?)(?:的)?(?:全(?:面)?覆盖|全员覆盖|覆盖到(?:每|"
            r"全)[^,。;]{1,6})(?!网)"
        ),
    ),
    ("implied.all-due", "尽", re.compile(r"(?P<what>应(?P<same>[\u4e00-\u9fff]{1,2})尽(?P=same))")),
    (
        "implied.all-done",
        "全",
        re.compile(
            r"(?P<what>[^,。;!?\n、]{0,14}?)全(?:部|都)(?:按时|如期|及时|要|都|能|按要求|依法)?(?:达标|完成|合格|"
            r"整改|办结|建档|参保|覆盖|纳入|签约|签订|"
            r"录入|上传|安装|更换|清理|拆除|到位|公开|入会|入户|走访|检查|登记|落实|解决|畅通|销号|通过|脱贫|实现|配齐|入网|"
            r"知晓|培训|发放|兑现|参加|化解|回访|归档)"
        ),
    ),
    (
        "implied.all-done",
        "全",
        re.compile(
            r"(?P<what>[^,。;!?\n、]{0,10}?)(?<![健安完齐保])全(?:达标|办结|参保|入网|"
            r"知晓|登记|排查|公开|录入|建档|"
            r"纳入|参与|整改|签约|兑现|享受|到位)"
        ),
    ),
    (
        "implied.up-to-standard",
        "标格关",
        re.compile(
            r"(?P<what>(?:各项|所有|全部|各类|主要)[^,。;!?\n]{0,10}?)(?:如期|按期|全面|均|都)?(?:达标|"
            r"合格|达到标准|过关)"
        ),
    ),
    ("implied.without-error", "误", re.compile(r"(?P<what>[^,。;!?\n]{0,14}?)(?:正确|准确|真实|精准|完整)无误")),
    (
        "implied.none-missed",
        "漏落少",
        re.compile(
            r"(?P<what>(?:一(?:户|人|个|项|处|栋|楼|家)不(?:漏|落|少)|不(?:漏|落下?|"
            r"少)(?:一|任何一?)(?:户|人|"
            r"个|项|处|栋|家)|无一遗漏|无遗漏))"
        ),
    ),
    ("implied.each-answered", "件", re.compile(r"(?P<what>件件)有(?:回音|着落|落实|结果|回应|答复|反馈|回复)")),
)
_LEAD = re.compile(
    r"\A(?:确保|实现|力争|努力|做到|达到|保证|争取|要|使|促进|推动|推进|基本|逐步|进一步|年度|逐渐|"
    r"已|发生|出现|任何|一切|的|内|和|与)+"
)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise of none (value 0) or of all (value 100, in %), at its place in the squeezed item."""

    start: int
    end: int
    metric: str
    value: float
    unit: str
    rule: str


def find_promises(text: str) -> Iterator[Promise]:
    """Every zero or full promise, each place once."""
    taken: list[tuple[int, int]] = []
    signs = set(text)
    for value, unit, rules in ((0.0, "", _ZERO), (100.0, "%", _FULL)):
        for rule, needs, pattern in rules:
            if signs.isdisjoint(needs):
                continue
            for m in pattern.finditer(text):
                if any(start < m.end() and m.start() < end for start, end in taken):
                    continue
                taken.append(m.span())
                groups = m.groupdict()
                what = next((groups[key] for key in ("what", "what2", "what3") if groups.get(key)), "")
                start = m.start() + (len(m[0]) - len(_LEAD.sub("", m[0])) if value else 0)
                yield Promise(min(start, m.end() - 1), m.end(), _LEAD.sub("", what).rstrip("的"), value, unit, rule)
