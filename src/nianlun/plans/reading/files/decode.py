"""Any uploaded file to the text of a plan, or a numbered fault; the one door for bytes from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nianlun.plans.reading.files.docx import read_docx
from nianlun.plans.reading.files.errors import MAX_BYTES, MAX_CHARACTERS, Fault, PlanFileError
from nianlun.plans.reading.files.markdown import strip_markdown
from nianlun.plans.reading.files.pdf import read_pdf
from nianlun.plans.reading.files.plain import decode_plain, tidy_characters
from nianlun.plans.reading.files.sniff import is_pdf, is_zip, refused_kind

Kind = Literal["text", "markdown", "docx", "pdf"]
MARKDOWN_NAMES = (".md", ".markdown")
# No encoding that is read needs more bytes for a character, so a longer file cannot be within the limit.
BYTES_A_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class PlanText:
    """A plan's text as read from a file, lines ending in one newline; `encoding` is "" where the file has none."""

    text: str
    kind: Kind
    encoding: str
    warnings: tuple[str, ...] = ()


def read_file(name: str, data: bytes) -> PlanText:
    """The text of an uploaded file; raises PlanFileError and nothing else, whatever the bytes."""
    try:
        return _read(name, data)
    except PlanFileError:
        raise
    except Exception as error:
        # The last line of defence: input from strangers must never become a server error.
        raise PlanFileError(Fault.UNREADABLE, name) from error


def _read(name: str, data: bytes) -> PlanText:
    if not data:
        raise PlanFileError(Fault.EMPTY, name)
    if len(data) > MAX_BYTES:
        raise PlanFileError(Fault.TOO_BIG, name)
    if (fault := refused_kind(data)) is not None:
        raise PlanFileError(fault, name)
    if is_zip(data):
        text, warnings = read_docx(name, data)
        return _checked(name, PlanText(tidy_characters(name, text), "docx", "", warnings))
    if is_pdf(data):
        text, warnings = read_pdf(name, data)
        return _checked(name, PlanText(tidy_characters(name, text), "pdf", "", warnings))
    if len(data) > MAX_CHARACTERS * BYTES_A_CHARACTER:
        raise PlanFileError(Fault.TOO_LONG, name)
    text, encoding, warnings = decode_plain(name, data)
    text = tidy_characters(name, text)
    if name.lower().endswith(MARKDOWN_NAMES):
        return _checked(name, PlanText(strip_markdown(text), "markdown", encoding, warnings))
    return _checked(name, PlanText(text, "text", encoding, warnings))


def _checked(name: str, found: PlanText) -> PlanText:
    if not found.text.strip():
        raise PlanFileError(Fault.EMPTY, name)
    if len(found.text) > MAX_CHARACTERS:
        raise PlanFileError(Fault.TOO_LONG, name)
    return found
