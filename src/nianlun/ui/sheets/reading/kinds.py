"""What a file is, told by its content and never by its name; a packed one is weighed before anything opens it."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from nianlun.ui.sheets.limits import MOST_ENTRIES, MOST_UNPACKED
from nianlun.ui.sheets.reading.faults import Fault

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
CENTRAL_ENTRY = b"PK\x01\x02"
MAGIC: tuple[tuple[bytes, Fault], ...] = (
    (b"\x7fELF", Fault.PROGRAM),
    (b"MZ\x90\x00", Fault.PROGRAM),
    (b"7z\xbc\xaf\x27\x1c", Fault.ARCHIVE),
    (b"Rar!\x1a\x07", Fault.ARCHIVE),
    (b"\x1f\x8b\x08", Fault.ARCHIVE),
    (b"{\\rtf", Fault.DOCUMENT),
    (b"%PDF", Fault.PICTURE),
    (b"\x89PNG\r\n\x1a\n", Fault.PICTURE),
    (b"\xff\xd8\xff", Fault.PICTURE),
    (b"GIF8", Fault.PICTURE),
    (b"II*\x00", Fault.PICTURE),
)
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError)
CHUNK = 1 << 20


class Wrong(Exception):
    """The file has a fault; raised within the reading process, told as SheetRefused outside it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


def is_workbook(data: bytes) -> bool:
    """Whether it is an .xlsx, .xlsm, .xlsb or .xls to be opened as such; False for what can only be text.

    Raises Wrong for every other kind of file.
    """
    if not data:
        raise Wrong(Fault.EMPTY)
    if data.startswith(OLE):
        _weigh_ole(data)
        return True
    if data.startswith(ZIP):
        _weigh_zip(data)
        return True
    for magic, fault in MAGIC:
        if data.startswith(magic):
            raise Wrong(fault)
    head = data[:2048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html", b"<head", b"<table", b"<meta", b"mime-version:")):
        raise Wrong(Fault.WEB_PAGE)
    if head.startswith(b"<?xml"):
        raise Wrong(Fault.WEB_PAGE if b"<html" in head else Fault.XML)
    return False


def _weigh_ole(data: bytes) -> None:
    """Of the old container, the names of its streams say what is inside."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise Wrong(Fault.ENCRYPTED)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return
    named = any(name.encode("utf-16-le") in data for name in ("WordDocument", "PowerPoint Document"))
    raise Wrong(Fault.DOCUMENT if named else Fault.BROKEN)


def _weigh_zip(data: bytes) -> None:
    """Of the packed container, what its entries announce and what they really unpack to, a piece at a time."""
    if data.count(CENTRAL_ENTRY) > MOST_ENTRIES:
        raise Wrong(Fault.BOMB)
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                raise Wrong(Fault.BOMB)
            if any(entry.flag_bits & 1 for entry in entries):
                raise Wrong(Fault.ENCRYPTED)
            names = {entry.filename for entry in entries}
            if not any(name.startswith("xl/workbook.") for name in names):
                raise Wrong(_other_package(names))
            left = MOST_UNPACKED
            for entry in entries:
                with package.open(entry) as stream:
                    while piece := stream.read(CHUNK):
                        left -= len(piece)
                        if left < 0:
                            raise Wrong(Fault.BOMB)
    except UNREADABLE as error:
        raise Wrong(Fault.BROKEN) from error


def _other_package(names: set[str]) -> Fault:
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return Fault.DOCUMENT
    if "content.xml" in names or "mimetype" in names:
        return Fault.ODS
    return Fault.BROKEN if "[Content_Types].xml" in names else Fault.ARCHIVE
