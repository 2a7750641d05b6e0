"""Forms of verification: a round, handing doors over, what was found at a door."""

from __future__ import annotations

from typing import Any

from django import forms

from nianlun.kernel.clock import today
from nianlun.places.forms_ground import DAY
from nianlun.places.models import Building, Community, Grid, Outcome


class RoundForm(forms.Form):
    """A round: its name, its days, and which grids or buildings are gone through."""

    name = forms.CharField(label="名称", max_length=60, help_text="如 2027 年春季入户核实。")
    starts_on = forms.DateField(label="从哪天", widget=DAY, initial=today)
    ends_on = forms.DateField(label="到哪天", widget=DAY)
    grids = forms.ModelMultipleChoiceField(queryset=Grid.objects.none(), required=False)
    buildings = forms.ModelMultipleChoiceField(queryset=Building.objects.none(), required=False)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grids = Grid.objects.filter(community=community, closed_on=None)
        self.fields["grids"].queryset = grids  # type: ignore[attr-defined]
        rows = Building.objects.filter(community=community, retired_on=None).select_related("estate", "grid")
        self.fields["buildings"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whole grids are their buildings."""
        given = super().clean() or {}
        chosen = {building.pk: building for building in given.get("buildings") or ()}
        for building in self.fields["buildings"].queryset.filter(grid__in=given.get("grids") or ()):  # type: ignore[attr-defined]
            chosen[building.pk] = building
        if not chosen and "buildings" not in self.errors and "grids" not in self.errors:
            self.add_error("buildings", "请勾选要核实的网格或楼栋。")
        given["buildings"] = list(chosen.values())
        return given


class VisitForm(forms.Form):
    """What was found at a door."""

    outcome = forms.ChoiceField(
        label="核实结果",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选核实结果。", "invalid_choice": "请选核实结果。"},
    )
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="可以不写；不要写证件号码和电话号码。"
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
