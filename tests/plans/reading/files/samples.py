"""Small documents made by hand, byte by byte, so that a test shows all that is in them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

PLAN = (
    "翠湖社区2027年工作计划\n"
    "一、网格管理\n"
    "每个网格每季度开一次居民议事会，由网格员召集，议定的事项张贴在单元门口。\n"
    "二、为老服务\n"
    "为八十岁以上独居老人建立联系卡，每周电话问候一次，重阳节办一场敬老茶话会。\n"
)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CONTENT_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def docx(body: str, **parts: str) -> bytes:
    """A .docx of this body; further parts of word/ by their names, such as numbering="<w:abstractNum …"."""
    roots = {"numbering": "numbering", "styles": "styles"}
    return zipped(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": RELATIONS,
            "word/document.xml": f"<w:document {W}><w:body>{body}</w:body></w:document>",
            **{f"word/{name}.xml": f"<w:{roots[name]} {W}>{xml}</w:{roots[name]}>" for name, xml in parts.items()},
        }
    )


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def ole(stream: str) -> bytes:
    """The beginning of an OLE container with one stream's name in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le") + bytes(400)


def pdf(pages: Sequence[Sequence[tuple[float, float, str]]], *, encrypted: bool = False, image: bool = False) -> bytes:
    """A PDF whose pages show (x, y, text) in 12-point type with the common Chinese character collection."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 5 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 800]/ItalicAngle 0/Ascent 800"
        "/Descent -200/CapHeight 800/StemV 80>>",
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>"
        "\nstream\n0\nendstream",
    ]
    kids = []
    for lines in pages:
        shown = "".join(
            f"BT /F 12 Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n" for x, y, text in lines
        ) + ("q 500 0 0 700 40 40 cm /I Do Q\n" if image else "")  # fmt: skip
        objects.append(f"<</Length {len(shown)}>>\nstream\n{shown}endstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    if encrypted:
        objects.append(f"<</Filter/Standard/V 1/R 2/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>")
    return _assemble(objects, encrypted)


def _assemble(objects: Sequence[str], encrypted: bool) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n" + "".join(f"{place:010} 00000 n \n" for place in places)
    secret = f"/Encrypt {len(objects)} 0 R/ID[<00><00>]" if encrypted else ""
    trailer = f"trailer\n<</Size {len(places) + 1}/Root 1 0 R{secret}>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + table.encode() + trailer.encode()
