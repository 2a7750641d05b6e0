"""Faults of a declaration: each has a number, and names file, line, cause and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """Number, cause, remedy; `{…}` are filled with what was found."""

    NOT_YAML = ("L101", "不是有效的 YAML：{what}", "检查这一行的缩进、冒号和引号。")
    NOT_A_LEDGER = ("L102", "文件的第一个键不是 ledger", "第一行写 ledger: 代码，如 ledger: hazard。")
    NOT_A_CHECKLIST = ("L109", "文件的第一个键不是 checklist", "第一行写 checklist: 代码，如 checklist: fire。")
    UNKNOWN_KEY = ("L103", "不认识的键“{what}”", "删去它，或对照格式说明改正拼写。")
    MISSING_KEY = ("L104", "缺少“{what}”", "补上这一项。")
    WRONG_TYPE = ("L105", "“{what}”的写法不对：{why}", "对照格式说明改写。")
    BAD_CODE = ("L106", "代码“{what}”只能用小写字母、数字和下划线，以字母开头，最多 40 个字符", "换一个代码。")
    FILE_NAME = ("L107", "文件名与代码“{what}”不一致", "把文件改名为 {what}.yaml，或改代码。")
    TWICE = ("L108", "“{what}”写了两次", "每个代码只能出现一次，改名或删去一个。")
    NOT_AN_OVERLAY = ("L111", "第一个键不是 overlay", "第一行写 overlay: 台账代码，如 overlay: hazard。")
    OTHER_CODE = ("L112", "草稿的代码是“{why}”，不能改成“{what}”", "改回原来的代码；要换代码，请另建一份。")
    OTHER_VERSION = ("L113", "这份草稿是第 {why} 版，写成了第 {what} 版", "把 version 改回 {why}。")
    UNKNOWN_FIELD = ("L201", "没有代码为“{what}”的字段", "改成已有字段的代码，或先声明这个字段。")
    NO_CHOICES = ("L202", "字段“{what}”没有写 choices", "写出可选项：代码: 名称。")
    NEEDLESS = ("L203", "字段“{what}”的类别用不上“{why}”", "删去它，或换字段的类别。")
    BOUNDS = ("L204", "字段“{what}”的最小值大于最大值", "对调或改正。")
    BAD_PATTERN = ("L205", "字段“{what}”的 pattern 不是有效的正则表达式", "改正，或删去。")
    BAD_EXPRESSION = (
        "L206",
        "表达式“{what}”不能用：{why}",
        "只用字段代码、比较、and、or、not、四则运算和格式说明里的函数。",
    )
    LOOP = ("L207", "计算字段“{what}”绕回了自己", "计算字段不能直接或间接用到自己。")
    BAD_DEFAULT = ("L208", "字段“{what}”的默认值填不进这个字段：{why}", "改成这类字段能填的值。")
    BAD_TAKE_OVER = ("L209", "“{what}”不能带入", "写成 人员字段.项目，如 person.phone；可带入的见格式说明。")
    NO_PURPOSE = ("L210", "字段“{what}”要求{why}，却没有写明用途", "写 purpose，说明为什么必须要；说不清就删去。")
    NO_PREFIX = ("L211", "补充字段的代码“{what}”没有用 x_ 开头", "在代码前加上 x_，免得与台账自己的字段相撞。")
    LATER_GROUP = (
        "L212",
        "“{what}”这一组到办理时才填，补充字段不能放在这里",
        "换一个登记时就填的分组，或另写一个分组。",
    )
    OPENED_WITHOUT = (
        "L213",
        "必填的“{what}”没有默认值，而“{why}”会自动登记这本台账",
        "给一个默认值，或者不设必填。",
    )
    TAKEN_NAME = ("L214", "代码“{what}”是系统自己用的", "换一个代码。")
    HEAVY_PATTERN = (
        "L215",
        "字段“{what}”的 pattern 太绕，检查起来会拖慢系统",
        "不要给括号加 * + {{}}，* 和 + 最多用两处。",
    )
    TOO_MANY = ("L216", "“{what}”太多，最多 {why} 个", "删去用不上的，或分成两本台账。")
    NO_SUCH_CHECKLIST = ("L217", "没有检查表“{what}”", "改成已有检查表的代码，或留空在登记时选。")
    CODE_TAKEN = ("L408", "代码“{what}”已经被{why}用了", "换一个代码，如在前面加 x_。")
    TITLE_TAKEN = ("L409", "已经有一本“{what}”", "换一个名称，免得登记时选错。")
    NO_START = ("L301", "流程没有起始状态，或起始状态“{what}”不存在", "在 flow.start 写一个已有状态的代码。")
    UNKNOWN_STATE = ("L302", "没有状态“{what}”", "改成 flow.states 里有的代码。")
    UNREACHABLE = ("L303", "从起始状态走不到“{what}”", "加一个走到它的动作，或删去它。")
    DEAD_END = ("L304", "状态“{what}”走不出去，又不是终结状态", "加一个动作，或标上 final: true。")
    NO_OWNER = ("L305", "没有人能办“{what}”", "在 who 里写出岗位。")
    UNKNOWN_POST = ("L306", "没有岗位“{what}”", "可用的岗位：{why}。")
    SAME_PERSON = (
        "L307",
        "“{what}”是核验，却没有要求另一个人来办",
        "加上 second_person: true，经办人不能核验自己办的。",
    )
    BAD_LIMIT = ("L309", "“{what}”的时限没有起算点", "limit.since 写 entered 或一个日期字段的代码。")
    NOT_SEEN = (
        "L310",
        "“{what}”由岗位“{why}”来办，可是他们看不到这本台账",
        "把这个岗位写进 sees，或从 who 里删去。",
    )
    UNKNOWN_PAPER = ("L311", "没有文书“{what}”的样式", "可用的文书：{why}。")
    PAPER_FIELD = ("L312", "文书“{what}”要写的“{why}”，这本台账没有", "补上这个字段，或换一种文书。")
    UNKNOWN_LEDGER = ("L401", "没有台账“{what}”", "改成已有台账的代码。")
    UNKNOWN_LINE = ("L402", "没有条线“{what}”", "可用的条线：{why}。")
    BAD_EXAMPLE = ("L403", "第 {what} 个示例不合规则：{why}", "改示例，或改规则。")
    GOOD_BAD_EXAMPLE = ("L404", "第 {what} 个反例没有被拒绝", "改反例，或补上规则。")
    UNKNOWN_FILL = ("L405", "打开的“{why}”里没有字段“{what}”", "改成那本台账有的字段代码。")
    UNFILLED = ("L406", "自动打开的“{why}”缺少必填的“{what}”", "在 fill 里补上，或去掉 automatic 改由人来打开。")
    NOT_PRESETS = ("L110", "文件的第一个键不是 presets", "第一行写 presets: 条线代码，如 presets: safety。")
    UNKNOWN_PRESET = (
        "L407",
        "“{why}”没有可以预设的“{what}”",
        "改成那本台账有的字段；日期、人、照片等只能当场填，不能预设。",
    )
    CHANGED_IN_PLACE = ("L501", "第 {what} 版已经发布，内容却改了", "发布过的版本不能改：把 version 加一。")
    CHANGED_KIND = ("L502", "字段“{what}”换了类别或单位", "已有记录按原样读：另起一个代码，旧的标 retired。")
    CHOICE_GONE = ("L503", "字段“{what}”删去了选项“{why}”", "选项不能删，放进 retired。")
    FIELD_GONE = ("L504", "删去了字段“{what}”", "字段不能删，标 retired: true。")
    REFUSED = ("L901", "“{what}”：{why}", "本系统不收这样的内容，请删去。")

    def __init__(self, number: str, cause: str, remedy: str) -> None:
        self.number = number
        self.cause = cause
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Found:
    """One fault where it stands; `line` counts from 1, 0 where the whole file is meant."""

    fault: Fault
    file: str
    line: int
    what: str = ""
    why: str = ""

    def __str__(self) -> str:
        cause = self.fault.cause.format(what=self.what, why=self.why)
        remedy = self.fault.remedy.format(what=self.what, why=self.why)
        return f"{self.fault.number} {self.file}:{self.line} {cause}。{remedy}"


class BadDeclaration(ValueError):
    """A declaration that cannot stand, with everything that is wrong with it."""

    def __init__(self, found: list[Found]) -> None:
        super().__init__("\n".join(str(one) for one in found))
        self.found = found
