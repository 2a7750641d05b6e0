"""The table as a Word document on A4, landscape."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from nianlun.plans.breakdown.rows import CENTRED, COLUMNS, FONT, Breakdown, heading_of

PAGE = (Mm(297), Mm(210))
MARGIN = Mm(15)
# What XML cannot hold.
UNPRINTABLE = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_docx(breakdown: Breakdown) -> bytes:
    """A document on A4, landscape, whose table repeats its head on every page."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(printable(heading_of(breakdown)))
    run.bold, run.font.size = True, Pt(16)
    _write_table(document, breakdown)
    _number_pages(section.footer.paragraphs[0])
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write_table(document: Any, breakdown: Breakdown) -> None:
    table = document.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    room = PAGE[0] - 2 * MARGIN
    whole = sum(width for _, width in COLUMNS)
    widths = [int(room * width / whole) for _, width in COLUMNS]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.rows[0]
    _mark_row(head, "w:tblHeader", "w:cantSplit")
    _fill(head.cells, [title for title, _ in COLUMNS], widths, bold=True)
    for row in breakdown.rows:
        added = table.add_row()
        _mark_row(added, "w:cantSplit")
        _fill(added.cells, row.cells(), widths)


def _fill(cells: Sequence[Any], texts: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> None:
    for column, (cell, text, width) in enumerate(zip(cells, texts, widths, strict=True)):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.add_run(printable(text)).bold = bold or None
        if bold or column in CENTRED:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _mark_row(row: Any, *marks: str) -> None:
    properties = row._tr.get_or_add_trPr()
    for mark in marks:
        properties.append(OxmlElement(mark))


def _number_pages(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)


def printable(text: str) -> str:
    return UNPRINTABLE.sub("", text)
