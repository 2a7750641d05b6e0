"""Whatever the bytes: a text, or a numbered fault; never another error."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nianlun.plans.reading.files import Fault, PlanFileError, read_file
from tests.plans.reading.files.samples import PLAN, docx, ole, p, pdf
from tests.plans.reading.files.test_docx import LISTS, STYLES, numbered

WHOLE = {
    "docx": docx(p("正文", '<w:pStyle w:val="H1"/>') + numbered("党建", 0), numbering=LISTS, styles=STYLES),
    "text": PLAN.encode("gb18030"),
    "wide": PLAN.encode("utf-16"),
    "ole": ole("WordDocument"),
}
MUTATION = st.tuples(st.integers(0, 10**6), st.binary(max_size=8), st.integers(0, 40))


def outcome(data: bytes) -> Fault | None:
    try:
        found = read_file("文件", data)
    except PlanFileError as error:
        assert error.message
        return error.fault
    assert found.text.strip()
    assert "\r" not in found.text and "\0" not in found.text
    return None


def mutated(data: bytes, changes: list[tuple[int, bytes, int]]) -> bytes:
    for place, new, old in changes:
        at = place % (len(data) + 1)
        data = data[:at] + new + data[at + old :]
    return data


@settings(max_examples=400, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    assert outcome(data) is not Fault.UNREADABLE


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.lists(MUTATION, min_size=1, max_size=6))
def test_damaged_files(kind: str, changes: list[tuple[int, bytes, int]]) -> None:
    assert outcome(mutated(WHOLE[kind], changes)) is not Fault.UNREADABLE


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="wp:<>/ rtbl\"='ins&;#x", max_size=200))
def test_damaged_xml_within_a_whole_container(body: str) -> None:
    assert outcome(docx(body)) is not Fault.UNREADABLE


@settings(max_examples=40, deadline=None)
@given(st.lists(MUTATION, min_size=1, max_size=6))
def test_damaged_pdfs(changes: list[tuple[int, bytes, int]]) -> None:
    assert outcome(mutated(pdf([[(72, 700, "一、网格管理")]]), changes)) is not Fault.UNREADABLE
