"""What all our workbooks share: words written as words, a head that stays, print on A4, and whose copy it is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import IO, Any

import xlsxwriter

from nianlun.kernel.fields import Field
from nianlun.ui.sheets.writing.shield import cell

FONT = "宋体"
A4 = 9
NARROWEST, WIDEST = 8, 40
WIDTHS = {"id_number": 21, "phone": 14, "credit_code": 21, "account": 22, "date": 12, "yes_no": 8, "long_text": 40}
MOST_CHOICES = 255  # characters of a drop-down list given in place
FORBIDDEN_IN_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def open_book(file: IO[bytes], title: str, author: str, mark: str) -> Any:
    """A workbook that is written row by row in constant memory; its properties say whose copy it is."""
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": title, "author": author, "comments": mark, "company": "年轮"})
    return book


def add_sheet(book: Any, name: str, mark: str) -> Any:
    """A worksheet for print on A4, with the mark on each page."""
    sheet = book.add_worksheet(name.translate(FORBIDDEN_IN_NAME)[:31] or "表格")
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    said = mark.replace("&", "&&")[:200]
    sheet.set_header(f"&L{said}")
    sheet.set_footer(f"&L{said}&R第 &P 页，共 &N 页"[:255])
    return sheet


def width_of(field: Field) -> float:
    """Of its column, in characters."""
    title = sum(2.2 if ord(letter) > 0x2000 else 1.1 for letter in field.title) + 2
    return math.ceil(max(title, min(WIDTHS.get(field.kind, (field.most or 20) * 1.1), WIDEST), NARROWEST))


def write_words(sheet: Any, row: int, words: Sequence[str], look: Any, first: int = 0) -> None:
    for column, said in enumerate(words, first):
        if said:
            sheet.write_string(row, column, cell(said), look)


def offer_choices(sheet: Any, field: Field, column: int, first_row: int, last_row: int) -> None:
    """A drop-down list in the column of a field that has one."""
    offered = list(field.choices.values()) if field.kind == "choice" else ["是", "否"] if field.kind == "yes_no" else []
    if not offered or len(",".join(offered)) > MOST_CHOICES:
        return
    told = {
        "validate": "list",
        "source": offered,
        "error_title": field.title[:32],
        "error_message": "请从下拉框里选一项。",
    }
    sheet.data_validation(first_row, column, last_row, column, told)
