"""What people fill in about an item: its line and owners, figures promised, and schedules built from their kinds."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from nianlun.kernel.weekdays import WEEKDAYS
from nianlun.places.lines import LINE_TITLES
from nianlun.plans.describe import OP_TITLES
from nianlun.plans.reading.schedule import ScheduleError, from_json, to_json

LEAP_YEAR = 2028  # 2月29日 may be said of any year
BLANK = ("", "—")
MONTHS = [(str(month), f"{month}月") for month in range(1, 13)]


def choices(titles: Mapping[str, str], *, blank: bool = False) -> list[tuple[str, str]]:
    return [*([BLANK] if blank else []), *titles.items()]


UNIT_TITLES = {"day": "天", "week": "周", "half_month": "半月", "month": "月", "quarter": "季度",
               "half_year": "半年", "year": "年"}  # fmt: skip
KIND_TITLES = {"every": "每隔一段时间", "date": "某一天或某个月", "deadline": "在…之前", "window": "从…到…",
               "named": "节日、主题日、季节"}  # fmt: skip
PART_TITLES = {"start": "上旬/初", "mid": "中旬", "end": "下旬/底"}
WEEKDAY_CHOICES = {str(day): f"周{name}" for day, name in enumerate(WEEKDAYS, start=1)}
PHASES = {"odd": "逢单", "even": "逢双"}
YEARS = {"": "当年", "prev": "上一年", "next": "下一年"}
RELS = {"before": "之前", "during": "期间", "after": "之后"}


class ItemForm(forms.Form):
    """What stands once on an item; targets and schedules have forms of their own."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    line = forms.ChoiceField(label="条线", choices=list(LINE_TITLES.items()))
    owners = forms.CharField(
        label="责任人", required=False, max_length=400, help_text="用顿号隔开，如：网格员、志愿服务队"
    )

    def clean_owners(self) -> list[str]:
        words = [word.strip() for word in re.split(r"[、,，;；\n]", self.cleaned_data["owners"])]
        if any(len(word) > 60 for word in words):
            raise forms.ValidationError("每个责任人不超过 60 字，请用顿号隔开。")
        return list(dict.fromkeys(word for word in words if word))


class TargetForm(forms.Form):
    """One figure promised; a row without a metric and a figure says nothing and is left out."""

    metric = forms.CharField(label="指标", max_length=80, required=False)
    op = forms.ChoiceField(label="要求", choices=list(OP_TITLES.items()), initial="eq", required=False)
    value = forms.FloatField(label="数值", required=False)
    value2 = forms.FloatField(label="到", required=False)
    unit = forms.CharField(label="单位", max_length=20, required=False)
    found = forms.JSONField(widget=forms.HiddenInput, required=False)  # where the text says it, kept through an edit

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.is_blank(given):
            return given
        if not given.get("metric"):
            self.add_error("metric", "请写指标，如“培训居民”。")
        if given.get("value") is None and given.get("op") != "increase":
            self.add_error("value", "请写数值。")
        if given.get("op") == "range" and given.get("value2") is None:
            self.add_error("value2", "请写上限。")
        return given

    @staticmethod
    def is_blank(given: Mapping[str, Any]) -> bool:
        return not given.get("metric") and given.get("value") is None

    def target(self) -> dict[str, Any] | None:
        """GUIDELINES.md's form."""
        given = self.cleaned_data
        if self.is_blank(given):
            return None
        form = kept_place(given.get("found"), also=("implied",))
        form |= {"metric": given["metric"], "op": given["op"] or "eq", "unit": given["unit"]}
        form |= {name: given[name] for name in ("value", "value2") if given[name] is not None}
        return form


def kept_place(found: Any, *, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """Where the text says it, from the hidden field that came back; nothing where that is not in order."""
    if not isinstance(found, dict) or not all(type(found.get(key)) is int for key in ("start", "end")):
        return {}
    words = {key: str(found[key]) for key in ("quote", "rule") if key in found}
    return {**words, "start": found["start"], "end": found["end"], **{key: True for key in also if found.get(key)}}


class ScheduleForm(forms.Form):
    """One schedule, built from its kind; fields of other kinds are ignored."""

    kind = forms.ChoiceField(label="怎样安排", choices=choices(KIND_TITLES), required=False)
    interval = forms.IntegerField(label="每", min_value=1, max_value=60, initial=1, required=False)
    unit = forms.ChoiceField(label="单位", choices=choices(UNIT_TITLES), initial="month", required=False)
    times = forms.IntegerField(label="次数", min_value=1, max_value=400, initial=1, required=False)
    months = forms.MultipleChoiceField(
        label="只在这些月份", choices=MONTHS, required=False, widget=forms.CheckboxSelectMultiple
    )
    weekday = forms.ChoiceField(label="周几", choices=choices(WEEKDAY_CHOICES, blank=True), required=False)
    on_day = forms.IntegerField(label="几号", min_value=1, max_value=31, required=False)
    on_part = forms.ChoiceField(
        label="期初期末", choices=choices({"start": "期初", "mid": "期中", "end": "期末"}, blank=True), required=False
    )
    phase = forms.ChoiceField(label="单双", choices=choices(PHASES, blank=True), required=False)
    month = forms.ChoiceField(label="月", choices=MONTHS, required=False)
    day = forms.IntegerField(label="日", min_value=1, max_value=31, required=False)
    part = forms.ChoiceField(label="旬", choices=choices(PART_TITLES, blank=True), required=False)
    year = forms.ChoiceField(label="哪年", choices=choices(YEARS), required=False)
    to_month = forms.ChoiceField(label="到几月", choices=MONTHS, initial="12", required=False)
    to_day = forms.IntegerField(label="到几日", min_value=1, max_value=31, required=False)
    to_part = forms.ChoiceField(label="到哪旬", choices=choices(PART_TITLES, blank=True), required=False)
    to_year = forms.ChoiceField(label="到哪年", choices=choices(YEARS), required=False)
    name = forms.CharField(label="名称", max_length=40, required=False)
    rel = forms.ChoiceField(label="前后", choices=choices(RELS, blank=True), required=False)
    found = forms.JSONField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for prefix in ("", "to_"):
            month, day = _whole(given.get(f"{prefix}month")), given.get(f"{prefix}day")
            shown = given.get("kind") in ("date", "deadline", "window")[2 if prefix else 0 :]
            if shown and month and day and day > monthrange(LEAP_YEAR, month)[1]:
                self.add_error(f"{prefix}day", f"{month}月没有{day}日。")
        if not self.errors:
            try:
                given["schedule"] = to_json(from_json(self._form(given)))
            except ScheduleError as error:
                raise forms.ValidationError(
                    "请写出节日、主题日或季节的名称。" if given.get("kind") == "named" else "时限没有填完整，请补上。"
                ) from error
        return given

    def schedule(self) -> dict[str, Any]:
        """GUIDELINES.md's form, with its place in the text while it still says the same."""
        form: dict[str, Any] = self.cleaned_data["schedule"]
        found = self.cleaned_data.get("found")
        try:
            same = isinstance(found, dict) and to_json(from_json(found)) == form
        except ScheduleError:
            same = False
        return {**kept_place(found), **form} if same else form

    @staticmethod
    def _form(given: Mapping[str, Any]) -> dict[str, Any]:
        kind = given.get("kind")
        match kind:
            case "every":
                on = _present(
                    weekday=_whole(given.get("weekday")), day=given.get("on_day"),
                    part=given.get("on_part") or None, phase=given.get("phase") or None,
                )  # fmt: skip
                return _present(
                    kind=kind, unit=given.get("unit"), interval=given.get("interval") or 1,
                    times=given.get("times") or 1,
                    months=[int(month) for month in given.get("months") or []] or None, on=on or None,
                )  # fmt: skip
            case "window":
                return {"kind": kind, "from": _point(given, ""), "to": _point(given, "to_")}
            case "named":
                return _present(kind=kind, name=given.get("name") or "", rel=given.get("rel") or None)
        return {"kind": kind, **_point(given, "")}


def _point(given: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    year = given.get(f"{prefix}year")
    return _present(
        month=_whole(given.get(f"{prefix}month")), day=given.get(f"{prefix}day"),
        part=(given.get(f"{prefix}part") or None) if given.get(f"{prefix}day") is None else None,
        prev_year=True if year == "prev" else None, next_year=True if year == "next" else None,
    )  # fmt: skip


def _present(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _whole(value: str | None) -> int | None:
    return int(value) if value else None


def schedule_initial(form: Mapping[str, Any]) -> dict[str, Any]:
    """A schedule's fields for its form."""
    on = form.get("on") or {}
    start, end = form.get("from", form), form.get("to", {})
    initial: dict[str, Any] = {
        **{key: form[key] for key in ("kind", "unit", "interval", "times", "name", "rel") if key in form},
        "months": [str(month) for month in form.get("months", [])],
        "weekday": str(on.get("weekday", "")), "on_day": on.get("day"), "on_part": on.get("part", ""),
        "phase": on.get("phase", ""), "found": dict(form),
    }  # fmt: skip
    for prefix, point in (("", start), ("to_", end)):
        if "month" in point:
            initial |= {f"{prefix}month": str(point["month"]), f"{prefix}day": point.get("day")}
            initial[f"{prefix}part"] = point.get("part", "")
            initial[f"{prefix}year"] = "prev" if point.get("prev_year") else "next" if point.get("next_year") else ""
    return initial


def target_initial(form: Mapping[str, Any]) -> dict[str, Any]:
    initial = {name: form.get(name) for name in ("metric", "op", "unit")}
    return {**initial, "value": _plain(form.get("value")), "value2": _plain(form.get("value2")), "found": dict(form)}


def _plain(value: float | None) -> float | None:
    """A whole number without the .0 that a field would show."""
    return int(value) if value is not None and value == int(value) else value


TargetFormSet = forms.formset_factory(TargetForm, extra=0, can_delete=True, max_num=30)
ScheduleFormSet = forms.formset_factory(ScheduleForm, extra=0, can_delete=True, max_num=20)


class EditForms:
    """The forms of one item together, under one button."""

    def __init__(
        self, data: Any = None, *, key: str, initial: Mapping[str, Any] | None = None,
        targets: Sequence[Mapping[str, Any]] = (), schedules: Sequence[Mapping[str, Any]] = (),
    ) -> None:  # fmt: skip
        ids = f"{key}-%s"  # several items' forms may be open on one page
        self.item = ItemForm(data, initial=dict(initial or {}), auto_id=ids)
        figures, times = [target_initial(form) for form in targets], [schedule_initial(form) for form in schedules]
        self.targets = TargetFormSet(data, prefix="target", auto_id=ids, initial=figures)
        self.schedules = ScheduleFormSet(data, prefix="schedule", auto_id=ids, initial=times)

    def is_valid(self) -> bool:
        return all([self.item.is_valid(), self.targets.is_valid(), self.schedules.is_valid()])

    def kept_targets(self) -> list[dict[str, Any]]:
        rows = (form.target() for form in self.targets.forms if form not in self.targets.deleted_forms)
        return [row for row in rows if row is not None]

    def kept_schedules(self) -> list[dict[str, Any]]:
        return [form.schedule() for form in self.schedules.forms if form not in self.schedules.deleted_forms]
