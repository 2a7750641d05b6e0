"""A register's records as a sheet: written row by row to a file, masked as the reader sees them, marked as theirs.

Sent back, rows are told again by the hidden id and revision at the right.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any

from django.db.models import QuerySet

from nianlun.kernel.clock import now
from nianlun.kernel.fields import Field
from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.guessing import ID_TITLE, REVISION_TITLE
from nianlun.ui.sheets.writing.book import add_sheet, offer_choices, open_book, width_of, write_words
from nianlun.ui.sheets.writing.shield import shielded

AT_ONCE = 2_000
HEAD = 1  # the head's row in an .xlsx, counted from 0: above it stands whose copy it is
Line = tuple[Any, dict[str, str]]  # a record, and what the viewer may read of it


def mark_of(register: Register[Any, Any], viewer: Any) -> str:
    """Whose copy it is, for every page and the file's properties."""
    said = f"{now():%Y-%m-%d %H:%M}"
    return f"{viewer.place_name} · {register.title} · {viewer.user_name} {said} 导出 · 内部资料，请勿外传"


def write_xlsx(file: IO[bytes], register: Register[Any, Any], viewer: Any, rows: QuerySet[Any]) -> int:
    """Write all records; gives how many."""
    fields, lines = _readable(register, viewer, rows)
    mark = mark_of(register, viewer)
    book = open_book(file, register.title, viewer.user_name, mark)
    words = book.add_format({"num_format": "@", "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#E8EEF4", "border": 1})
    kept = book.add_format({"bold": True, "bg_color": "#E0E0E0", "border": 1})
    note = book.add_format({"font_color": "#50596B", "italic": True})
    sheet = add_sheet(book, register.title, mark)
    last = len(fields)
    for column, field in enumerate(fields):
        sheet.set_column(column, column, width_of(field), words)
    sheet.set_column(last, last + 1, 12, words, {"hidden": True})
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.repeat_rows(HEAD)
    sheet.write_string(0, 0, f"{mark}。带 * 的号码不改就保持原样；改好后可以在“导入”里传回。", note)
    write_words(sheet, HEAD, [field.title for field in fields], head)
    write_words(sheet, HEAD, [ID_TITLE, REVISION_TITLE], kept, last)
    count = 0
    for record, read in lines:
        count += 1
        write_words(sheet, HEAD + count, [read.get(field.code, "") for field in fields], words)
        write_words(sheet, HEAD + count, [str(record.pk), str(register.revision(record))], words, last)
    bottom = HEAD + max(count, 1)
    sheet.autofilter(HEAD, 0, bottom, last + 1)
    for column, field in enumerate(fields):
        offer_choices(sheet, field, column, HEAD + 1, bottom + 500)
    refused = {"validate": "custom", "value": "=FALSE", "error_message": "这一列是系统用来认记录的，请不要修改。"}
    sheet.data_validation(HEAD + 1, last, bottom, last + 1, refused)
    book.close()
    return count


def write_csv(file: IO[bytes], register: Register[Any, Any], viewer: Any, rows: QuerySet[Any]) -> int:
    """The same as text that spreadsheets open: UTF-8 with its mark, formulas kept from running."""
    fields, lines = _readable(register, viewer, rows)
    file.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow([*(field.title for field in fields), ID_TITLE, REVISION_TITLE])
    count = 0
    for record, read in lines:
        count += 1
        said = [shielded(read.get(field.code, "")) for field in fields]
        writer.writerow([*said, str(record.pk), str(register.revision(record))])
    text.flush()
    text.detach()
    return count


def _readable(register: Register[Any, Any], viewer: Any, rows: QuerySet[Any]) -> tuple[list[Field], Iterator[Line]]:
    """The fields that the viewer may see of any of the first records, and all records as they see them."""
    lines = _lines(register, viewer, rows)
    first = list(islice(lines, AT_ONCE))
    seen = _seen(read for _, read in first)
    fields = [field for field in register.fields if not first or field.code in seen]
    return fields, chain(first, lines)


def _lines(register: Register[Any, Any], viewer: Any, rows: QuerySet[Any]) -> Iterator[Line]:
    found = iter(rows.iterator(chunk_size=AT_ONCE))
    while some := list(islice(found, AT_ONCE)):
        register.look_ahead(some, viewer)
        for row in some:
            yield row, register.read(row, viewer)


def _seen(read: Iterable[dict[str, str]]) -> set[str]:
    return set[str]().union(*read)
