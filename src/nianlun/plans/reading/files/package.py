"""The zip container of an office document, opened with its size, its entries and its XML held within bounds."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from nianlun.plans.reading.files.errors import Fault, PlanFileError

MAX_ENTRIES = 3_000
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PART = 40 * 1024 * 1024
MAX_ELEMENTS = 1_500_000
MAX_DEPTH = 200
CENTRAL_ENTRY = b"PK\x01\x02"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
)
# The main part of each kind of document, or the entry that gives it away.
OTHER_KINDS: tuple[tuple[str, Fault], ...] = (
    ("xl/workbook.xml", Fault.SPREADSHEET),
    ("xl/workbook.bin", Fault.SPREADSHEET),
    ("ppt/presentation.xml", Fault.SLIDES),
    ("OFD.xml", Fault.OTHER_OFFICE),
    ("mimetype", Fault.OTHER_OFFICE),
)
Element = ElementTree.Element


class _BoundedBuilder(ElementTree.TreeBuilder):
    """Builds a tree that is neither deep nor huge; a DOCTYPE, which alone can declare entities, ends it."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
            raise OverflowError("too deep or too many elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self.depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None, /) -> None:
        raise OverflowError("a document type declaration has no place in an office document")


class Package:
    """An office document's parts; reading one never unpacks more than MAX_PART."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        if data.count(CENTRAL_ENTRY) > MAX_ENTRIES:
            raise PlanFileError(Fault.ZIP_BOMB, name)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except BROKEN as error:
            raise PlanFileError(Fault.BROKEN_DOCX, name) from error
        entries = self._zip.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise PlanFileError(Fault.ZIP_BOMB, name)
        if any(entry.flag_bits & 1 for entry in entries):
            raise PlanFileError(Fault.ENCRYPTED_OFFICE, name)
        self._entries = {entry.filename: entry for entry in entries}

    def require_word(self) -> None:
        """Refuses, by name, every container that is no Word document."""
        if "[Content_Types].xml" in self._entries and any(name.startswith("word/") for name in self._entries):
            return
        for entry, fault in OTHER_KINDS:
            if entry in self._entries:
                raise PlanFileError(fault, self.name)
        raise PlanFileError(Fault.BROKEN_DOCX if "[Content_Types].xml" in self._entries else Fault.ARCHIVE, self.name)

    def xml(self, part: str) -> Element | None:
        """The root element of a part, None where the package has no such part."""
        entry = self._entries.get(part)
        if entry is None:
            return None
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PlanFileError(Fault.BROKEN_DOCX, self.name)
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(MAX_PART + 1)
        except BROKEN as error:
            raise PlanFileError(Fault.BROKEN_DOCX, self.name) from error
        if len(content) > MAX_PART:
            raise PlanFileError(Fault.ZIP_BOMB, self.name)
        try:
            root: Element = ElementTree.fromstring(content, ElementTree.XMLParser(target=_BoundedBuilder()))
        except OverflowError as error:
            raise PlanFileError(Fault.ZIP_BOMB, self.name) from error
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise PlanFileError(Fault.BROKEN_DOCX, self.name) from error
        return root
