"""Files that are never plans, and files beyond the limits: each has its number and says what to do."""

from __future__ import annotations

import re
import time

import pytest

from nianlun.plans.reading.files import MAX_BYTES, MAX_CHARACTERS, Fault, PlanFileError, read_file
from tests.plans.reading.files.samples import CONTENT_TYPES, docx, ole, p, zipped

KINDS: dict[str, tuple[bytes, Fault]] = {
    "windows program": (b"MZ\x90\0\3\0\0\0\4\0", Fault.PROGRAM),
    "linux program": (b"\x7fELF\2\1\1\0", Fault.PROGRAM),
    "doc": (ole("WordDocument"), Fault.OLD_WORD),
    "xls": (ole("Workbook"), Fault.SPREADSHEET),
    "ppt": (ole("PowerPoint Document"), Fault.SLIDES),
    "old wps": (ole("Contents"), Fault.OLD_WORD),
    "encrypted docx": (ole("EncryptedPackage"), Fault.ENCRYPTED_OFFICE),
    "rtf": (b"{\\rtf1\\ansi abc}", Fault.RICH_TEXT),
    "web page": (b"\n<!DOCTYPE html><html>", Fault.WEB_PAGE),
    "web archive": (b"MIME-Version: 1.0\nContent-Type: multipart/related;", Fault.WEB_PAGE),
    "flat xml": (b"\xef\xbb\xbf<?xml version='1.0'?><a/>", Fault.WEB_PAGE),
    "png": (b"\x89PNG\r\n\x1a\n\0\0", Fault.IMAGE),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", Fault.IMAGE),
    "phone photo": (b"\0\0\0\x18ftypheic", Fault.IMAGE),
    "rar": (b"Rar!\x1a\x07\x01\0", Fault.ARCHIVE),
    "zip": (zipped({"计划/a.txt": "计划"}), Fault.ARCHIVE),
    "xlsx": (zipped({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": "<a/>"}), Fault.SPREADSHEET),
    "pptx": (zipped({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": "<a/>"}), Fault.SLIDES),
    "odt": (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), Fault.OTHER_OFFICE),
    "ofd": (zipped({"OFD.xml": "<a/>"}), Fault.OTHER_OFFICE),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_named(kind: str) -> None:
    data, fault = KINDS[kind]
    with pytest.raises(PlanFileError) as caught:
        read_file("工作计划.docx", data)
    assert caught.value.fault is fault
    assert caught.value.message.startswith("《工作计划.docx》：")


def test_every_fault_has_a_number_of_its_own_a_cause_and_a_remedy() -> None:
    codes = [fault.value.code for fault in Fault]
    assert len(set(codes)) == len(codes)
    for fault in Fault:
        assert re.fullmatch(r"F1\d\d", fault.value.code)
        assert fault.value.cause and fault.value.remedy.startswith("请")


def test_a_text_that_begins_like_a_program_is_a_text() -> None:
    assert read_file("a.txt", b"MZ community plan\n").kind == "text"


def test_too_many_bytes_or_characters_are_refused_at_once() -> None:
    for data, fault in [
        (b"a" * (MAX_BYTES + 1), Fault.TOO_BIG),
        (b"a" * (MAX_CHARACTERS + 1), Fault.TOO_LONG),
        ("年".encode() * (MAX_CHARACTERS + 1), Fault.TOO_LONG),
        (docx(p("年" * (MAX_CHARACTERS + 1))), Fault.TOO_LONG),
    ]:
        began = time.perf_counter()
        with pytest.raises(PlanFileError) as caught:
            read_file("长.txt", data)
        assert caught.value.fault is fault
        assert time.perf_counter() - began < 5


def test_as_long_as_allowed_is_read() -> None:
    assert len(read_file("长.txt", "年".encode() * MAX_CHARACTERS).text) == MAX_CHARACTERS
