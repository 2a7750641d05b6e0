"""What the check-up can find: each code with its cause and its remedy, in the words that the user reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class CodeText:
    """One kind of finding: its number, its name, the cause and the remedy."""

    number: str
    title: str
    cause: str
    remedy: str


class Code(Enum):
    """Every kind of finding; numbers are stable, and a place in braces is filled from the finding's detail."""

    NO_OWNER = CodeText("N101", "没有责任人", "这项任务没有写明由谁负责", "写明岗位、队伍或单位，例如“由网格员负责”")
    NO_DATE = CodeText(
        "N102", "没有时限", "这项任务没有写明什么时候做、多久做一次", "写明期限或频次，例如“6月底前”“每月一次”"
    )
    NO_MEASURE = CodeText(
        "N103", "没有衡量标准", "年底没有办法核对这项任务是否完成", "写明数量、比例或次数，例如“不少于12场”“达到95%”"
    )
    VAGUE = CodeText("N110", "用语含糊", "“{word}”说不清要做到什么程度", "改成能核对的说法：{advice}")
    MASK = CodeText("N120", "留有空白或占位符", "“{word}”像是没有填写的空白", "填上真实的年份、名称或数字，或者删去")
    COPY = CodeText(
        "N130", "与别的计划雷同", "全文约{percent}%的文字与《{plan}》相同", "对照列出的段落，按本社区实际情况重写"
    )
    LAST_YEAR = CodeText(
        "N131",
        "照抄去年的计划",
        "全文约{percent}%的文字与去年的《{plan}》相同",
        "对照列出的段落，写明今年的新任务、新数字和新时限",
    )
    CONTRADICTION = CodeText(
        "N140", "数字前后矛盾", "“{metric}”在一处是{here}，在另一处是{there}", "核对后改成同一个数字，或写明各指什么"
    )
    REPEALED_LAW = CodeText(
        "N150", "引用的法律法规已经废止", "{name}自{since}起不再施行（{source}）", "改为{replaced_by}"
    )
    MISNAMED_LAW = CodeText("N151", "法律法规名称有误", "没有叫“{name}”的法律法规（{source}）", "改为{replaced_by}")
    OUTDATED = CodeText(
        "N152", "做法、机构或提法已经过时", "“{name}”自{since}起已经取消或更名（{source}）", "改为{replaced_by}"
    )
    REVISED_LAW = CodeText(
        "N153",
        "法律法规新近修订",
        "{name}已有新规定：{replaced_by}，自{since}起施行（{source}）",
        "核对所引内容，按新文本安排工作和宣传",
    )
    FOLLOWS_PEOPLE = CodeText(
        "N160", "需要法律依据", "因{ground}把具体的人列为跟踪对象（“{word}”），没有写明法律依据", "{service}"
    )
    COMPELS_MEDICAL = CodeText(
        "N161",
        "需要法律依据",
        "“{word}”要求居民接受医疗行为，没有写明法律依据",
        "改为宣传告知、本人自愿、知情同意的健康服务",
    )
    BURDEN = CodeText("N170", "减负规定不允许的要求", "“{word}”属于{kind}", "{advice}")

    @property
    def number(self) -> str:
        return self.value.number
