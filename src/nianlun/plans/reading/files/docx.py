"""A Word document's prose as its author sees it: numbering shown, deletions gone, tables row by row."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import unquote

from nianlun.plans.reading.files.errors import MAX_CHARACTERS, Fault, PlanFileError
from nianlun.plans.reading.files.numbering import Numbering
from nianlun.plans.reading.files.ooxml import attribute, child, children, integer, local, switched_on
from nianlun.plans.reading.files.package import Element, Package

MAIN_PART = "word/document.xml"
CELL_BREAK = "\t"
LONGEST_INHERITANCE = 20
CONTENTS_STYLE = re.compile(r"toc ?\d|目录 ?\d", re.IGNORECASE)
# No prose of the document: deleted or moved away, field codes, phonetic guides, properties, a drawing's second form.
LEFT_OUT = {
    "del", "moveFrom", "instrText", "delText", "delInstrText", "rt", "Fallback", "pPr", "rPr", "sdtPr", "tblPr",
    "trPr", "tcPr", "sectPr", "fldData", "footnoteReference", "endnoteReference", "object",
}  # fmt: skip
MARKS = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph style passes on: its name, its list and level."""

    name: str
    based_on: str
    number_id: str | None
    level: int | None


def read_docx(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """(text, warnings) of a .docx; raises PlanFileError."""
    package = Package(name, data)
    package.require_word()
    main = _main_part(package)
    root = package.xml(main)
    body = child(root, "body")
    if body is None:
        raise PlanFileError(Fault.BROKEN_DOCX, name)
    folder = posixpath.dirname(main)
    numbering = Numbering.of(package.xml(posixpath.join(folder, "numbering.xml")))
    styles = _styles(package.xml(posixpath.join(folder, "styles.xml")))
    document = _Document(name, numbering, styles)
    document.blocks(body)
    warnings = ("文档里嵌有别的文件，其中的文字没有读入。",) if document.embedded else ()
    return "\n".join(document.lines), warnings


def _main_part(package: Package) -> str:
    for relation in children(package.xml("_rels/.rels"), "Relationship"):
        if (attribute(relation, "Type") or "").endswith("/officeDocument"):
            return unquote(attribute(relation, "Target") or MAIN_PART).lstrip("/")
    return MAIN_PART


def _styles(root: Element | None) -> dict[str, Style]:
    styles = {}
    for element in children(root, "style"):
        number = child(child(element, "pPr"), "numPr")
        styles[attribute(element, "styleId") or ""] = Style(
            attribute(child(element, "name"), "val") or "",
            attribute(child(element, "basedOn"), "val") or "",
            attribute(child(number, "numId"), "val"),
            _level(number),
        )
    return styles


def _level(number: Element | None) -> int | None:
    text = attribute(child(number, "ilvl"), "val")
    return None if text is None else integer(text, 0)


class _Document:
    """Collects the lines of a document's body in the order of the page."""

    def __init__(self, name: str, numbering: Numbering, styles: dict[str, Style]) -> None:
        self.name = name
        self.numbering = numbering
        self.styles = styles
        self.lines: list[str] = []
        self.embedded = False
        self._carried: list[str] = []
        self._length = 0
        self._lists: dict[str, tuple[str | None, int | None]] = {}

    def blocks(self, container: Element) -> None:
        for element in container:
            match local(element.tag):
                case "p":
                    self.paragraph(element)
                case "tbl":
                    self.table(element)
                case "altChunk":
                    self.embedded = True
                case kind if kind not in LEFT_OUT:
                    # Content controls, insertions, custom XML: only wrappers.
                    self.blocks(element)

    def paragraph(self, element: Element) -> None:
        properties = child(element, "pPr")
        style = attribute(child(properties, "pStyle"), "val") or ""
        boxes: list[Element] = []
        text = self._label(properties, style) + self._runs(element, boxes)
        if CONTENTS_STYLE.fullmatch(self.styles[style].name if style in self.styles else ""):
            return
        if child(child(properties, "rPr"), "del") is not None:
            # The paragraph's mark is deleted: what follows belongs to the same paragraph.
            self._carried.append(text)
        else:
            self._add("".join((*self._carried, text)))
            self._carried.clear()
        for box in boxes:
            self.blocks(box)

    def table(self, element: Element) -> None:
        """One line a row; where a cell holds several paragraphs the table only arranges prose, so each is a line."""
        for row in self._inside(element, "tr"):
            if child(child(row, "trPr"), "del") is not None:
                continue
            outer, cells = self.lines, []
            for cell in self._inside(row, "tc"):
                self.lines = []
                self.blocks(cell)
                cells.append([line for line in self.lines if line.strip()])
            self.lines = outer
            if any(len(cell) > 1 for cell in cells):
                self.lines.extend(line for cell in cells for line in cell)
            elif any(cells):
                self.lines.append(CELL_BREAK.join(cell[0] if cell else "" for cell in cells).rstrip(CELL_BREAK))

    def _inside(self, element: Element, name: str) -> list[Element]:
        """The rows of a table or the cells of a row, those in content controls and insertions too."""
        found = []
        for inner in element:
            kind = local(inner.tag)
            if kind == name:
                found.append(inner)
            elif kind in {"sdt", "sdtContent", "customXml", "ins", "moveTo"}:
                found.extend(self._inside(inner, name))
        return found

    def _add(self, text: str) -> None:
        self._length += len(text) + 1
        if self._length > MAX_CHARACTERS:
            raise PlanFileError(Fault.TOO_LONG, self.name)
        self.lines.append(text.rstrip())

    def _label(self, properties: Element | None, style: str) -> str:
        number = child(properties, "numPr")
        number_id = attribute(child(number, "numId"), "val")
        level = _level(number)
        if number_id is None:
            number_id, inherited = self._list_of(style)
            level = inherited if level is None else level
        if number_id is None or number_id == "0":
            return ""
        return self.numbering.label(number_id, level, style)

    def _list_of(self, style: str) -> tuple[str | None, int | None]:
        """(list, level) that a style gives to its paragraphs, its own or inherited."""
        if style not in self._lists:
            found = self.styles.get(style)
            for _ in range(LONGEST_INHERITANCE):
                if found is None or found.number_id is not None:
                    break
                found = self.styles.get(found.based_on)
            self._lists[style] = (found.number_id, found.level) if found is not None else (None, None)
        return self._lists[style]

    def _runs(self, element: Element, boxes: list[Element]) -> str:
        parts: list[str] = []
        for inner in element:
            kind = local(inner.tag)
            if kind == "t":
                parts.append(inner.text or "")
            elif kind in MARKS:
                parts.append(MARKS[kind])
            elif kind == "txbxContent":
                boxes.append(inner)
            elif kind == "sym":
                parts.append(_symbol(attribute(inner, "char")))
            elif kind == "object":
                self.embedded = True
            elif kind not in LEFT_OUT and not (kind == "r" and switched_on(child(child(inner, "rPr"), "vanish"))):
                parts.append(self._runs(inner, boxes))
        return "".join(parts)


def _symbol(code: str | None) -> str:
    """A character given by its code; those of a symbol font's private area are boxes and bullets."""
    number = int(code, 16) if code and re.fullmatch(r"[0-9A-Fa-f]{4}", code) else 0
    return chr(number) if 0x20 <= number < 0xD800 else ""
