"""PDF: paragraphs again out of lines, and files that give none."""

from __future__ import annotations

import pytest

from nianlun.plans.reading.files import Fault, PlanFileError, read_file
from tests.plans.reading.files.samples import pdf

WIDE = "把楼栋里充电和堆物以及宠物饲养这些大家关心的事情放到桌面上谈清楚谈到底"
LEFT, INDENT = 72, 96


def page(*lines: tuple[float, str], top: int = 760) -> list[tuple[float, float, str]]:
    return [(x, top - 20 * number, text) for number, (x, text) in enumerate(lines)]


def test_lines_broken_by_the_edge_are_one_paragraph() -> None:
    first, second = WIDE, "议定的事项张贴在单元门口。"
    data = pdf(
        [
            page(
                (220, "翠湖社区工作计划"),
                (INDENT, "一、网格管理"),
                (INDENT, WIDE[2:]),
                (LEFT, second),
                (INDENT, first[2:]),
                (LEFT, first),
                (LEFT, second),
                (INDENT, "二、为老服务"),
            )
        ]
    )
    assert read_file("计划.pdf", data).text.split("\n") == [
        "翠湖社区工作计划", "一、网格管理", WIDE[2:] + second, first[2:] + first + second, "二、为老服务",
    ]  # fmt: skip


def test_a_new_paragraph_begins_at_an_indent_even_after_a_full_line() -> None:
    data = pdf([page((INDENT, WIDE[2:]), (LEFT, WIDE), (INDENT, "另起一段。"), (LEFT, WIDE), (LEFT, "完。"))])
    assert read_file("a.pdf", data).text.split("\n") == [WIDE[2:] + WIDE, "另起一段。", WIDE + "完。"]


def test_running_heads_and_page_numbers_are_left_out_and_paragraphs_run_on() -> None:
    pages = [
        [(200.0, 800.0, "青荷街道"), *page((LEFT, WIDE), (LEFT, WIDE), top=700), (280.0, 40.0, f"- {number} -")]
        for number in (1, 2, 3)
    ]
    assert read_file("a.pdf", pdf(pages)).text == WIDE * 6


def test_a_figure_within_the_page_is_no_page_number() -> None:
    assert read_file("a.pdf", pdf([page((LEFT, "12"), (LEFT, "完"), top=500)])).text.split("\n") == ["12", "完"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (pdf([page((LEFT, "正文"))], encrypted=True), Fault.ENCRYPTED_PDF),
        (pdf([[]], image=True), Fault.SCAN),
        (pdf([[]]), Fault.EMPTY),
        (b"%PDF-1.4\nnothing follows", Fault.BROKEN_PDF),
    ],
)
def test_pdfs_that_give_no_text(data: bytes, fault: Fault) -> None:
    with pytest.raises(PlanFileError) as caught:
        read_file("计划.pdf", data)
    assert caught.value.fault is fault


def test_a_scanned_page_among_others_is_told() -> None:
    assert read_file("a.pdf", pdf([page((LEFT, "有字的一页"))])).warnings == ()
    mixed = pdf([page((LEFT, "有字的一页")), []], image=True)
    found = read_file("a.pdf", mixed)
    assert found.text == "有字的一页"
    assert "第 2 页" in found.warnings[0]


def test_a_pdf_whose_glyphs_mean_nothing_is_told() -> None:
    with pytest.raises(PlanFileError) as caught:
        read_file("a.pdf", pdf([page((LEFT, "\ue123\ue456\ue789" * 9))]))
    assert caught.value.fault is Fault.GARBLED_PDF


def test_a_pdf_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianlun.plans.reading.files.pdf.SECONDS", 0.001)
    with pytest.raises(PlanFileError) as caught:
        read_file("a.pdf", pdf([page((LEFT, "正文"))]))
    assert caught.value.fault is Fault.HEAVY_PDF


def test_too_long_a_pdf_stops_early() -> None:
    lines = [(10.0, 700.0, "年" * 15_000), (10.0, 500.0, "月" * 15_000)]
    with pytest.raises(PlanFileError) as caught:
        read_file("a.pdf", pdf([lines] * 20))
    assert caught.value.fault is Fault.TOO_LONG
