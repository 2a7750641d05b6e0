"""What stands on a Word page, and what only stands in the file."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from nianlun.plans.reading.files import Fault, PlanFileError, read_file
from nianlun.plans.reading.files.numerals import numeral
from tests.plans.reading.files.samples import CONTENT_TYPES, RELATIONS, W, docx, p, zipped

LISTS = (
    '<w:abstractNum w:abstractNumId="1">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="H1"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2.%3"/></w:lvl>'
    '<w:lvl w:ilvl="3"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="6"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="4"/></w:lvlOverride></w:num>'
)
STYLES = (
    '<w:style w:styleId="H1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:numPr><w:numId w:val="5"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="H1a"><w:name w:val="own"/><w:basedOn w:val="H1"/></w:style>'
    '<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
)


def lines(body: str, **parts: str) -> list[str]:
    return read_file("计划.docx", docx(body, **parts)).text.split("\n")


def numbered(text: str, level: int, number: int = 5) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_automatic_numbering_is_shown() -> None:
    body = (
        numbered("党建", 0) + numbered("学习", 1) + numbered("走访", 1) + numbered("名册", 2) + numbered("随手", 3)
        + numbered("网格", 0) + numbered("巡查", 1) + numbered("另起", 0, 6) + numbered("接着", 0, 6)
    )  # fmt: skip
    assert lines(body, numbering=LISTS) == [
        "一、党建", "（一）学习", "（二）走访", "1.2.1 名册", "•随手", "二、网格", "（一）巡查", "四、另起", "五、接着",
    ]  # fmt: skip


def test_numbering_comes_from_the_style_too_and_zero_switches_it_off() -> None:
    body = (
        p("党建", '<w:pStyle w:val="H1"/>')
        + p("网格", '<w:pStyle w:val="H1a"/>')
        + p("附记", '<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert lines(body, numbering=LISTS, styles=STYLES) == ["一、党建", "二、网格", "附记"]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"), (20, "chineseCounting", "二十"),
        (105, "chineseCountingThousand", "一百零五"), (110, "chineseCounting", "一百一十"),
        (3, "chineseLegalSimplified", "叁"), (4, "ideographTraditional", "丁"), (2, "decimalEnclosedCircle", "②"),
        (7, "decimalFullWidth", "７"), (28, "lowerLetter", "bb"), (9, "upperRoman", "IX"), (3, "decimalZero", "03"),
        (5, "something new", "5"), (0, "chineseCounting", "0"), (1, "none", ""), (25, "decimalEnclosedCircle", "25"),
    ],
)  # fmt: skip
def test_numerals(number: int, form: str, shown: str) -> None:
    assert numeral(number, form) == shown


def test_deletions_are_left_out_and_insertions_kept() -> None:
    body = (
        "<w:p><w:r><w:t>每月</w:t></w:r><w:del><w:r><w:delText>两</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>一</w:t></w:r></w:ins><w:r><w:t>次</w:t></w:r>"
        "<w:moveFrom><w:r><w:t>旧处</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新处</w:t></w:r></w:moveTo></w:p>"
    )
    assert lines(body) == ["每月一次新处"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert lines(p("巡查", "<w:rPr><w:del/></w:rPr>") + p("小区") + p("完")) == ["巡查小区", "完"]


def test_soft_breaks_tabs_hidden_text_fields_and_ruby() -> None:
    body = (
        "<w:p><w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/><w:t>右</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/></w:rPr><w:t>显</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>"
        "<w:r><w:ruby><w:rt><w:r><w:t>lun</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>轮</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "</w:p>"
    )
    assert lines(body) == ["上", "下\t右显链轮"]


def test_tables_give_a_line_a_row_and_layout_tables_a_line_a_paragraph() -> None:
    def row(*cells: str) -> str:
        return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"

    body = (
        f"<w:tbl>{row(p('任务'), p('时限'))}{row(p('走访'), p('六月底'))}{row(p(''), p(''))}</w:tbl>"
        f"<w:tbl>{row(p('甲') + p('乙'), p('丙'))}</w:tbl>"
    )
    assert lines(body) == ["任务\t时限", "走访\t六月底", "甲", "乙", "丙"]


def test_text_boxes_once_tables_of_contents_never() -> None:
    box = f"<w:txbxContent>{p('框里')}</w:txbxContent>"
    body = p("一、党建 3", '<w:pStyle w:val="T1"/>') + (
        "<w:p><w:r><w:t>正文</w:t><AlternateContent xmlns='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
        f"<Choice>{box}</Choice><Fallback>{box}</Fallback></AlternateContent></w:r></w:p>"
    )
    assert lines(body, styles=STYLES) == ["正文", "框里"]


def test_content_controls_are_only_wrappers() -> None:
    assert lines(f"<w:sdt><w:sdtPr/><w:sdtContent>{p('里面')}</w:sdtContent></w:sdt>") == ["里面"]


def test_embedded_files_are_told() -> None:
    assert read_file("a.docx", docx(p("正文") + "<w:altChunk/>")).warnings


def refused(data: bytes) -> Fault:
    with pytest.raises(PlanFileError) as caught:
        read_file("计划.docx", data)
    return caught.value.fault


def word(document: str | bytes) -> bytes:
    return zipped({"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document})


def test_broken_documents() -> None:
    whole = docx(p("正文"))
    assert refused(whole[: len(whole) // 2]) is Fault.BROKEN_DOCX
    assert refused(word("<w:document>")) is Fault.BROKEN_DOCX
    assert refused(word("<a/>")) is Fault.BROKEN_DOCX
    assert refused(docx("")) is Fault.EMPTY


def test_entities_that_multiply_are_refused() -> None:
    laughs = (
        '<!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈">'
        + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        + "]>"
    )
    body = f"{laughs}<w:document {W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
    assert refused(word(body)) is Fault.ZIP_BOMB
    assert refused(word(body.encode("utf-16"))) is Fault.ZIP_BOMB


def test_deep_nesting_is_refused() -> None:
    assert refused(docx("<w:sdt>" * 5000 + "</w:sdt>" * 5000)) is Fault.ZIP_BOMB


def test_zip_bombs_are_refused_by_declared_and_by_real_size() -> None:
    assert refused(word(b" " * (48 * 1024 * 1024))) is Fault.ZIP_BOMB
    assert refused(zipped({"[Content_Types].xml": CONTENT_TYPES, **{f"word/{n}": "" for n in range(4000)}}))
    lying = bytearray(word(b"<a>" + b" " * (48 * 1024 * 1024) + b"</a>"))
    # The directory says that the part unpacks to ten bytes.
    entry = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"word/document.xml"))
    lying[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    assert refused(bytes(lying)) in {Fault.BROKEN_DOCX, Fault.ZIP_BOMB}


def test_an_encrypted_zip_is_told_from_a_broken_one() -> None:
    buffer = BytesIO(docx(p("正文")))
    with zipfile.ZipFile(buffer) as archive:
        places = [archive.start_dir]
    data = bytearray(buffer.getvalue())
    data[places[0] + 8] |= 1
    assert refused(bytes(data)) is Fault.ENCRYPTED_OFFICE
