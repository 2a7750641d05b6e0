"""Widgets that several forms of this room use."""

from __future__ import annotations

from django import forms


class Boxes(forms.CheckboxSelectMultiple):
    """Check boxes in the look of the rest; the template lays them out."""

    def __init__(self) -> None:
        super().__init__({"class": "form-check-input"})
