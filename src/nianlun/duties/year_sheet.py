"""A plan's year as a spreadsheet: every occurrence by date, and each item against the twelve months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter

from nianlun.duties.calendar import Mark, Occurrence, label
from nianlun.duties.feed import marks_text
from nianlun.kernel.weekdays import WEEKDAYS

DATED_COLUMNS: tuple[tuple[str, int], ...] = (
    ("序号", 6), ("截止日期", 12), ("星期", 6), ("周期", 18), ("开始", 12), ("结束", 12), ("条线", 14),
    ("任务（计划原文）", 60), ("责任人", 18), ("说明", 24),
)  # fmt: skip
MONTHS = tuple(f"{month}月" for month in range(1, 13))


@dataclass(frozen=True, slots=True, eq=False)
class SheetItem:
    """What one item or duty says of itself in its rows; two with the same words are two."""

    line: str  # the title of its line of work
    sentence: str
    owners: str


def year_sheet(items: Sequence[SheetItem], year: int, dated: Sequence[tuple[SheetItem, Occurrence]]) -> bytes:
    """The .xlsx of a year: its items in their order, and their occurrences by date."""
    target = BytesIO()
    # Words of a plan are words, whatever they begin with: never a formula, a number or a link.
    plain = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, plain) as book:
        head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1, "valign": "vcenter"})
        body = book.add_format({"border": 1, "valign": "top", "text_wrap": True})
        day = book.add_format({"border": 1, "valign": "top", "num_format": "yyyy-mm-dd", "align": "left"})
        _dated_sheet(book.add_worksheet(f"{year}年日程"), dated, head, body, day)
        _month_sheet(book.add_worksheet("按月一览"), items, year, dated, head, body)
    return target.getvalue()


def _head(sheet: Any, columns: Sequence[tuple[str, int]], head: Any) -> None:
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, title, head)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _dated_sheet(sheet: Any, dated: Sequence[tuple[SheetItem, Occurrence]], head: Any, body: Any, day: Any) -> None:
    _head(sheet, DATED_COLUMNS, head)
    for row, (item, one) in enumerate(dated, start=1):
        sheet.write_number(row, 0, row, body)
        sheet.write_datetime(row, 1, one.due, day)
        sheet.write_string(row, 2, WEEKDAYS[one.due.weekday()], body)
        sheet.write_string(row, 3, label(one.period_key), body)
        sheet.write_datetime(row, 4, one.window_start, day)
        sheet.write_datetime(row, 5, one.window_end, day)
        sheet.write_string(row, 6, item.line, body)
        sheet.write_string(row, 7, item.sentence, body)
        sheet.write_string(row, 8, item.owners, body)
        sheet.write_string(row, 9, marks_text(one), body)
    sheet.autofilter(0, 0, max(1, len(dated)), len(DATED_COLUMNS) - 1)


def _month_sheet(
    sheet: Any,
    items: Sequence[SheetItem],
    year: int,
    dated: Sequence[tuple[SheetItem, Occurrence]],
    head: Any,
    body: Any,
) -> None:
    """How often each item is due in each month; what reaches into the next year has a column of its own."""
    columns = [
        ("序号", 6),
        ("条线", 14),
        ("任务（计划原文）", 60),
        *((month, 6) for month in MONTHS),
        ("次年", 6),
        ("说明", 20),
    ]
    _head(sheet, columns, head)
    counts: dict[SheetItem, Counter[int]] = {}
    undated: set[SheetItem] = set()
    for item, one in dated:
        column = 13 if one.due.year > year else 1 if one.due.year < year else one.due.month
        counts.setdefault(item, Counter())[column] += 1
        if Mark.UNSCHEDULED in one.marks:
            undated.add(item)
    for row, item in enumerate(items, start=1):
        sheet.write_number(row, 0, row, body)
        sheet.write_string(row, 1, item.line, body)
        sheet.write_string(row, 2, item.sentence, body)
        for column in range(1, 14):
            times = counts.get(item, Counter())[column]
            if times:
                sheet.write_number(row, 2 + column, times, body)
            else:
                sheet.write_blank(row, 2 + column, None, body)
        sheet.write_string(row, 16, Mark.UNSCHEDULED.label if item in undated else "", body)
