"""Forms of the ground: moving buildings, making rooms, drawing grids."""

from __future__ import annotations

import json
from typing import Any

from django import forms

from nianlun.kernel.clock import today
from nianlun.places.models import Building, Community, Grid
from nianlun.places.rules.floors import MOST_FLOORS, MOST_PER_FLOOR, MOST_UNITS, STYLES, Pattern
from nianlun.places.rules.geojson import MOST_BYTES
from nianlun.places.rules.shapes import Shape, ShapeError, read_shape

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
STYLE_TITLES = {
    "plain": "302（楼层在前，不补零）",
    "padded": "0302（楼层两位）",
    "dashed": "3-2（用横线隔开）",
}


class MoveForm(forms.Form):
    """Which buildings come to which grid, and from when."""

    buildings = forms.ModelMultipleChoiceField(
        label="楼栋",
        queryset=Building.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请先勾选要划转的楼栋。", "invalid_choice": "有的楼栋已不在本社区，请重新勾选。"},
    )
    grid = forms.ModelChoiceField(label="划到网格", queryset=Grid.objects.none(), empty_label="请选择")
    on = forms.DateField(
        label="从哪天起", widget=DAY, help_text="可以补记以前的日子；以后的日子到时自动生效。", initial=today
    )

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buildings = Building.objects.filter(community=community, retired_on=None).select_related("estate")
        self.fields["buildings"].queryset = buildings  # type: ignore[attr-defined]
        grids = Grid.objects.filter(community=community, closed_on=None)
        self.fields["grid"].queryset = grids  # type: ignore[attr-defined]


class RoomsForm(forms.Form):
    """A building's rooms as a pattern."""

    units = forms.IntegerField(label="单元数", min_value=1, max_value=MOST_UNITS, initial=1)
    floors = forms.IntegerField(label="地上层数", min_value=1, max_value=MOST_FLOORS)
    first_floor = forms.IntegerField(
        label="住户从第几层起",
        min_value=1,
        max_value=MOST_FLOORS,
        initial=1,
        help_text="底层是商铺或架空的，从 2 层起。",
    )
    per_floor = forms.IntegerField(
        label="每单元每层几户", min_value=1, max_value=MOST_PER_FLOOR, initial=2, help_text="一梯两户填 2。"
    )
    style = forms.ChoiceField(label="门牌号写法", choices=[(style, STYLE_TITLES[style]) for style in STYLES])
    through = forms.BooleanField(label="各单元的门牌号连着编（如 1 单元 101、102，2 单元 103、104）", required=False)

    def pattern(self) -> Pattern:
        """Of a valid form."""
        return Pattern(**self.cleaned_data)


class UnitForm(forms.Form):
    name = forms.CharField(label="单元名称", max_length=20)


class BoundsForm(forms.Form):
    """Where a grid runs from a day on, drawn or pasted."""

    grid = forms.ModelChoiceField(label="网格", queryset=Grid.objects.none(), empty_label="请选择")
    shape = forms.CharField(
        label="范围（GeoJSON）",
        max_length=MOST_BYTES,
        widget=forms.Textarea({"rows": 4, "spellcheck": "false", "class": "nl-geojson"}),
        help_text="在图上画好后会自动填在这里；也可以直接粘贴制图软件导出的多边形，坐标用 WGS84 经纬度。",
        error_messages={"required": "还没有范围：请先在图上画，或把 GeoJSON 粘贴到这里。"},
    )
    starts_on = forms.DateField(label="从哪天起", widget=DAY, initial=today)

    def __init__(self, *args: Any, community: Community, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grids = Grid.objects.filter(community=community, closed_on=None)
        self.fields["grid"].queryset = grids  # type: ignore[attr-defined]

    def clean_shape(self) -> Shape:
        try:
            return read_shape(json.loads(self.cleaned_data["shape"]))
        except ShapeError as error:
            raise forms.ValidationError(str(error)) from None
        except (ValueError, RecursionError):
            raise forms.ValidationError("这不是 GeoJSON：内容读不出来，请重新复制。") from None


class BoundsFileForm(forms.Form):
    """A file of all grids; its words come back in `text` when it has been looked through."""

    file = forms.FileField(label="GeoJSON 文件", required=False)
    text = forms.CharField(
        label="或粘贴内容", required=False, strip=False, max_length=MOST_BYTES, widget=forms.Textarea({"rows": 6})
    )
    starts_on = forms.DateField(label="从哪天起", widget=DAY, initial=today)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file = given.get("file")
        if file is not None:
            if file.size > MOST_BYTES:
                raise forms.ValidationError("文件超过 4 MB，请先在制图软件里简化边界。")
            try:
                given["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError("文件不是 UTF-8 文字。请从制图软件导出为 GeoJSON（UTF-8）。") from None
        if not given.get("text"):
            raise forms.ValidationError("请选择文件，或把内容粘贴进来。")
        return given
