"""A blank sheet to fill in: drop-down lists, text columns that keep all figures, an example, and how to fill each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO, Any

from nianlun.kernel.fields import Field
from nianlun.ui.sheets.examples import example, how_to_fill
from nianlun.ui.sheets.writing.book import add_sheet, offer_choices, open_book, width_of, write_words

ROOM = 2_000  # rows with drop-down lists


def write_blank(file: IO[bytes], title: str, fields: Sequence[Field]) -> None:
    """Two worksheets: the one to fill in, with an example that is passed over, and 填写说明."""
    mark = f"{title} · 导入用空表"
    book = open_book(file, mark, "", mark)
    words = book.add_format({"num_format": "@"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    needed = book.add_format({"bold": True, "bg_color": "#FDECCB", "border": 1})
    grey = book.add_format({"num_format": "@", "font_color": "#50596B", "italic": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet = add_sheet(book, title, mark)
    shown = example(fields)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, width_of(field), words)
        offer_choices(sheet, field, column, 1, ROOM)
    for column, field in enumerate(fields):
        title_said = f"{field.title}*" if field.required else field.title
        sheet.write_string(0, column, title_said, needed if field.required else head)
    write_words(sheet, 1, [shown[field.code] for field in fields], grey)
    sheet.freeze_panes(1, 0)
    _write_notes(book, mark, fields, head, wrapped)
    book.close()


def _write_notes(book: Any, mark: str, fields: Sequence[Field], head: Any, wrapped: Any) -> None:
    sheet = add_sheet(book, "填写说明", mark)
    for column, width in enumerate((18, 8, 60, 24)):
        sheet.set_column(column, column, width)
    told = [
        "第二行是示例，导入时会跳过，可以删去。",
        "带 * 的列必填。列的次序可以变，用不到的列可以删去。",
        "证件号码、电话、账号请在“文本”格式的格子里填写，避免丢失后几位。",
    ]
    for row, said in enumerate(told):
        sheet.write_string(row, 0, said)
    top = len(told) + 1
    write_words(sheet, top, ["列名", "必填", "怎么填", "示例"], head)
    shown = example(fields)
    for row, field in enumerate(fields, top + 1):
        required = "是" if field.required else ""
        write_words(sheet, row, [field.title, required, how_to_fill(field), shown[field.code]], wrapped)
