"""What a file is, told by its content and never by its name."""

from __future__ import annotations

from nianlun.plans.reading.files.errors import Fault

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
# The first are certain; the second, letters that a text may begin with, only where a NUL byte follows soon.
CERTAIN: tuple[tuple[bytes, Fault], ...] = (
    (b"\x7fELF", Fault.PROGRAM),
    (b"\xcf\xfa\xed\xfe", Fault.PROGRAM),
    (b"\xca\xfe\xba\xbe", Fault.PROGRAM),
    (b"7z\xbc\xaf\x27\x1c", Fault.ARCHIVE),
    (b"Rar!\x1a\x07", Fault.ARCHIVE),
    (b"\x1f\x8b\x08", Fault.ARCHIVE),
    (b"\xfd7zXZ\x00", Fault.ARCHIVE),
    (b"\x28\xb5\x2f\xfd", Fault.ARCHIVE),
    (b"{\\rtf", Fault.RICH_TEXT),
    (b"\x89PNG\r\n\x1a\n", Fault.IMAGE),
    (b"\xff\xd8\xff", Fault.IMAGE),
    (b"GIF87a", Fault.IMAGE),
    (b"GIF89a", Fault.IMAGE),
    (b"II*\x00", Fault.IMAGE),
    (b"MM\x00*", Fault.IMAGE),
)
WITH_NUL: tuple[tuple[bytes, Fault], ...] = (
    (b"MZ", Fault.PROGRAM),
    (b"BM", Fault.IMAGE),
    (b"RIFF", Fault.IMAGE),
    (b"BZh", Fault.ARCHIVE),
)
NUL_WITHIN = 512
# Names of streams in an OLE directory, most telling first.
OLE_STREAMS: tuple[tuple[str, Fault], ...] = (
    ("EncryptedPackage", Fault.ENCRYPTED_OFFICE),
    ("WordDocument", Fault.OLD_WORD),
    ("Workbook", Fault.SPREADSHEET),
    ("PowerPoint Document", Fault.SLIDES),
)


def is_zip(data: bytes) -> bool:
    return data.startswith(ZIP_MAGIC)


def is_pdf(data: bytes) -> bool:
    """A PDF may begin with some bytes of rubbish, as readers allow."""
    return data[:8].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF") or b"%PDF-1." in data[:1024]


def refused_kind(data: bytes) -> Fault | None:
    """The fault of a file of a kind that is never read; None where it may be a plan."""
    if data.startswith(OLE_MAGIC):
        return _ole_kind(data)
    for magic, fault in CERTAIN:
        if data.startswith(magic):
            return fault
    if b"\0" in data[:NUL_WITHIN]:
        for magic, fault in WITH_NUL:
            if data.startswith(magic):
                return fault
        if data[4:8] == b"ftyp":
            return Fault.IMAGE
    return _markup_kind(data)


def _ole_kind(data: bytes) -> Fault:
    for stream, fault in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return fault
    return Fault.OLD_WORD


def _markup_kind(data: bytes) -> Fault | None:
    head = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"<!doctype", b"<html", b"<head", b"<?xml")):
        return Fault.WEB_PAGE
    if head.startswith(b"mime-version:") and b"multipart/" in head:
        return Fault.WEB_PAGE
    return None
