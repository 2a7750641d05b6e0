"""Sheets and imports for tests."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponseBase
from openpyxl import load_workbook

from nianlun.places.models import Estate
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import ImportRun
from nianlun.ui.sheets.running import apply_run, check_run, undo_run
from tests.ui.sheets.stalls import Stalls

HEAD = ("编号", "名称", "类别", "联系电话", "备注")


def xlsx(*sheets: Iterable[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """A workbook with these rows in each worksheet; words as words, numbers as numbers."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False})
    for place, rows in enumerate(sheets):
        sheet = book.add_worksheet(names[place] if names else None)
        for row, cells in enumerate(rows):
            sheet.write_row(row, 0, cells)
    book.close()
    return buffer.getvalue()


def stall_rows(count: int, **more: Sequence[str]) -> list[list[str]]:
    """The head, and that many good rows."""
    rows = [[f"T{number:05}", f"摊{number}", "商品房小区", f"138{number:08}", ""] for number in range(1, count + 1)]
    return [list(HEAD), *rows]


def uploaded(viewer: CommunityViewer, data: bytes, name: str = "摊位.xlsx") -> ImportRun:
    return actions.upload(viewer=viewer, register=Stalls(), name=name, data=data)


def checked(viewer: CommunityViewer, data: bytes, name: str = "摊位.xlsx") -> ImportRun:
    """Uploaded, with its columns as guessed, and checked."""
    run = uploaded(viewer, data, name)
    actions.set_columns(viewer=viewer, run=run, register=Stalls(), columns=run.columns)
    check_run(str(run.pk))
    run.refresh_from_db()
    return run


def applied(viewer: CommunityViewer, run: ImportRun) -> ImportRun:
    actions.start(viewer=viewer, run=run, only_good=True)
    apply_run(str(run.pk))
    run.refresh_from_db()
    return run


def undone(viewer: CommunityViewer, run: ImportRun) -> ImportRun:
    actions.undo(viewer=viewer, run=run)
    undo_run(str(run.pk))
    run.refresh_from_db()
    return run


def kinds(run: ImportRun) -> list[str]:
    return list(run.rows.order_by("number").values_list("kind", flat=True))


def stall(viewer: CommunityViewer, code: str, name: str = "", **more: str) -> Estate:
    home = viewer.community
    return Estate.objects.create(community=home, subdistrict=home.subdistrict, code=code, name=name or code, **more)


def content(response: HttpResponseBase) -> bytes:
    """What a download sends."""
    return b"".join(response)


def cells_of(data: bytes) -> list[list[Any]]:
    """The rows of the first worksheet of an .xlsx."""
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    return [[("" if cell is None else cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def csv_rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
