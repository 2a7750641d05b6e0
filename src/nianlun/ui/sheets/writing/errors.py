"""The bad rows of an import to hand back: the columns as they came, and what is wrong with each in one more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from nianlun.kernel.sealing.seal import unseal
from nianlun.ui.sheets.models import ImportRun, Kind
from nianlun.ui.sheets.writing.book import add_sheet, open_book, write_words

BAD = (Kind.ERROR, Kind.CONFLICT)
PROBLEM = "问题"
MOST_COMMENTS = 5_000  # notes at cells, which are kept in memory until the end; all cells are coloured
Bad = tuple[list[str], list[list[str]]]  # the row's cells, [field, message] of each problem


def write_errors(file: IO[bytes], run: ImportRun, titles: dict[str, str]) -> int:
    """Write the bad rows; gives how many. `titles`: of the fields, by code."""
    mark = f"{run.file_name} · 需要改正的行"
    book = open_book(file, mark, run.user_name, mark)
    words = book.add_format({"num_format": "@", "valign": "top"})
    wrong = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#FBDCDC", "font_color": "#7A1616"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#7A1616"})
    sheet = add_sheet(book, "需要改正的行", mark)
    sheet.set_column(0, len(run.titles) - 1, 16, words)
    sheet.set_column(len(run.titles), len(run.titles), 50, wrapped)
    write_words(sheet, 0, [*run.titles, PROBLEM], head)
    sheet.freeze_panes(1, 0)
    at = {code: column for column, code in enumerate(run.columns) if code}
    count = comments = 0
    for cells, problems in bad_rows(run):
        count += 1
        said = {at[code]: message for code, message in problems if code in at}
        for column in sorted({*range(min(len(cells), len(run.titles))), *said}):
            text = cells[column] if column < len(cells) else ""
            write_words(sheet, count, [text], wrong if column in said else words, column)
            if column in said and not text:
                sheet.write_blank(count, column, None, wrong)
            if column in said and comments < MOST_COMMENTS:
                sheet.write_comment(count, column, said[column])
                comments += 1
        told = [f"{titles[code]}：{message}" if code in titles else message for code, message in problems]
        write_words(sheet, count, ["\n".join(told)], wrapped, len(run.titles))
    book.close()
    return count


def bad_rows(run: ImportRun) -> Iterator[Bad]:
    """In the order of the sheet, a batch at a time."""
    for batch in run.batches.order_by("number").iterator(chunk_size=10):
        if not batch.content_sealed:
            continue
        cells: dict[str, Any] = json.loads(unseal(batch.content_sealed))["cells"]
        if not cells:
            continue
        rows = run.rows.filter(number__range=(batch.first, batch.last), kind__in=BAD).order_by("number")
        for number, problems in rows.values_list("number", "problems"):
            yield cells[str(number)], problems
