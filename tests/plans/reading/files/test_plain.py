"""Texts in the encodings that offices use, and files that are no text."""

from __future__ import annotations

import pytest

from nianlun.plans.reading.files import Fault, PlanFileError, read_file
from tests.plans.reading.files.samples import PLAN


def refused(name: str, data: bytes) -> PlanFileError:
    with pytest.raises(PlanFileError) as caught:
        read_file(name, data)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_encoding_and_line_ending_gives_the_same_text(encoding: str, ending: str) -> None:
    found = read_file("计划.txt", PLAN.replace("\n", ending).encode(encoding))
    assert found.text == PLAN
    assert found.kind == "text" and found.warnings == ()


def test_the_name_says_nothing_about_the_content() -> None:
    assert read_file("计划.docx", PLAN.encode()).kind == "text"
    assert refused("计划.txt", b"MZ\x90\x00" + bytes(range(256)) * 8).fault is Fault.PROGRAM


def test_a_gbk_line_that_is_valid_utf_8_by_chance_does_not_mislead() -> None:
    text = "联通\n" + PLAN
    assert read_file("a.txt", text.encode("gb18030")).text == text


def test_four_byte_characters_of_gb18030_are_read() -> None:
    text = PLAN + "负责人：㐀某、𠮷某\n"
    assert read_file("a.txt", text.encode("gb18030")).text == text


def test_lines_in_two_encodings_are_read_one_by_one_and_named() -> None:
    lines = PLAN.splitlines()
    data = b"\n".join(line.encode("gb18030" if number == 2 else "utf-8") for number, line in enumerate(lines))
    found = read_file("拼接.txt", data)
    assert found.text == "\n".join(lines)
    assert found.encoding == "utf-8"
    assert "第 3 行" in found.warnings[0] and "核对" in found.warnings[0]


def test_two_encodings_within_one_line_are_refused_by_its_number() -> None:
    data = "第一行没有问题\n".encode() + "前半句".encode() + "后半句说的是社区工作".encode("gb18030") + b"\n"
    error = refused("拼接.txt", data)
    assert error.fault is Fault.MIXED_ENCODING
    assert "第 2 行" in error.message and "UTF-8" in error.message


def test_a_text_cut_off_in_a_character_is_refused_not_shortened() -> None:
    assert refused("a.txt", PLAN.rstrip().encode("gb18030")[:-1]).fault in {Fault.ENCODING, Fault.MIXED_ENCODING}
    assert refused("a.txt", PLAN.encode("utf-16")[:-1]).fault is Fault.ENCODING


def test_an_encoding_that_nobody_reads_is_refused() -> None:
    data = "社區居民委員會年度工作計畫，開展環境衛生檢查，關懷獨居長者，舉辦鄰里活動。".encode("big5")
    assert refused("a.txt", data).fault in {Fault.ENCODING, Fault.MIXED_ENCODING}


def test_odd_spaces_stay_so_that_offsets_hold() -> None:
    text = "一、 　党建 工作\n\n\n二、　网格\u200b管理"
    assert read_file("a.txt", text.encode()).text == text


def test_a_few_stray_control_characters_become_spaces_many_make_it_no_text() -> None:
    assert read_file("a.txt", (PLAN + "\x1a").encode()).text == PLAN + " "
    assert refused("a.txt", b"\x01\x02\x03" * 400).fault is Fault.NOT_TEXT
    assert refused("a.txt", bytes(2000)).fault is Fault.NOT_TEXT


@pytest.mark.parametrize("data", [b"", b"  \n\t\n", b"\xef\xbb\xbf", "　　\n".encode("gb18030")])
def test_nothing_in_it(data: bytes) -> None:
    assert refused("空.txt", data).fault is Fault.EMPTY


def test_markdown_loses_its_marks_and_keeps_its_words() -> None:
    source = (
        "---\ntitle: 计划\n---\n# 翠湖社区计划\n\n## 一、网格 ##\n- **每月**检查一次\n1. 建`台账`\n"
        "> 引用[办法](http://x.invalid/)\n\n| 任务 | 时限 |\n| --- | :-: |\n| 走访 | 6月底 |\n\n3 * 4 * 5\n"
    )
    text = read_file("计划.md", source.encode()).text
    assert [line for line in text.splitlines() if line] == [
        "翠湖社区计划", "一、网格", "• 每月检查一次", "1. 建台账", "引用办法", "任务\t时限", "走访\t6月底", "3 * 4 * 5",
    ]  # fmt: skip
    assert read_file("计划.txt", source.encode()).text == source
