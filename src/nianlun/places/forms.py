"""Forms of groups."""

from __future__ import annotations

from typing import Any

from django import forms

from nianlun.places.access import people_of
from nianlun.places.models import Community, User


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
