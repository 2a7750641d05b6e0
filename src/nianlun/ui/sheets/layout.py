"""How the worksheet of an import is laid out: as guessed, with the columns that were set for such a sheet before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import Field
from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.files import sample_of
from nianlun.ui.sheets.guessing import RECORD_ID, REVISION, fingerprint, guess, letters, match, titles_of
from nianlun.ui.sheets.models import ColumnMapping, ImportRun


@dataclass(frozen=True, slots=True)
class Layout:
    """A worksheet by its number, where its head stands, and which column is which field ("" for none)."""

    sheet: int
    head: int
    deep: int
    titles: list[str]
    columns: list[str]


def writable(register: Register[Any, Any], viewer: Any) -> list[Field]:
    """The fields that a sheet may fill."""
    return register.written_fields(viewer, None)


def layout_of(run: ImportRun, sheet: int, register: Register[Any, Any], viewer: Any, head: int | None = None) -> Layout:
    """The likeliest layout of a worksheet; `head` is the row that a person took for the head, 0 for none."""
    if not 0 <= sheet < len(run.sheets):
        raise UserError("文件里没有这张工作表，请刷新页面再选。")
    rows, fields = sample_of(run, sheet), writable(register, viewer)
    if head is None:
        guessed = guess(rows, fields)
        found = Layout(sheet, guessed.head, guessed.deep, guessed.titles, guessed.fields)
    elif not 0 <= head <= len(rows):
        raise UserError(f"表头行应在前 {len(rows)} 行里，没有表头请填 0。")
    elif head == 0:
        width = max(map(len, rows), default=0)
        titles = [f"第 {letters(int(run.sheets[sheet]['first']) + column)} 列" for column in range(width)]
        found = Layout(sheet, 0, 0, titles, match([""] * width, rows, fields)[0])
    else:
        titles = titles_of(rows[head - 1 : head])
        found = Layout(sheet, head, 1, titles, match(titles, rows[head:], fields)[0])
    return _remembered(run, found, {one.code for one in fields} | {RECORD_ID, REVISION})


def _remembered(run: ImportRun, layout: Layout, known: set[str]) -> Layout:
    if not layout.head:
        return layout
    same = ColumnMapping.objects.filter(
        register=run.register, place_id=run.place_id, fingerprint=fingerprint(layout.titles)
    ).first()
    if same is None or len(same.columns) != len(layout.titles):
        return layout
    columns = [code if code in known else "" for code in same.columns]
    return Layout(layout.sheet, layout.head, layout.deep, layout.titles, columns)
