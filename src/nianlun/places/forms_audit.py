"""What somebody who reads the audit log may ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from nianlun.places.access_audit import Asked
from nianlun.places.models import Community, Subdistrict
from nianlun.places.rules.audit_words import ACTS


class LogForm(forms.Form):
    """Filters of the log; every one may be left out."""

    person = forms.CharField(label="操作人", max_length=40, required=False)
    action = forms.ChoiceField(label="操作", required=False)
    community = forms.ModelChoiceField(
        Community.objects.none(), label="社区", required=False, to_field_name="code", empty_label="全部"
    )
    since = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data: Any, *, of: Sequence[Subdistrict], acts: Mapping[str, str]) -> None:
        super().__init__(data)
        named = sorted({**acts, **ACTS}.items(), key=lambda act: act[1])
        self.fields["action"].choices = [("", "全部"), *named]  # type: ignore[attr-defined]
        self.fields["community"].queryset = Community.objects.filter(subdistrict__in=of)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期早于开始日期，请重新选择。")
        return given

    def asked(self) -> Asked:
        """What is asked for; only of a form without errors."""
        given = self.cleaned_data
        person = given["person"].strip()
        return Asked(given["action"], person, given["community"], given["since"], given["until"])
