"""The task breakdown table: what stands on a row, and files that open and print as they should."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from nianlun.plans.breakdown.document import to_docx
from nianlun.plans.breakdown.rows import COLUMNS, Breakdown, Row, breakdown_of, say_target
from nianlun.plans.breakdown.sheet import sheet_name, to_xlsx
from nianlun.plans.reading import Item, Owner, Reading, Target, Timing
from nianlun.plans.reading.files import read_file
from nianlun.plans.reading.model import Op
from nianlun.plans.reading.schedule import Deadline, Every, Point

TEXT = "枫林社区计划\n一、为老服务\n为独居老人每月\n上门一次，覆盖120户。\n"
START = TEXT.index("为独居")
END = TEXT.index("。")
READING = Reading(
    TEXT,
    2027,
    "枫林社区计划",
    (),
    (
        Item(
            START,
            END,
            "elderly",
            (Target(START, END, "覆盖", "eq", 120, "户"),),
            (Timing(START, END, Every("month")), Timing(START, END, Deadline(Point(12, part="end")))),
            (Owner(0, 2, "网格员"), Owner(0, 2, "楼长"), Owner(0, 2, "网格员")),
            headings=("枫林社区计划", "为老服务"),
        ),
    ),
)
HOSTILE = ("=1+1", "+SUM(A1)", "-2+3", "@cmd", "http://example.invalid", "00123", "{=1}", "a\x00b\x0bc")


def loaded(data: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(data))


def test_a_row_says_it_all_in_chinese() -> None:
    [row] = breakdown_of("枫林", READING).rows
    assert row.cells()[:3] == ("1", "养老服务", "为独居老人每月 上门一次，覆盖120户")
    assert row.targets == "覆盖：120户"
    assert "月" in row.timing and "；" in row.timing
    assert (row.owners, row.heading, row.place) == ("网格员、楼长", "为老服务", "第3行")


@pytest.mark.parametrize(
    ("op", "value", "value2", "unit", "said"),
    [
        ("eq", 12.0, None, "场", "讲座：12场"),
        ("at_least", 98.5, None, "%", "讲座：不少于98.5%"),
        ("at_most", 3.0, None, "起", "讲座：不超过3起"),
        ("range", 100.0, 150.0, "米", "讲座：100—150米"),
        ("increase", None, None, "", "讲座：增加"),
        ("eq", 2_000_000.0, None, "元", "讲座：2000000元"),
    ],
)
def test_targets_are_said(op: Op, value: float | None, value2: float | None, unit: str, said: str) -> None:
    assert say_target(Target(0, 1, "讲座", op, value, unit, value2)) == said


def test_the_sheet_keeps_its_head_wraps_and_prints_on_a4() -> None:
    sheet = loaded(to_xlsx([breakdown_of("枫林", READING)])).worksheets[0]
    assert sheet["A1"].value == "枫林社区计划任务分解表"
    assert [cell.value for cell in sheet[2]] == [title for title, _ in COLUMNS]
    assert sheet.freeze_panes == "A3" and sheet.print_title_rows == "$2:$2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (
        "landscape",
        9,
        0,
    )
    assert sheet["C3"].alignment.wrap_text and sheet.column_dimensions["C"].width > 40
    assert sheet["A3"].value == 1


def test_rows_are_as_high_as_their_fullest_cell() -> None:
    rows = (Row(1, "党建", "短"), Row(2, "党建", "长" * 100), Row(3, "党建", "长" * 5_000))
    sheet = loaded(to_xlsx([Breakdown("甲", "甲", rows)])).worksheets[0]
    heights = [sheet.row_dimensions[number].height for number in (3, 4, 5)]
    assert heights[0] < 25 and 60 < heights[1] < 110 and heights[2] > 400


def test_no_cell_is_ever_a_formula_or_a_link() -> None:
    rows = tuple(Row(number, text, text, text, text, text, text, text) for number, text in enumerate(HOSTILE, start=1))
    data = to_xlsx([Breakdown("甲", "=1", rows)])
    sheet = loaded(data).worksheets[0]
    for row, text in zip(sheet.iter_rows(min_row=3), HOSTILE, strict=True):
        assert all(cell.data_type == "s" for cell in row[1:])
        if text.isprintable():
            assert row[2].value == text and row[2].hyperlink is None
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_each_plan_has_a_sheet_with_a_name_that_spreadsheets_allow() -> None:
    names = ["计划", "计划", "a/b:c*?[d]\\", "'", "", "长" * 40, "长" * 40, "History"]
    book = loaded(to_xlsx([Breakdown(name, name, ()) for name in names]))
    assert book.sheetnames[:4] == ["计划", "计划(2)", "a b c   d", "任务分解表"]
    assert len({name.casefold() for name in book.sheetnames}) == len(names)
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert sheet_name("计划", {"计划"}) == "计划(2)"


def test_a_task_longer_than_a_cell_is_cut_not_lost() -> None:
    sheet = loaded(to_xlsx([Breakdown("甲", "甲", (Row(1, "党建", "长" * 40_000),))])).worksheets[0]
    assert len(sheet["C3"].value) == 32_767


def test_the_document_repeats_its_head_and_lies_on_its_side() -> None:
    document = docx.Document(BytesIO(to_docx(breakdown_of("枫林", READING))))
    section = document.sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert section.page_width > section.page_height
    [table] = document.tables
    assert [cell.text for cell in table.rows[0].cells] == [title for title, _ in COLUMNS]
    assert table.rows[0]._tr.trPr is not None and table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1]._tr.trPr is not None and table.rows[1]._tr.trPr.find(qn("w:cantSplit")) is not None
    assert table.rows[1].cells[5].text == "网格员、楼长"


def test_the_document_holds_no_character_that_breaks_it() -> None:
    rows = tuple(Row(number, "党建", text + "\ufffe") for number, text in enumerate(HOSTILE, start=1))
    data = to_docx(Breakdown("甲", "甲\x01", rows))
    assert [cell.text for cell in docx.Document(BytesIO(data)).tables[0].columns[2].cells][1] == "=1+1"
    assert "abc" in read_file("a.docx", data).text


def test_a_plan_without_commitments_still_gives_a_table() -> None:
    empty = breakdown_of("空", Reading("没有任务。"))
    assert len(docx.Document(BytesIO(to_docx(empty))).tables[0].rows) == 1
    assert loaded(to_xlsx([empty])).worksheets[0].max_row == 2
