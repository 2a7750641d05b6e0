"""What people fill in to put in a plan: a file or words pasted, the year, the name."""

from __future__ import annotations

from typing import Any

from django import forms

from nianlun.kernel.clock import today
from nianlun.plans.actions import PASTED
from nianlun.plans.reading.files import MAX_BYTES, MAX_CHARACTERS


class TextForm(forms.Form):
    """A plan's text: a file, or words pasted."""

    file = forms.FileField(
        label="选择文件", required=False, help_text="Word（.docx）、PDF、文本（.txt、.md），不超过 20 MB。"
    )
    text = forms.CharField(
        label="粘贴全文", required=False, strip=False, widget=forms.Textarea({"rows": 8}), help_text="不超过 50 万字。"
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, text = given.get("file"), given.get("text") or ""
        if self.errors:
            return given
        if file and text.strip():
            raise forms.ValidationError("文件和粘贴的文字只能用一种，请清空其中一种。")
        if not file and not text.strip():
            raise forms.ValidationError("请选择文件，或粘贴计划的文字。")
        if file and file.size > MAX_BYTES:
            self.add_error("file", "文件超过 20 MB，没有上传。请删去图片，或只上传计划正文。")
        if len(text) > MAX_CHARACTERS:
            self.add_error("text", "粘贴的文字超过 50 万字，没有读取。请只粘贴一份计划的正文。")
        return given

    def source(self) -> tuple[str, bytes]:
        """(name, bytes) of what was given."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else (PASTED, self.cleaned_data["text"].encode("utf-8"))


class PlanForm(TextForm):
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2099)
    title = forms.CharField(
        label="名称", max_length=120, required=False, help_text="可以不填：用计划自己的标题。"
    )  # fmt: skip
    field_order = ("file", "text", "year", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"year": default_year()})
        super().__init__(*args, **kwargs)


def default_year() -> int:
    """From October on people write next year's plan."""
    day = today()
    return day.year + (day.month >= 10)
