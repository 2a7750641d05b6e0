"""Who answers for an item: named posts, teams and units that the item itself makes responsible."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nianlun.plans.reading.model import Owner
from nianlun.plans.reading.vocabulary import LINES_ROOM, load_yaml, words_of

_AND = r"(?:、|和|与|及|以及|会同|,|，|或|\s)"
# What follows one who acts: a word of duty, of manner, or the act itself.
_DUTY = (
    r"要|将|应|须|必须|需|可以|负责|牵头|具体|每[天日周月季年半个两名位]|定期|不定期|不定时|按时|按照?|根据|对|"
    r"在.{1,12}(?:下|中|内|时|前)|为(?!主|骨干|核心|重点)|给.{1,8}(?:上|讲|送|做)|"
    r"到.{1,12}(?:开展|进行|参加|检查)"
)
_MANNER = (
    r"深入|积极|认真|主动|及时|继续|共同|带头|轮流|全面|分片|包片|包户|切实|经常|坚持|充分|大力|进一步|不断|严格|加大"
)
_ACT = (
    r"组织|开展|做好|进行|召开|举办|参与|协助|配合|协同|指导|督促|上门|入户|走访|巡查|巡逻|检查|排查|评选|建立|落实|完善|加强|"
    r"利用|通过|结合|采用|采取|前往|宣传|收集|汇总|上报|登记|调解|监督|担任|承担|主持|发放|清理|帮助|帮扶|结对|看望|慰问|"
    r"制定|提供|实行|履行|把|会同|联合|与.{1,10}(?:签订|结对|联系|配合)|参加|"
    r"清扫|打扫|擦洗|清洗|清除|清查|铲除|捡拾|劝阻|劝导|劝说|制止|值守|值班|值勤|轮值|轮流|巡看|夜间|晚上|义务|上街|维护|看护|照料|照顾|陪伴|陪同|"
    r"护送|疏导|引导|讲授|讲述|讲解|讲|辅导|补习|编排|分发|张贴|核查|核对|安装|维修|包干|认领|采集|打分|评议|抽查|审核|突击|每人|联系|分工|办|搞好|摸排|摸底|收缴|代办"
)
_ACTS = rf"(?:均|都|也|还|一般)?(?:{_DUTY}|{_MANNER}|{_ACT})"
# Words that set another to work; the object that follows them acts in the next words.
_SETS = (
    r"(?:组织|发动|动员|安排|指派|委派|派出|委托|责成|要求|督促|联系|协调|依托|依靠|会同|联合)"
    r"(?:好|起|全体|广大|部分|各|所有|本)?"
)
_CLAUSE_OPENS = r"(?:^|(?<=[,，。;；:：、!！\s》)]))"
# A time may stand before the one who acts: 每周五网格员上门.
_WHEN = (
    r"(?:(?:每|全年|年[初中底内终]|[上下]半年|[0-9０-９一二三四五六七八九十]{1,3}月|[一二三四]季度)"
    r"[^,，。;；:：]{0,8}?)?"
)
# What the word 责任人 and its like name, whatever it be called.
_LABEL = (
    r"(?:责任人|责任单位|责任部门|责任科室|责任领导|牵头单位|牵头部门|牵头科室|牵头人|承办人|承办单位|承办部门|"
    r"配合单位|负责人|完成人)[:：]\s*"
)
_LABELLED = re.compile(rf"\s*[。；;，,]?\s*[（(\[【]?{_LABEL}(?P<names>[^。；;：:（()）\]】\n]{{2,40}})")
_BETWEEN_NAMES = re.compile(r"[^、，,\s]+")
# A body that no list names shows itself by its last word where it is charged by 由…负责.
_ANY_BODY = r"[一-龥]{1,8}(?:办|科|站|所|室|中心|队|组|委|会|员|长|人员|部门|主任|书记|干部|经理)"
_MODAL = re.compile(r"等?(?:要|应|将|须|必须|需)")
# A sentence that names a doer seldom has more items than these.
NEAR_ITEMS = 8
_LOOKS_BACK = re.compile(r"[。;；!！?？\n\r]")
# A word of study after 组织党员 makes of them those who are taught.
_TAUGHT = re.compile(
    r"(?:认真|集中|深入|定期|开展|进行|参加|观看|收看|参观|赴|到)*.{0,14}(?:学习|教育|培训|党课|参观|观看|座谈|活动日|讲座|生活|大讨论)"
)
_PUPILS = ("党员", "老党员", "党员干部", "在职党员", "居民代表", "教师", "网格员", "社区干部", "社工")
_NOT_NAMED = ("社区", "街道", "各社区", "小区", "单位", "居民", "负责人", "组长", "主任", "团队", "协会", "专家")


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled patterns over the names of posts, teams and bodies."""

    name: re.Pattern[str]
    rules: tuple[tuple[str, re.Pattern[str]], ...]
    subject: re.Pattern[str]
    unlisted: re.Pattern[str]


def _alternation(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


@cache
def grammar() -> Grammar:
    posts = load_yaml(LINES_ROOM / "posts.yaml")
    qualifiers = _alternation(words_of(posts["qualifiers"]))
    heads = _alternation([*words_of(posts["persons"]), *words_of(posts["teams"]), *words_of(posts["bodies"])])
    name = rf"(?:{qualifiers}){{0,3}}(?:{heads})"
    names = rf"(?P<names>{name}(?:{_AND}{{1,2}}{name})*)"
    rules = (
        ("by", rf"(?<![自理来事缘经])由{names}(?:等)?(?![的、和与及])"),
        (
            "charged",
            rf"{names}(?:等)?(?:任(?:正|副)?组长|为(?:正|副)?组长|担任|牵头|(?:专门|具体|主要|全面|共同|分别|一起)?负(?:责|总责)|分管|轮流)",
        ),
        ("charged", rf"(?:明确|确定){names}(?:等)?(?:为|是|作为)(?:第一|直接|主要)?(?:责任人|负责人|责任单位)"),
        ("main_force", rf"以{names}(?:等)?为(?:主体|主力|主(?!体|力)|骨干|核心|依托)(?!的)"),
        (
            "role",
            rf"发挥(?:好|了)?{names}(?:等)?(?:的|在.{{1,16}}的?|职能|监督|桥梁|纽带|骨干|带头|示范|主力军)*(?:作用|优势|力量)",
        ),
        ("force", rf"(?:利用|借助|依靠|整合){names}(?:等)?的?(?:力量|资源|优势)"),
        ("relied_on", rf"(?:依托|依靠){names}(?:等)?(?<=[者员长警队伍])[,，]"),
        ("set_to_work", rf"{_SETS}{names}(?:等)?(?={_ACTS})"),
    )
    # Names that the list does not know are looked for last, where the words before and after leave no doubt.
    unlisted = (
        rf"(?<![自理来事缘经])由(?P<names>{_ANY_BODY}(?:、{_ANY_BODY})*)(?=负责|牵头|具体负责|任组长|承担|组织实施)"
    )
    subject = rf"{_CLAUSE_OPENS}{_WHEN}{names}(?:等)?(?={_ACTS})"
    return Grammar(
        re.compile(name),
        tuple((rule, re.compile(pattern)) for rule, pattern in rules),
        re.compile(subject),
        re.compile(unlisted),
    )


def assign_owners(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Owner, ...]]:
    """For each span the owners that it names, or that its sentence names as the doer of what it says."""
    found: list[tuple[Owner, ...]] = []
    for at, (start, end) in enumerate(spans):
        before = spans[max(0, at - NEAR_ITEMS) : at]
        after = spans[at + 1][0] if at + 1 < len(spans) else len(text)
        found.append(_owners_of(text, start, end, before, after))
    return found


def _owners_of(text: str, start: int, end: int, before: Sequence[tuple[int, int]], after: int) -> tuple[Owner, ...]:
    found = (
        list(_labelled(text, start, end, after))
        or list(_named_within(text, start, end))
        or list(_named_before(text, start, before))
    )
    kept: dict[str, Owner] = {}
    for owner in sorted(found, key=lambda owner: owner.start):
        kept.setdefault(owner.name, owner)
    return tuple(kept.values())


def _labelled(text: str, start: int, end: int, after: int) -> Iterator[Owner]:
    """Whom 责任人: and its like name, in the item or right behind it before the next."""
    label = _LABELLED.search(text, start, end) or _LABELLED.match(text, end, max(end, after))
    if label is not None:
        for name in _BETWEEN_NAMES.finditer(text, label.start("names"), label.end("names")):
            yield Owner(name.start(), name.end(), name.group(), "label")


def _named_within(text: str, start: int, end: int) -> Iterator[Owner]:
    known = grammar()
    stretch = text[start:end]
    if not known.name.search(stretch):
        yield from _unlisted(text, start, end)
        return
    for rule, pattern in known.rules:
        for match in pattern.finditer(stretch):
            if rule == "role" and not _role_acts(text, stretch, match, end):
                continue
            taught = rule == "set_to_work" and _TAUGHT.match(stretch, match.end("names"))
            yield from _each(text, start + match.start("names"), start + match.end("names"), rule, bool(taught))
    for match in known.subject.finditer(stretch):
        if match.start() == 0 or stretch[match.start() - 1] != "、":
            yield from _each(text, start + match.start("names"), start + match.end("names"), "subject", False)


def _unlisted(text: str, start: int, end: int) -> Iterator[Owner]:
    """Bodies that no list names, charged by 由…负责."""
    for match in grammar().unlisted.finditer(text, start, end):
        for name in _BETWEEN_NAMES.finditer(text, match.start("names"), match.end("names")):
            yield Owner(name.start(), name.end(), name.group(), "by")


def _role_acts(text: str, stretch: str, match: re.Match[str], end: int) -> bool:
    """To let a person's post take effect is to charge it; to let a team or body, only where an act follows."""
    return not re.search(r"(?:队伍|队|协会|团队|社会组织)$", match["names"]) or match.end() < len(stretch) - 2


def _named_before(text: str, start: int, earlier: Sequence[tuple[int, int]]) -> Iterator[Owner]:
    """The doer that the sentence of an item names before it, where the item has none.

    One who only does an item of the `earlier` ones is not asked for more; one who shall (要, 应) is.
    """
    opens = 0
    window = max(0, start - 80)
    for match in _LOOKS_BACK.finditer(text, window, start):
        opens = match.end()
    opens = max(opens, window)
    before = text[opens:start]
    last = None
    for match in grammar().subject.finditer(before + "要"):
        if match.end("names") <= len(before):
            last = match
    if last is not None:
        named_at = opens + last.start("names")
        within = any(item_start <= named_at < item_end for item_start, item_end in earlier)
        if within and not _MODAL.match(before, last.end("names")):
            return
        yield from _each(text, opens + last.start("names"), opens + last.end("names"), "sentence_subject", False)


def _each(text: str, start: int, end: int, rule: str, taught: bool) -> Iterator[Owner]:
    """The single names of a list of names."""
    for match in grammar().name.finditer(text, start, end):
        name = match.group()
        if name in _NOT_NAMED and rule not in ("by", "charged", "label"):
            continue
        if taught and name in _PUPILS:
            continue
        yield Owner(match.start(), match.end(), name, rule)
