"""The table as a workbook: wrapped, with a head that stays, ready to print on A4."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from nianlun.plans.breakdown.rows import CENTRED, COLUMNS, FONT, SUFFIX, Breakdown, heading_of

LONGEST_CELL = 32_767
LONGEST_SHEET_NAME = 31
A4 = 9
# Points; the highest row that spreadsheets allow is 409.
LINE_HEIGHT, ROW_PADDING, HIGHEST_ROW = 15, 4, 409


def to_xlsx(breakdowns: Sequence[Breakdown]) -> bytes:
    """A workbook with a sheet for each plan; all words are written as text, so that none can be a formula."""
    buffer = BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    shared = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
    formats = {
        "title": workbook.add_format({"font_name": FONT, "font_size": 16, "bold": True, "align": "center"}),
        "head": workbook.add_format({**shared, "bold": True, "align": "center", "bg_color": "#E8EEF4"}),
        "text": workbook.add_format(shared),
        "centred": workbook.add_format({**shared, "align": "center"}),
    }
    taken: set[str] = set()
    for breakdown in breakdowns:
        _write_sheet(workbook.add_worksheet(sheet_name(breakdown.name, taken)), breakdown, formats)
    workbook.close()
    return buffer.getvalue()


def _write_sheet(sheet: Any, breakdown: Breakdown, formats: dict[str, Any]) -> None:
    last = len(COLUMNS) - 1
    sheet.merge_range(0, 0, 0, last, "", formats["title"])
    sheet.write_string(0, 0, heading_of(breakdown)[:LONGEST_CELL], formats["title"])
    sheet.set_row(0, 30)
    sheet.set_row(1, 22)
    for column, (title, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, title, formats["head"])
    for number, row in enumerate(breakdown.rows, start=2):
        sheet.set_row(number, min(lines_needed(row.cells()) * LINE_HEIGHT + ROW_PADDING, HIGHEST_ROW))
        sheet.write_number(number, 0, row.number, formats["centred"])
        for column, text in enumerate(row.cells()[1:], start=1):
            chosen = formats["centred" if column in CENTRED else "text"]
            sheet.write_string(number, column, text[:LONGEST_CELL], chosen)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, max(1, len(breakdown.rows) + 1), last)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(1)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")


def lines_needed(cells: Sequence[str]) -> int:
    """How many lines the fullest cell of a row takes when wrapped; not every program measures that by itself."""
    return max(
        sum(max(1, math.ceil(_width(line) / (room - 1))) for line in text[:LONGEST_CELL].split("\n"))
        for text, (_, room) in zip(cells, COLUMNS, strict=True)
    )


def _width(text: str) -> float:
    """Width in characters of the sheet: hanzi and full-width marks are a little more than two."""
    return sum(2.15 if ord(character) > 0x2000 else 1.1 for character in text)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that spreadsheets allow (31 characters, none of []:*?/\\), in no other sheet's use; added to `taken`."""
    clean = "".join(" " if character in "[]:*?/\\" or ord(character) < 32 else character for character in name)
    base = clean.strip(" '")[:LONGEST_SHEET_NAME].strip(" '") or SUFFIX
    chosen, copy = base, 2
    while chosen.casefold() in taken or chosen.casefold() == "history":
        mark = f"({copy})"
        chosen, copy = base[: LONGEST_SHEET_NAME - len(mark)] + mark, copy + 1
    taken.add(chosen.casefold())
    return chosen
