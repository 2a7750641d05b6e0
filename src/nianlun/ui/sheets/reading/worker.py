"""The process that opens a file: the file on standard input, JSON lines on standard output.

    peek           one line: [{"name", "hidden", "rows": [[cell, …], …], "height", "first", "place"}, …]
    rows <place>   a line for 500 rows each: [first row's number, [[cell, …], …]]

Either ends with a line {"end": null}, or {"end": "<name of a Fault>"}. `first` is the column at which the rows begin,
counted from 0; rows are numbered from 1, as in the sheet. Native code that dies here takes nothing else with it.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from nianlun.ui.sheets.limits import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_SHEETS,
    PEEKED,
    READING_MEMORY,
)
from nianlun.ui.sheets.reading.cells import texts_of
from nianlun.ui.sheets.reading.delimited import rows_of
from nianlun.ui.sheets.reading.faults import Fault
from nianlun.ui.sheets.reading.kinds import Wrong, is_workbook

AT_ONCE = 500
TEXT_SHEET = "表格"


def sheets_of(data: bytes, only: int | None = None) -> Iterator[tuple[str, bool, int, Iterator[list[str]]]]:
    """(name, hidden, first column, rows) of each worksheet, or only of one by its place; a text is one sheet."""
    if not is_workbook(data):
        yield TEXT_SHEET, False, 0, rows_of(data)
        return
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    worksheets = [about for about in book.sheets_metadata if about.typ is SheetTypeEnum.WorkSheet][:MOST_SHEETS]
    for about in worksheets if only is None else worksheets[only : only + 1]:
        sheet = book.get_sheet_by_name(about.name)
        if sheet.total_height > MOST_ROWS + PEEKED:
            raise Wrong(Fault.TOO_MANY_ROWS)
        first = sheet.start[1] if sheet.start else 0
        yield about.name, about.visible is not SheetVisibleEnum.Visible, first, map(texts_of, sheet.iter_rows())


def bounded(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows, as long as they stay within the limits."""
    cells = 0
    for number, row in enumerate(rows, 1):
        cells += len(row)
        if number > MOST_ROWS + PEEKED:
            raise Wrong(Fault.TOO_MANY_ROWS)
        if len(row) > MOST_COLUMNS:
            raise Wrong(Fault.TOO_WIDE)
        if cells > MOST_CELLS:
            raise Wrong(Fault.TOO_MANY_CELLS)
        yield row if not row or max(map(len, row)) <= LONGEST_CELL else [cell[:LONGEST_CELL] for cell in row]


def peek(data: bytes) -> None:
    found: list[dict[str, Any]] = []
    for place, (name, hidden, first, rows) in enumerate(sheets_of(data)):
        within = bounded(rows)
        head = list(islice(within, PEEKED))
        height = len(head) + sum(1 for _ in within)
        found.append({"name": name, "hidden": hidden, "rows": head, "height": height, "first": first, "place": place})
    say(found)


def stream(data: bytes, place: int) -> None:
    for _, _, _, rows in sheets_of(data, place):
        within = bounded(rows)
        at = 1
        while some := list(islice(within, AT_ONCE)):
            say([at, some])
            at += len(some)
        return
    raise Wrong(Fault.NO_SUCH_SHEET)


def say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")))
    sys.stdout.write("\n")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (READING_MEMORY, READING_MEMORY))
    data = sys.stdin.buffer.read()
    fault: Fault | None = None
    try:
        if sys.argv[1] == "peek":
            peek(data)
        else:
            stream(data, int(sys.argv[2]))
    except Wrong as wrong:
        fault = wrong.fault
    except PasswordError:
        fault = Fault.ENCRYPTED
    except MemoryError:
        fault = Fault.TOO_HEAVY
    except (CalamineError, ValueError, OSError):
        fault = Fault.BROKEN
    say({"end": fault.name if fault else None})


if __name__ == "__main__":
    main()
