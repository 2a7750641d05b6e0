"""Forms of signing in, one's password and the second factor."""

from __future__ import annotations

from typing import Any

from django import forms

from nianlun.places.models import PostKind
from nianlun.places.passwords import password_policy
from nianlun.places.widgets import Boxes


def password_field(label: str, autocomplete: str, help_text: str = "") -> forms.CharField:
    """A field for a password, taken as it is typed or pasted."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        help_text=help_text,
        widget=forms.PasswordInput({"autocomplete": autocomplete}),
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label="登录名", max_length=40, widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"})
    )
    password = password_field("密码", "current-password")


class CodeForm(forms.Form):
    """A code from the phone's app, or one of the recovery codes."""

    code = forms.CharField(
        label="验证码",
        max_length=40,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none"}),
    )


class ConfirmForm(forms.Form):
    """Whoever sits here shows that they are who signed in."""

    password = password_field("当前登录密码", "current-password")


class PasswordForm(forms.Form):
    old = password_field("原密码", "current-password")
    new = password_field("新密码", "new-password")
    again = password_field("再输一遍", "new-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = password_policy().hint

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new") != given.get("again"):
            self.add_error("again", "两次输入的新密码不一样，请再输一遍。")
        return given


class DemandForm(forms.Form):
    kinds = forms.MultipleChoiceField(
        label="要求两步验证的岗位",
        choices=PostKind.choices,
        required=False,
        widget=Boxes,
    )
