"""Forms of signing in, accounts and groups."""

from __future__ import annotations

from typing import Any

from django import forms

from nianlun.places.access import people_of
from nianlun.places.models import Community, PostKind, User

LOCAL_POSTS = [(PostKind.WORKER.value, PostKind.WORKER.label), (PostKind.SECRETARY.value, PostKind.SECRETARY.label)]

OFFICE_POSTS = [
    (PostKind.SUBDISTRICT.value, PostKind.SUBDISTRICT.label),
    (PostKind.ADMINISTRATOR.value, PostKind.ADMINISTRATOR.label),
]


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名", max_length=40, widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"})
    )
    password = forms.CharField(
        label="密码", strip=False, max_length=200, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )


class PasswordForm(forms.Form):
    old = forms.CharField(
        label="原密码", strip=False, max_length=200, widget=forms.PasswordInput({"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="新密码",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="至少 10 位，不要全用数字，也不要用常见密码。一句好记的话就很好。",
    )
    again = forms.CharField(
        label="再输一遍", strip=False, max_length=200, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") != given.get("again"):
            self.add_error("again", "两次输入的新密码不一样，请再输一遍。")
        return given


class PostForm(forms.Form):
    """A person of the community: how they are called and what they are entrusted with."""

    name = forms.CharField(label="姓名", max_length=40)
    kind = forms.ChoiceField(label="岗位", choices=LOCAL_POSTS)
    title = forms.CharField(
        label="岗位名称",
        max_length=40,
        required=False,
        help_text="按社区的叫法，如民政专干、网格员。计划里写到它就能自动分工。",
    )
    lines = forms.MultipleChoiceField(label="负责条线", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, lines: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = list(lines.items())  # type: ignore[attr-defined]


def username_field() -> forms.RegexField:
    return forms.RegexField(
        r"^[A-Za-z0-9._-]{2,40}$",
        label="登录名",
        help_text="2 到 40 位字母、数字，如姓名拼音。",
        error_messages={"invalid": "登录名只能用字母、数字、点、横线，2 到 40 位。"},
        widget=forms.TextInput({"autocomplete": "off"}),
    )


class OfficerForm(forms.Form):
    """A person of the subdistrict office."""

    username = username_field()
    name = forms.CharField(label="姓名", max_length=40)
    kind = forms.ChoiceField(label="岗位", choices=OFFICE_POSTS)
    title = forms.CharField(label="科室或岗位名称", max_length=40, required=False)


class CommunityForm(forms.Form):
    name = forms.CharField(label="社区名称", max_length=60)
    code = forms.SlugField(
        label="代码",
        max_length=40,
        help_text="字母、数字、横线，如社区名称的拼音。会出现在网址里，以后不改。",
        error_messages={"invalid": "代码只能用字母、数字和横线。"},
    )


class AccountForm(PostForm):
    username = username_field()
    field_order = ("username", "name", "kind", "title", "lines")


class BodyForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60, help_text="如治安巡逻队、第一党支部。")
    members = forms.ModelMultipleChoiceField(
        label="成员", queryset=User.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [user.pk for user in people_of(community)]
        self.fields["members"].queryset = User.objects.filter(pk__in=people)  # type: ignore[attr-defined]
