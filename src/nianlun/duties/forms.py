"""What people fill in about work, leave and duties added by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from nianlun.duties.actions.added import Charge
from nianlun.duties.actions.hand_out import Whom
from nianlun.duties.assignment import Roster
from nianlun.duties.models import Duty, Mode, Origin
from nianlun.kernel.clock import today
from nianlun.kernel.weekdays import WEEKDAYS
from nianlun.places.lines import LINE_TITLES
from nianlun.places.models import PostKind
from nianlun.plans.reading.schedule import Deadline, Every, On, OnDate, Point, Schedule, ScheduleError, from_json

Choices = list[tuple[str, str | list[tuple[str, str]]]]
WEEKDAY_CHOICES = [("", "不限"), *((str(n), f"周{name}") for n, name in enumerate(WEEKDAYS, start=1))]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; their kinds and sizes are the action's to judge."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        clean = super().clean
        return [kept for one in given if (kept := clean(one, initial)) is not None]


def assignee_choices(roster: Roster, blank: str = "请选择") -> Choices:
    """Everybody and every group that a duty can be given to here, in groups."""
    names = sorted(roster.names.items(), key=lambda pair: pair[1])
    titles = [(f"title:{title}", f"{title}（{len(people)}人）") for title, people in sorted(roster.titles.items())]
    kinds = [
        (f"kind:{kind}", f"全体{PostKind(kind).label}（{len(people)}人）")
        for kind, people in roster.kinds.items()
        if len(people) > 1
    ]
    bodies = [(f"body:{pk}", f"{name}（{len(roster.members[pk])}人）") for pk, name in roster.bodies.items()]
    groups: Choices = [("", blank), ("人员", [(f"user:{pk}", name) for pk, name in names])]
    if titles or kinds:
        groups.append(("岗位", titles + kinds))
    if bodies:
        groups.append(("队伍", bodies))
    return groups


def people_choices(roster: Roster, blank: str = "请选择") -> list[tuple[str, str]]:
    return [("", blank), *((str(pk), name) for pk, name in sorted(roster.names.items(), key=lambda pair: pair[1]))]


class DoneForm(forms.Form):
    """When the work was done (which need not be today), what is to be said of it, and what there is to show."""

    done_on = forms.DateField(label="完成日期", widget=DateInput, help_text="填实际做完的那天，不能晚于今天。")
    note = forms.CharField(
        label="说明", required=False, max_length=2000, widget=forms.Textarea({"rows": 3}), help_text="可以不填。"
    )
    papers = FilesField(
        label="材料", required=False, help_text="可以不传；每个不超过 20 MB，一次共不超过 60 MB，多的可以事后补传。"
    )
    by = forms.ChoiceField(label="完成人", required=False)

    def __init__(self, *args: Any, roster: Roster | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if roster is None:
            del self.fields["by"]
        else:
            self.fields["by"].choices = people_choices(roster, "按分工")  # type: ignore[attr-defined]
        self.fields["done_on"].widget.attrs["max"] = today().isoformat()


class HandOverForm(forms.Form):
    to = forms.ChoiceField(label="转交给")
    reason = forms.CharField(label="原因", required=False, max_length=200)

    def __init__(self, *args: Any, roster: Roster, but: set[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [pair for pair in people_choices(roster) if pair[0] not in (but or set())]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]


class PostponeForm(forms.Form):
    until = forms.DateField(label="延至", widget=DateInput)
    reason = forms.CharField(label="延期原因", max_length=200)


class LeaveForm(forms.Form):
    """Who is away, who stands in, from when to when."""

    user = forms.ChoiceField(label="请假人")
    stand_in = forms.ChoiceField(label="代班人")
    starts_on = forms.DateField(label="从", widget=DateInput)
    ends_on = forms.DateField(label="到", widget=DateInput, help_text="含当天；到期自动恢复。")
    reason = forms.CharField(label="事由", required=False, max_length=200, help_text="可以不填。")

    def __init__(self, *args: Any, roster: Roster, only: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = people_choices(roster)
        own = [pair for pair in people if only is None or pair[0] == only]
        self.fields["user"].choices = own  # type: ignore[attr-defined]
        self.fields["stand_in"].choices = people  # type: ignore[attr-defined]


RHYTHMS = [
    ("by", "一次，某日前完成"),
    ("on", "一次，就在某日"),
    ("day", "每天（工作日）"),
    ("all_days", "每天（含周末节假日）"),
    ("week", "每周"),
    ("half_month", "每半月"),
    ("month", "每月"),
    ("quarter", "每季度"),
]
ONCE = frozenset({"by", "on"})


class DutyForm(forms.Form):
    """A duty outside the plan: what, when, who, and the paper that asks for it."""

    origin = forms.ChoiceField(
        label="来源", choices=[(Origin.AD_HOC.value, Origin.AD_HOC.label), (Origin.CHARGED.value, Origin.CHARGED.label)]
    )
    title = forms.CharField(label="任务内容", max_length=500, widget=forms.Textarea({"rows": 2}))
    line = forms.ChoiceField(label="条线", choices=list(LINE_TITLES.items()))
    rhythm = forms.ChoiceField(label="多久一次", choices=RHYTHMS, initial="by")
    ends_on = forms.DateField(label="完成日期或截止日期", widget=DateInput)
    starts_on = forms.DateField(label="开始日期", widget=DateInput)
    times = forms.IntegerField(label="每期几次", min_value=1, max_value=31, initial=1, required=False)
    weekday = forms.ChoiceField(label="周几", choices=WEEKDAY_CHOICES, required=False)
    month_day = forms.IntegerField(label="几号", min_value=1, max_value=31, required=False)
    assignee = forms.ChoiceField(label="分给", required=False)
    mode = forms.ChoiceField(label="一组人时", choices=Mode.choices, initial=Mode.ANY, required=False)
    source_title = forms.CharField(label="文件名称或文号", max_length=120, required=False)
    source_file = forms.FileField(label="文件", required=False, help_text="不超过 20 MB。")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, roster: Roster, origins: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].choices = assignee_choices(roster, "先不分（待分工）")  # type: ignore[attr-defined]
        if origins is not None:
            kept = [pair for pair in Origin.choices if pair[0] in origins]
            self.fields["origin"].choices = kept  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts_on, ends_on = given.get("starts_on"), given.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "不能早于开始日期。")
        return given

    def charge(self) -> Charge:
        given = self.cleaned_data
        return Charge(
            origin=given["origin"],
            title=given["title"].strip(),
            line=given["line"],
            schedule=schedule_of(given),
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            every_day=given["rhythm"] == "all_days",
            source_title=given["source_title"].strip(),
        )

    def whom(self) -> Whom | None:
        given = self.cleaned_data
        return Whom.parse(given["assignee"], given["mode"]) if given["assignee"] else None


def schedule_of(given: dict[str, Any]) -> Schedule:
    """The builder's choices as a schedule, counted from the year in which the duty begins."""
    ends_on: date = given["ends_on"]
    rhythm: str = given["rhythm"]
    if rhythm in ONCE:
        point = Point(ends_on.month, ends_on.day, next_year=ends_on.year > given["starts_on"].year)
        return Deadline(point) if rhythm == "by" else OnDate(point)
    times = given.get("times") or 1
    weekday = int(given["weekday"]) if rhythm == "week" and given.get("weekday") else None
    month_day = given.get("month_day") if rhythm == "month" else None
    on = On(weekday=weekday, day=month_day) if (weekday or month_day) and times == 1 else None
    match rhythm:
        case "week" | "half_month" | "month" | "quarter":
            return Every(rhythm, times=times, on=on)
    return Every("day")


def initial_of(duty: Duty) -> dict[str, Any]:
    """The form's values for a duty that was added by hand."""
    initial: dict[str, Any] = {
        "origin": duty.origin, "title": duty.title, "line": duty.line, "starts_on": duty.starts_on,
        "ends_on": duty.ends_on, "source_title": duty.source_title, "revision": duty.revision,
    }  # fmt: skip
    try:
        schedule = from_json(duty.schedules[0])
    except (ScheduleError, IndexError):
        return initial
    match schedule:
        case Deadline():
            initial["rhythm"] = "by"
        case OnDate():
            initial["rhythm"] = "on"
        case Every(unit=unit, times=times, on=on):
            initial |= {"rhythm": "all_days" if unit == "day" and duty.every_day else unit, "times": times}
            initial |= {"weekday": str(on.weekday or ""), "month_day": on.day} if on else {}
    return initial
