"""Forms of rosters: who joins, which post, when it ends, and an election."""

from __future__ import annotations

from django import forms

from nianlun.kernel.clock import today
from nianlun.places.forms_ground import DAY

POST = forms.TextInput({"list": "posts", "autocomplete": "off"})


class MemberForm(forms.Form):
    """Somebody found, their post, and since when."""

    who = forms.CharField(error_messages={"required": "请先查找并选中一位居民或同事。"})
    post = forms.CharField(label="职务", max_length=20, required=False, widget=POST)
    on = forms.DateField(label="从哪天起", widget=DAY, initial=today)


class PostForm(forms.Form):
    """Another post from a day on."""

    post = forms.CharField(label="职务", max_length=20, required=False, widget=POST)
    on = forms.DateField(label="从哪天起担任", widget=DAY, initial=today)


class DayForm(forms.Form):
    on = forms.DateField(
        label="从哪天起不再担任", widget=DAY, initial=today, help_text="填加入的那一天，就当作登记错了，从名册上去掉。"
    )


class TermForm(forms.Form):
    """A term's first and last day, with the body's revision as it was seen."""

    starts_on = forms.DateField(label="新一届从哪天起", widget=DAY)
    ends_on = forms.DateField(label="到哪天届满", widget=DAY, required=False, help_text="没有届期的可以不填。")
    revision = forms.IntegerField(widget=forms.HiddenInput)
