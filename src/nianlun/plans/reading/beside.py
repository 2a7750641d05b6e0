"""What ties a schedule to an item that it stands beside, and what shows that a sentence tells of the past."""

from __future__ import annotations

import re

_OTHER_FIELD = (
    r"(?:责任人|责任单位|责任部门|负责人|牵头单位|牵头人|牵头部门|配合单位|承办人|经办人|主办|地点|对象|参加人员|"
    r"责任科室|牵头|责任)[:：][^:：\n。;；]{1,16}?[,，;；。、\s)）]+"
)
_TIME_FIELD = (
    r"(?:(?:拟|计划|预计)?(?:完成|活动|工作|开展|实施|整改|截止|推进|培训|举办|检查|执行|召开)?"
    r"(?:时间|时限|期限|日期|频次|频率|周期|节点|进度)(?:安排|要求|节点|为)?)[:：为]?\s*"
)
_TAIL = re.compile(
    rf"(?P<ends>[\s,，、;；。:：)）”\"」》]*)(?P<opens>[(（\[【〔])?\s*(?:{_OTHER_FIELD})?(?P<field>{_TIME_FIELD})?"
    r"(?:原则上|一般|要求|做到|且|并|定期|确保|力争|争取|计划|预计|拟|定|安排|放|集中|选择?|并?保证|保持|至少|活动|"
    r"工作|会议|频率|制度|会)*(?:在|于|为)?(?:[三两几各][大个]?(?:传统|重大)?节日?[(（])?\s*"
)
_NEXT_FIELD = re.compile(r"[。；;，,\s]*[\u4e00-\u9fff]{0,2}(?:内容|主题|地点|对象|任务|活动名称|活动)[:：]")
_COMMA = re.compile(r"\s*[,，;；)）]")

_NOT_YET = re.compile(
    r"今年(?!以来)|本年|计划|将[^军]|要(?!素|点|求|件|闻)|争取|力争|打算|拟|继续|确保|应当?(?!急|对)|需|务必"
)
_PAST = re.compile(
    r"(?<![比较于])(?:去年|上一?年(?!龄|纪))(?!同期|水平|基础|的基础|度?相比|年?[底末]?\d{0,2}月?.{0,4}[至到—-])|过去的?一年|近[几两三]?年来|[一多几]年来|年以来|"
    r"今年以来|回顾|先后(?:开展|组织|举办|召开|完成)|(?:已|已经|共|累计|均已)(?:完成|开展|组织|举办|召开|建成|建立|发放|走访|调处)|"
    r"成效明显|成效显著|取得了|"
    r"(?:完成|开展|组织|举办|召开|建成|建立|发放|走访|慰问|解决|调处|清走|清理|更换|通过|制定|成立|组建|实现|"
    r"修缮|安装|整治|化解|办理|举行|进行|检查|排查|评选)了"
)
_YEAR_AT_HEAD = re.compile(r"\s*(?:在|从|自)?(20\d\d)年")


def row_of(text: str, place: int) -> tuple[int, int] | None:
    """The line around a place where it is the row of a table: cells set apart by bars or tabs."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    cells = text[start:end].strip()
    return (start, end) if "\t" in cells or "|" in cells or "｜" in cells else None


def opens_fields(following: str) -> bool:
    """Whether what follows a time is another labelled field of the same entry ("时间：5月。内容：…")."""
    return bool(_NEXT_FIELD.match(following))


def trails(gap: str, ahead: str | None) -> bool:
    """Whether what stands `gap` behind an item speaks of it, not of the next one, `ahead` further on in the sentence.

    >>> trails("，", None), trails("（", "），"), trails("，", ""), trails("；完成时限：", None)
    (True, True, False, True)
    """
    tail = _TAIL.fullmatch(gap)
    if tail is None or "\n" in gap:
        return False
    marked = tail["opens"] or tail["field"]
    if re.search("[。;；]", tail["ends"]) and not marked:
        return False
    if marked:
        return True
    if ahead is None:
        return True
    if ahead.lstrip().startswith((";", "；")) or (not tail["ends"].strip() and _COMMA.match(ahead)):
        return True
    return len(ahead.strip()) > 3


def tells_of_the_past(sentence: str, year: int | None) -> bool:
    """Whether a sentence reports what was done: a year before the plan's at its head, or words of the past in it.

    >>> tells_of_the_past("2026年开展了两次排查", 2027), tells_of_the_past("在去年基础上每月增加一次", 2027)
    (True, False)
    """
    head = _YEAR_AT_HEAD.match(sentence)
    if head and year is not None and int(head[1]) < year:
        return True
    return bool(_PAST.search(sentence)) and not _NOT_YET.search(sentence)
