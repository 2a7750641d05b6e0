"""What people fill in about holidays and named days; a form for each kind of rule, in one."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from nianlun.duties.actions.tables import YEARS, SpecialDayGiven
from nianlun.duties.calendar import NamedDay, RuleError, named_day
from nianlun.duties.calendar.lunar import TERMS
from nianlun.duties.calendar.named_days import LunarDay, NthWeekday, SolarDay, SolarRange, TermDay, WeekOf
from nianlun.duties.forms import DateInput
from nianlun.duties.models import Holiday
from nianlun.duties.rule_words import LUNAR_MONTHS, lunar_day_said
from nianlun.kernel.weekdays import WEEKDAYS

KINDS = (
    ("fixed", "每年固定一天"),
    ("range", "每年一段日子"),
    ("week", "某天所在的一周"),
    ("nth", "某月第几个周几"),
    ("lunar", "农历某天"),
    ("term", "节气当天"),
)
MONTHS = [(str(month), f"{month}月") for month in range(1, 13)]
DAYS = [(str(day), f"{day}日") for day in range(1, 32)]
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ORDERS = [("1", "第1个"), ("2", "第2个"), ("3", "第3个"), ("4", "第4个"), ("-1", "最后一个")]
LUNAR_DAYS = [*((str(day), lunar_day_said(day)) for day in range(1, 31)), ("-1", "最后一天")]
TERMS_OF_YEAR = (*TERMS[1:], TERMS[0])
# Which fields a kind of rule asks for.
ASKED = {
    "fixed": ("month", "day"),
    "range": ("month", "day", "to_month", "to_day"),
    "week": ("month", "day"),
    "nth": ("month", "nth", "weekday"),
    "lunar": ("lunar_month", "lunar_day"),
    "term": ("term",),
}
BETWEEN_WORDS = re.compile(r"[、,，;；\s]+")
NAME = re.compile(r"[^\s/、,，;；]+")


class HolidayForm(forms.Form):
    """A day off, or a working day at a weekend."""

    day = forms.DateField(label="日期", widget=DateInput)
    kind = forms.ChoiceField(
        label="这一天", choices=[("off", "放假"), ("work", "调休上班")], widget=forms.RadioSelect, initial="off"
    )
    name = forms.CharField(label="属于哪个节日", max_length=40, help_text="例如：国庆节。同一节日的各天写同一个名称。")
    tentative = forms.BooleanField(label="暂定（还没有正式公布）", required=False)

    @classmethod
    def of(cls, row: Holiday) -> HolidayForm:
        kind = "off" if row.off else "work"
        return cls(initial={"day": row.day, "kind": kind, "name": row.name, "tentative": row.tentative})

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day.year not in YEARS:
            raise forms.ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间。")
        return day

    def given(self) -> SpecialDayGiven:
        data = self.cleaned_data
        return SpecialDayGiven(data["day"], data["name"].strip(), data["kind"] == "off", data["tentative"])


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", "请选择"), *choices], required=False)


class NamedDayForm(forms.Form):
    """A named day; which of the fields count is the kind's affair."""

    name = forms.CharField(label="名称", max_length=40, help_text="计划里的写法，例如：邻里节。")
    rhythm = forms.ChoiceField(label="怎么定日子", choices=KINDS)
    month = _choice("月", MONTHS)
    day = _choice("日", DAYS)
    to_month = _choice("到几月", MONTHS)
    to_day = _choice("到几日", DAYS)
    nth = _choice("第几个", ORDERS)
    weekday = _choice("周几", [(str(n), f"周{name}") for n, name in enumerate(WEEKDAYS, start=1)])
    lunar_month = _choice("农历月", [(str(n), f"{name}月") for n, name in enumerate(LUNAR_MONTHS, start=1)])
    lunar_day = _choice("农历日", LUNAR_DAYS)
    term = _choice("节气", [(term, term) for term in TERMS_OF_YEAR])
    days = forms.IntegerField(label="连续几天", min_value=1, max_value=366, initial=1, required=False)
    aliases = forms.CharField(
        label="别的写法", max_length=400, required=False, help_text="可以不填；多个写法用顿号隔开。"
    )
    tentative = forms.BooleanField(label="每年日期另行公布，这里是通常的日子（按暂定处理）", required=False)

    def __init__(self, *args: Any, keeps_name: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeps_name:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = "名称不能改：计划里的任务靠它找日子。可以在下面添加别的写法。"

    @staticmethod
    def initial_of(rule: NamedDay) -> dict[str, Any]:
        """The form's values for a rule."""
        about: dict[str, Any] = {
            "name": rule.name, "days": rule.days, "aliases": "、".join(rule.aliases), "tentative": rule.tentative,
        }  # fmt: skip
        match rule.when:
            case SolarDay(month, day):
                about |= {"rhythm": "fixed", "month": month, "day": day}
            case SolarRange(start, end):
                about |= {
                    "rhythm": "range", "month": start.month, "day": start.day, "to_month": end.month, "to_day": end.day,
                }  # fmt: skip
            case WeekOf(day):
                about |= {"rhythm": "week", "month": day.month, "day": day.day}
            case NthWeekday(month, weekday, nth):
                about |= {"rhythm": "nth", "month": month, "weekday": weekday, "nth": nth}
            case LunarDay(month, day):
                about |= {"rhythm": "lunar", "lunar_month": month, "lunar_day": day}
            case TermDay(term):
                about |= {"rhythm": "term", "term": term}
        return about

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        if not NAME.fullmatch(name):
            raise forms.ValidationError("名称里不要有空格、斜线和顿号、逗号。")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for asked in ASKED.get(data.get("rhythm", ""), ()):
            if not data.get(asked):
                self.add_error(asked, "请选择。")
        for month, day in (("month", "day"), ("to_month", "to_day")):
            if day not in ASKED.get(data.get("rhythm", ""), ()):
                continue
            if data.get(month) and data.get(day) and int(data[day]) > LONGEST_MONTH[int(data[month]) - 1]:
                self.add_error(day, f"{data[month]}月没有{data[day]}日。")
        return data

    def when(self) -> dict[str, Any]:
        """The rule in the form that tables store."""
        data = self.cleaned_data
        asked = data["rhythm"]
        if asked == "term":
            return {"term": data["term"]}
        if asked == "lunar":
            return {"lunar": [int(data["lunar_month"]), int(data["lunar_day"])]}
        if asked == "nth":
            return {"month": int(data["month"]), "weekday": int(data["weekday"]), "nth": int(data["nth"])}
        start = {"month": int(data["month"]), "day": int(data["day"])}
        if asked == "range":
            return {**start, "to": {"month": int(data["to_month"]), "day": int(data["to_day"])}}
        return {"week_of": start} if asked == "week" else start

    def rule(self) -> NamedDay:
        """The rule itself; raises ValidationError where it has none of the forms."""
        data = self.cleaned_data
        aliases = [word for word in BETWEEN_WORDS.split(data["aliases"]) if word and word != data["name"]]
        stretch = data["rhythm"] in ("range", "week")
        try:
            return named_day(
                {
                    "name": data["name"],
                    "when": self.when(),
                    "days": 1 if stretch else data["days"] or 1,
                    "tentative": data["tentative"],
                    "aliases": tuple(dict.fromkeys(word[:40] for word in aliases)),
                }
            )
        except RuleError as error:
            raise forms.ValidationError("日期规则没有填对，请检查。") from error
