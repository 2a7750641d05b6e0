"""Files made to cost more than their length: each is read or refused within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from nianlun.plans.reading.files import MAX_CHARACTERS, PlanFileError, read_file
from tests.plans.reading.files.samples import docx, p, pdf
from tests.plans.reading.files.test_docx import LISTS

N = MAX_CHARACTERS - 100
# Where cost grew with the square of the length these would take minutes to hours.
SECONDS = 20


def repeated(unit: str) -> bytes:
    return (unit * (N // len(unit))).encode()


HOSTILE: dict[str, Callable[[], tuple[str, bytes]]] = {
    "comments never closed": lambda: ("a.md", repeated("<!--")),
    "emphasis never closed": lambda: ("a.md", repeated("**a ")),
    "links never closed": lambda: ("a.md", repeated("[")),
    "links half closed": lambda: ("a.md", repeated("[a](")),
    "a heading of blanks": lambda: ("a.md", b"# " + b" " * N + b"x"),
    "tags never closed": lambda: ("a.md", repeated("<a ")),
    "a table of one row": lambda: ("a.md", repeated("|")),
    "short lines in two encodings": lambda: ("a.txt", "是\n".encode() * 200_000 + "社区\n".encode("gb18030")),
    "paragraph marks all deleted": lambda: ("a.docx", docx(p("年", "<w:rPr><w:del/></w:rPr>") * 60_000)),
    "styles based on each other": lambda: (
        "a.docx",
        docx(
            "".join(p("年", f'<w:pStyle w:val="s{n}"/>') for n in range(3_000)),
            styles="".join(
                f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 3_000}"/></w:style>' for n in range(3_000)
            ),
        ),
    ),
    "levels without end": lambda: (
        "a.docx",
        docx(
            "".join(p("年", f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="5"/></w:numPr>') for n in range(20_000)),
            numbering=LISTS,
        ),
    ),
    "a page of blanks and dashes": lambda: (
        "a.pdf",
        pdf([[(10.0, 20.0 + line / 10, " " * 7_000 + "- x") for line in range(40)]]),
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_cost_seconds(case: str) -> None:
    name, data = HOSTILE[case]()
    began = time.perf_counter()
    try:
        assert read_file(name, data).text
    except PlanFileError as error:
        assert error.code != "F199"
    assert time.perf_counter() - began < SECONDS
