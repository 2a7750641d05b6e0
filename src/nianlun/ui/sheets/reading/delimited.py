"""Sheets as plain text: UTF-8 with or without its mark, UTF-16 with it, GB18030; comma, semicolon or tab."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import StringIO

from nianlun.ui.sheets.limits import LONGEST_CELL
from nianlun.ui.sheets.reading.faults import Fault
from nianlun.ui.sheets.reading.kinds import Wrong
from nianlun.ui.sheets.writing.shield import RUN

DELIMITERS = ",\t;，；|"
JUDGED_LINES = 30
SHIELDED = tuple(f"'{mark}" for mark in RUN)  # as our own .csv keeps formulas from running


def decode(data: bytes) -> str:
    """Raises Wrong where it is no text in one of these encodings."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encodings = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            raise Wrong(Fault.NOT_TEXT)
        return text
    raise Wrong(Fault.NOT_TEXT if b"\0" in data[:4096] else Fault.ENCODING)


def delimiter_of(text: str) -> str:
    """The mark that parts the most of the first lines into the same number of cells, two or more."""
    lines = [line for line in text[:200_000].splitlines() if line.strip()][:JUDGED_LINES]
    best, best_score = ",", 0
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark)]
        usual = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        score = widths.count(usual) * 10 + min(usual, 9) if usual > 1 else 0
        if score > best_score:
            best, best_score = mark, score
    return best


def rows_of(data: bytes) -> Iterator[list[str]]:
    """The rows' cells as they stand, without the ' by which our own files shield formulas."""
    text = decode(data)
    csv.field_size_limit(LONGEST_CELL * 4)
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text)):
            yield [cell[1:] if cell.startswith(SHIELDED) else cell for cell in row]
    except csv.Error as error:
        raise Wrong(Fault.BROKEN) from error
