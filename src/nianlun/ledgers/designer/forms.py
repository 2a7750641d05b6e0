"""Forms of a draft's parts: what a secretary fills in, between the words of a form and the keys of the format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from nianlun.ledgers.declarations.check_flow import DOER
from nianlun.ledgers.declarations.model import CHOOSING, NUMERIC
from nianlun.ledgers.declarations.papers import PAPERS
from nianlun.ledgers.declarations.shipped import POSTS
from nianlun.ledgers.designer.codes import CODE, suggested
from nianlun.ledgers.designer.document import says_nothing
from nianlun.places.lines import LINE_TITLES

KINDS: dict[str, str] = {
    "text": "文字（一行）", "long_text": "文字（多行）", "integer": "整数", "decimal": "小数", "money": "金额",
    "date": "日期", "time": "时间", "choice": "单选", "choices": "多选", "yes_no": "是或否", "person": "居民",
    "household": "户", "organisation": "单位", "body": "组织机构", "place": "楼栋", "user": "同事",
    "phone": "电话（加密）", "id_number": "身份证号（加密）", "credit_code": "统一社会信用代码（加密）",
    "account": "账号（加密）", "photos": "照片", "files": "附件", "signature": "签名", "location": "位置",
    "score": "得分", "checklist": "检查表", "computed": "自动计算",
}  # fmt: skip
ABOUT = {"person": "居民", "household": "户", "organisation": "单位", "body": "组织机构", "place": "楼栋"}
TONES = {
    "open": "待办（蓝）",
    "waiting": "等待（黄）",
    "good": "完成（绿）",
    "bad": "严重（红）",
    "neutral": "一般（灰）",
}
NOTES = {"may": "可以写说明", "must": "必须写说明", "no": "不写说明"}
WHO = {
    **{kind: title for kind, title in POSTS.items() if kind in {"secretary", "worker", "grid_worker", "subdistrict"}},
    DOER: "登记人",
}
FILES_BY = {kind: POSTS[kind] for kind in ("secretary", "worker", "grid_worker")}
NO_CODE = "只能用小写字母、数字和下划线，以字母开头，最多 40 个字符。"
CODED = re.compile(r"([a-z][a-z0-9_]{0,39})\s*[:：]\s*(.+)")
MANY = forms.CheckboxSelectMultiple


def _choices(of: Mapping[str, str], empty: str | None = None) -> list[tuple[str, str]]:
    return [*([("", empty)] if empty is not None else []), *of.items()]


def tidied(said: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing; whole numbers without a point."""
    found: dict[str, Any] = {}
    for key, value in said.items():
        if says_nothing(value):
            continue
        found[key] = int(value) if isinstance(value, float) and value.is_integer() else value
    return found


class PartForm(forms.Form):
    """A part of a draft; `revision` is the draft's as it was seen."""

    MORE: ClassVar[tuple[str, ...]] = ()  # what is asked behind a fold
    status = 200
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def part(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Of a valid form: the part's keys; what the form does not ask stays as it is in `before`."""
        asked = set(self.fields)
        kept = {key: value for key, value in before.items() if key not in asked}
        said = {
            key: value for key, value in self.cleaned_data.items() if key not in {"revision", "in_list", "in_filters"}
        }
        return {**tidied(said), **kept}


class FieldForm(PartForm):
    """One field; its table's columns and rarer keys are left to the text."""

    title = forms.CharField(label="名称", max_length=40)
    kind = forms.ChoiceField(label="类别", choices=_choices(KINDS))
    choices = forms.CharField(
        label="选项", required=False, max_length=4000, widget=forms.Textarea({"rows": 4}),
        help_text="单选、多选才填，每行一个；已经发布过的选项从这里删去就停用，旧记录照常显示。",
    )  # fmt: skip
    unit = forms.CharField(label="单位", max_length=10, required=False, help_text="数字才填，如 元、人。")
    least = forms.FloatField(label="最少", required=False, help_text="数字的最小值，或至少几项、几个、几行。")
    most = forms.FloatField(label="最多", required=False, help_text="数字的最大值、文字最多几个字，或最多几项。")
    help = forms.CharField(label="填写说明", max_length=500, required=False)
    group = forms.CharField(
        label="放在哪一组",
        max_length=40,
        required=False,
        widget=forms.TextInput({"list": "groups", "autocomplete": "off"}),
    )
    required = forms.BooleanField(label="必须填", required=False)
    in_list = forms.BooleanField(label="在列表里显示一列", required=False)
    in_filters = forms.BooleanField(label="列表可以按它筛选（单选、多选）", required=False)
    default = forms.CharField(
        label="默认值", max_length=200, required=False, help_text="单选填选项的名称；日期填 = today() 就是当天。"
    )
    shown_if = forms.CharField(
        label="什么时候才问",
        max_length=500,
        required=False,
        help_text="一条算式，如 severity == 'grave'；不填就总是问。",
    )
    required_if = forms.CharField(
        label="什么时候必须填", max_length=500, required=False, help_text="一条算式，写法同上。"
    )
    compute = forms.CharField(
        label="怎么算", max_length=500, required=False, help_text="自动计算才填，如 days(due_back, borrowed_on)。"
    )
    purpose = forms.CharField(
        label="用途", max_length=500, required=False, help_text="必须交照片、位置或签名时，写明为什么非要不可。"
    )
    checklist = forms.ChoiceField(label="用哪张检查表", required=False)
    code = forms.RegexField(
        CODE,
        label="代码",
        required=False,
        error_messages={"invalid": NO_CODE},
        help_text="记录和表格靠它认字段，发布后不变；不填就按名称的拼音首字母取。",
    )
    MORE: ClassVar = ("default", "shown_if", "required_if", "compute", "purpose", "checklist", "code")

    def __init__(
        self, *args: Any, checklists: Mapping[str, str], taken: Iterable[str], prefix: str, fixed: str = "",
        published: Mapping[str, Any] | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.taken, self.code_prefix, self.fixed, self.published = frozenset(taken), prefix, fixed, published or {}
        self.fields["checklist"].choices = _choices(checklists, "登记时再选")  # type: ignore[attr-defined]
        if fixed:
            del self.fields["code"]
        kind = self.initial.get("kind", "")
        if kind and kind not in KINDS:
            self.fields["kind"].choices = [*KINDS.items(), (kind, "表格（到文本里改）")]  # type: ignore[attr-defined]
        if self.published:  # a code never changes kind or unit
            self.fields["kind"].help_text = "已经发布过，类别和单位不能再换；要换就另加一个字段。"

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        kind = found.get("kind", "")
        if kind in CHOOSING:
            self._read_choices(found)
        else:
            found.pop("choices", None)
        if kind not in NUMERIC | {"computed"}:
            found.pop("unit", None)
        for key in ("compute", "checklist"):
            if kind != {"compute": "computed"}.get(key, key):
                found.pop(key, None)
        if kind in {"date", "time", "yes_no", "choice", "computed", "location", "signature"} or "person" in kind:
            found.pop("least", None)
            found.pop("most", None)
        if kind == "computed":
            found["required"] = False
        if not self.fixed and not found.get("code") and found.get("title"):
            found["code"] = suggested(found["title"], self.taken, self.code_prefix)
        elif found.get("code") in self.taken and not self.fixed:
            self.add_error("code", "这个代码已经有了，换一个，或空着由系统取。")
        return found

    def _read_choices(self, found: dict[str, Any]) -> None:
        """Codes stay with the titles that had them; one that was published and is gone from the lines is retired."""
        before: dict[str, str] = {**self.published.get("choices", {}), **self.initial.get("_choices", {})}
        by_title = {title: code for code, title in before.items()}
        chosen: dict[str, str] = {}
        for line in str(found.get("choices", "")).splitlines():
            if not (said := line.strip()):
                continue
            coded = CODED.fullmatch(said)
            title = (coded[2] if coded else said).strip()[:40]
            code = coded[1] if coded else by_title.get(title) or suggested(title, {*before, *chosen}, "")
            chosen[code] = title
        if not chosen:
            self.add_error("choices", "请写出可选项，每行一个。")
        gone = {code: title for code, title in self.published.get("choices", {}).items() if code not in chosen}
        found["choices"] = {**chosen, **gone}
        found["retired_choices"] = list(gone)
        if found.get("default"):
            titles = {title: code for code, title in chosen.items()}
            found["default"] = titles.get(found["default"], found["default"])

    def part(self, before: Mapping[str, Any]) -> dict[str, Any]:
        made = super().part({key: value for key, value in before.items() if key != "retired_choices"})
        return {"code": self.fixed or made.get("code", ""), **made}


class StateForm(PartForm):
    title = forms.CharField(label="名称", max_length=40, help_text="二到六个字，如 待审核、已办结。")
    tone = forms.ChoiceField(label="颜色", choices=_choices(TONES), initial="open")
    final = forms.BooleanField(label="到这里就办完了", required=False)
    days = forms.IntegerField(
        label="几天内要办", min_value=0, max_value=400, required=False, help_text="不填就没有时限。"
    )
    working = forms.BooleanField(label="只算工作日", required=False)
    since = forms.ChoiceField(label="从哪天算起", required=False)
    then = forms.ChoiceField(
        label="过了时限", choices=[("remind", "提醒办理的人"), ("escalate", "上报街道")], required=False
    )

    def __init__(self, *args: Any, dates: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].choices = [("entered", "到了这个状态那天"), *dates.items()]  # type: ignore[attr-defined]

    def part(self, before: Mapping[str, Any]) -> dict[str, Any]:
        told = self.cleaned_data
        made = tidied({key: told[key] for key in ("title", "final")}) | {"tone": told["tone"]}
        if told["days"] is not None:
            since = {} if told["since"] in ("", "entered") else {"since": told["since"]}
            made["limit"] = {
                "days": told["days"],
                **tidied({"working": told["working"]}),
                **since,
                "then": told["then"] or "remind",
            }
        return made


class StepForm(PartForm):
    title = forms.CharField(label="名称", max_length=40, help_text="按钮上的字，如 办结、退回。")
    source = forms.MultipleChoiceField(label="从哪些状态", widget=MANY)
    target = forms.ChoiceField(label="到哪个状态")
    who = forms.MultipleChoiceField(label="谁来办", choices=_choices(WHO), widget=MANY)
    needs = forms.MultipleChoiceField(label="办的时候必须填", widget=MANY, required=False)
    asks = forms.MultipleChoiceField(label="办的时候可以填", widget=MANY, required=False)
    note = forms.ChoiceField(label="说明", choices=_choices(NOTES), initial="may")
    verifies = forms.BooleanField(label="这一步是核验、审批或验收", required=False)
    second_person = forms.BooleanField(
        label="经办过的人不能自己办", required=False, help_text="核验、审批必须由另一个人来办。"
    )
    approvals = forms.IntegerField(label="要几个人同意", min_value=1, max_value=5, initial=1)
    paper = forms.ChoiceField(
        label="出具文书", choices=_choices({code: one.title for code, one in PAPERS.items()}, "不出具"), required=False
    )
    when = forms.CharField(label="什么时候才能办", max_length=500, required=False, help_text="一条算式，不填就总能办。")
    confirm = forms.CharField(label="办之前问一句", max_length=500, required=False)

    def __init__(self, *args: Any, states: Mapping[str, str], askable: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, of in (("source", states), ("target", states), ("needs", askable), ("asks", askable)):
            self.fields[name].choices = _choices(of)  # type: ignore[attr-defined]

    def part(self, before: Mapping[str, Any]) -> dict[str, Any]:
        made = super().part(before)
        if made.get("approvals") == 1:
            made.pop("approvals")
        if made.get("note") == "may":
            made.pop("note")
        return made


class PointForm(PartForm):
    title = forms.CharField(
        label="应当怎样", max_length=500, min_length=2, help_text="写合格时的样子，如 消防通道畅通，没有堆物。"
    )
    weight = forms.IntegerField(label="权重", min_value=1, max_value=100, initial=1)
    group = forms.CharField(
        label="分组", max_length=40, required=False, widget=forms.TextInput({"list": "groups", "autocomplete": "off"})
    )
    grave = forms.BooleanField(label="不合格就是重大隐患", required=False)
    basis = forms.CharField(label="依据", max_length=500, required=False)
    remedy = forms.CharField(label="不合格怎么改", max_length=500, required=False)


class LedgerForm(PartForm):
    """The ledger itself, beside its fields and its flow."""

    title = forms.CharField(label="名称", max_length=40)
    help = forms.CharField(label="说明", max_length=500, required=False, widget=forms.Textarea({"rows": 2}))
    about = forms.MultipleChoiceField(label="登记的是", choices=_choices(ABOUT), widget=MANY)
    lines = forms.MultipleChoiceField(
        label="算哪条线的工作", choices=_choices(LINE_TITLES), widget=MANY, required=False
    )
    title_of = forms.ChoiceField(label="列表里用哪个字段作名称")
    files_by = forms.MultipleChoiceField(label="谁可以登记", choices=_choices(FILES_BY), widget=MANY)
    sees = forms.MultipleChoiceField(
        label="街道哪些岗位也能看", choices=[("subdistrict", POSTS["subdistrict"])], widget=MANY, required=False
    )
    sensitive = forms.BooleanField(label="只给书记、本条线的人和经办人看", required=False)
    late_after = forms.IntegerField(label="发生几天后登记要写原因", min_value=0, max_value=60, initial=3)
    counted = forms.CharField(label="量词", max_length=4, required=False, help_text="如 条、户、次；不填就是 条。")
    start = forms.ChoiceField(label="登记后从哪个状态开始")

    def __init__(self, *args: Any, askable: Mapping[str, str], states: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_of"].choices = _choices(askable)  # type: ignore[attr-defined]
        self.fields["start"].choices = _choices(states)  # type: ignore[attr-defined]


class ChecklistForm(PartForm):
    title = forms.CharField(label="名称", max_length=40)
    line = forms.ChoiceField(label="条线", choices=_choices(LINE_TITLES))
    graded = forms.BooleanField(label="可以部分达标（算一半的分）", required=False)
    help = forms.CharField(label="说明", max_length=500, required=False)


class BeginForm(forms.Form):
    """A new ledger or checklist: what it is called, and what it begins as."""

    title = forms.CharField(label="名称", max_length=40)
    copied = forms.ChoiceField(label="从哪里开始", required=False)
    code = forms.RegexField(
        CODE, label="代码", required=False,
        help_text="出现在网址和表格里，以后不变；不填就按拼音首字母取。",
        error_messages={"invalid": NO_CODE},
    )  # fmt: skip

    def __init__(self, *args: Any, others: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copied"].choices = [("", "空白"), *others]  # type: ignore[attr-defined]
