"""Forms of accounts, posts, deputies and communities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from nianlun.places.models import OFFICE_KINDS, Community, Grid, PostKind, User
from nianlun.places.widgets import Boxes


def day_field(label: str, help_text: str = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请按 2027-03-01 的样子填写日期。"},
    )


def username_field() -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z0-9._-]{2,40}$",
        label="登录名",
        help_text="2 到 40 位字母、数字，如姓名拼音。",
        error_messages={"invalid": "登录名只能用字母、数字、点、横线，2 到 40 位。"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class TermForm(forms.Form):
    """A post anywhere: who holds it, what it is, and from when until when."""

    name = forms.CharField(label="姓名", max_length=40)
    kind = forms.ChoiceField(label="岗位")
    title = forms.CharField(label="岗位名称", max_length=40, required=False)
    lines = forms.MultipleChoiceField(label="负责条线", required=False, widget=Boxes)
    starts_on = day_field("任期起日", "不填：已经到岗。")
    ends_on = day_field("任期止日", "含当天，到期自动失效。不填：长期。")

    def __init__(self, *args: Any, lines: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = list(lines.items())  # type: ignore[attr-defined]

    def offer_kinds(self, kinds: Sequence[PostKind]) -> None:
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "止日早于起日，请改正。")
        return given


class PostForm(TermForm):
    """A person of the community: how they are called and what they are entrusted with."""

    field_order: Sequence[str] = ("name", "kind", "title", "lines", "grids", "starts_on", "ends_on")
    grids = forms.ModelMultipleChoiceField(label="负责网格", queryset=Grid.objects.none(), required=False, widget=Boxes)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_kinds([PostKind.WORKER, PostKind.GRID_WORKER, PostKind.SECRETARY])
        self.fields["title"].help_text = "按社区的叫法，如民政专干、网格员。计划里写到它就能自动分工。"
        grids = Grid.objects.filter(community=community, closed_on=None).order_by("code")
        self.fields["grids"].queryset = grids  # type: ignore[attr-defined]
        self.fields["grids"].help_text = "岗位是“网格员”的，只看得到所选网格里的居民。"


class AccountForm(PostForm):
    username = username_field()
    field_order: Sequence[str] = ("username", "name", "kind", "title", "lines", "grids", "starts_on", "ends_on")


class OfficePostForm(TermForm):
    """A person of the subdistrict office; only kinds that the user may appoint are offered."""

    def __init__(self, *args: Any, appoints: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_kinds([kind for kind in OFFICE_KINDS if kind.value in appoints])
        self.fields["kind"].help_text = "系统、安全、审计管理员和审计员须由专人担任，不兼任其他岗位。"
        self.fields["title"].label = "科室或岗位名称"


class OfficerForm(OfficePostForm):
    username = username_field()
    field_order = ("username", "name", "kind", "title", "lines", "starts_on", "ends_on")


class DeputyForm(forms.Form):
    """Who stands in for a post, and between which days."""

    user = forms.ChoiceField(label="代理人")
    starts_on = day_field("代理起日", required=True)
    ends_on = day_field("代理止日", "含当天，到期自动结束。", required=True)

    def __init__(self, data: QueryDict | None = None, *, colleagues: Sequence[User]) -> None:
        super().__init__(data, auto_id="id_deputy_%s")  # stands on one page with the post's own form
        people = [(str(user.pk), user.name) for user in colleagues]
        self.fields["user"].choices = [("", "请选择"), *people]  # type: ignore[attr-defined]


class CommunityForm(forms.Form):
    name = forms.CharField(label="社区名称", max_length=60)
    code = forms.SlugField(
        label="代码",
        max_length=40,
        help_text="字母、数字、横线，如社区名称的拼音。会出现在网址里，以后不改。",
        error_messages={"invalid": "代码只能用字母、数字和横线。"},
    )
