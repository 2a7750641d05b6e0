"""Whatever is uploaded: rows of text, or a message that says what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.ui.sheets.reading import Fault, SheetRefused, peek, rows
from nianlun.ui.sheets.reading.cells import has_lost_digits, text_of
from nianlun.ui.sheets.reading.delimited import delimiter_of, rows_of
from nianlun.ui.sheets.reading.kinds import Wrong, is_workbook
from tests.ui.sheets.making import xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  字 ", "  字 "),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (13800138000.0, "13800138000"),
        (110105199001011234.0, "1.10105199001011E+17"),
        (True, "是"),
        (date(2027, 1, 31), "2027-01-31"),
        (datetime(2027, 1, 31), "2027-01-31"),
        (datetime(2027, 1, 31, 8, 30), "2027-01-31 08:30:00"),
        (None, ""),
    ],
)
def test_a_cell_as_people_see_it(value: object, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("text", "lost"), [("1.10105E+17", True), ("1.10105E17", True), ("1E+3", False), ("E+17", False), ("甲E+17", False)]
)
def test_a_number_that_lost_digits(text: str, lost: bool) -> None:
    assert has_lost_digits(text) is lost


@pytest.mark.parametrize("mark", [",", ";", "\t", "，"])
def test_the_mark_between_cells_is_found(mark: str) -> None:
    assert delimiter_of(f"编号{mark}名称\nA1{mark}甲\n") == mark


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_texts_in_every_usual_encoding(encoding: str) -> None:
    data = "编号,名称\nA1,甲\n".encode(encoding)
    assert [one.rows for one in peek(data)] == [[["编号", "名称"], ["A1", "甲"]]]


def test_quoted_cells_and_shielded_formulas_of_a_text() -> None:
    data = '编号,名称\n"A,1","第一行\n第二行"\n\'=1+1,\'自家的\n'.encode()
    assert list(rows_of(data))[1:] == [["A,1", "第一行\n第二行"], ["=1+1", "'自家的"]]


def test_worksheets_with_their_names_rows_and_first_column() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet("空的")
    sheet = book.add_worksheet("名册")
    sheet.write_row(2, 1, ["编号", "名称"])
    sheet.write_row(3, 1, ["A1", "甲"])
    hidden = book.add_worksheet("旧的")
    hidden.write(0, 0, "x")
    hidden.hide()
    book.close()
    found = peek(buffer.getvalue())
    assert [(one.name, one.hidden, one.first, one.height, one.place) for one in found] == [
        ("名册", False, 1, 4, 1),
        ("旧的", True, 0, 1, 2),
    ]
    assert list(rows(buffer.getvalue(), 1)) == [(1, [[], [], ["编号", "名称"], ["A1", "甲"]])]


def zipped(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name.replace("__", "/").replace("_", "."), content)
    return buffer.getvalue()


def wide() -> bytes:
    """Two cells in opposite corners, which a careless reader takes for 17 thousand million."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "a")
    sheet.write(1_048_575, 16_383, "z")
    book.close()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"\n\n", Fault.EMPTY),
        (b"<html><table><tr><td>1</td></tr></table></html>", Fault.WEB_PAGE),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", Fault.WEB_PAGE),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", Fault.WEB_PAGE),
        (b"<?xml version='1.0'?><Workbook/>", Fault.XML),
        (b"%PDF-1.7 ...", Fault.PICTURE),
        (b"\x89PNG\r\n\x1a\n....", Fault.PICTURE),
        (b"MZ\x90\x00....", Fault.PROGRAM),
        (b"Rar!\x1a\x07....", Fault.ARCHIVE),
        (b"a,b\n1,\x00\n", Fault.NOT_TEXT),
        (b"a,b\n1,\xff\xff\n", Fault.ENCODING),
        (OLE + b"rubbish" * 200, Fault.BROKEN),
        (OLE + "Workbook".encode("utf-16-le") * 100, Fault.BROKEN),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Fault.ENCRYPTED),
        (OLE + "WordDocument".encode("utf-16-le"), Fault.DOCUMENT),
        (b"PK\x03\x04rubbish", Fault.BROKEN),
        (xlsx([["a"]])[:-200], Fault.BROKEN),
        (zipped(word__document_xml=b"x"), Fault.DOCUMENT),
        (zipped(a_txt=b"x"), Fault.ARCHIVE),
        (zipped(content_xml=b"x"), Fault.ODS),
        (zipped(xl__workbook_xml=b"<workbook/>"), Fault.BROKEN),
        (zipped(xl__workbook_xml=b"x" * 500_000_000), Fault.BOMB),
        (wide(), Fault.TOO_HEAVY),
        (",".join("x" * 201).encode(), Fault.TOO_WIDE),
        (b"a\n" * 200_100, Fault.TOO_MANY_ROWS),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, fault: Fault) -> None:
    with pytest.raises(SheetRefused) as refused:
        peek(data, "表.xlsx")
    assert refused.value.fault is fault
    assert "请" in refused.value.message


def test_what_a_package_announces_is_not_believed() -> None:
    data = bytearray(zipped(xl__workbook_xml=b"x" * 450_000_000))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(Wrong) as wrong:
        is_workbook(bytes(data))
    assert wrong.value.fault in (Fault.BOMB, Fault.BROKEN)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.builds(lambda tail: OLE + tail, st.binary(max_size=400)))
def test_any_bytes_are_told_in_words(data: bytes) -> None:
    try:
        if not is_workbook(data):
            list(rows_of(data))
    except Wrong:
        pass


def test_the_documentation_has_every_fault() -> None:
    told = (Path(__file__).resolve().parents[3] / "docs" / "sheets.md").read_text(encoding="utf-8")
    for fault in Fault:
        code, cause, remedy = fault.value
        assert f"| {code} | {cause} | {remedy} |" in told
