"""Reads a PDF's lines with their places; a process of its own, as one file must not bring native code down with it.

Run as a script with the PDF on standard input; prints one JSON object: {"error": "password" | "broken"} or
{"pages": [{"width", "height", "images", "lines": [[text, left, bottom, right, top], ...]}, ...], "cut": bool}.
It imports nothing of the product, so that it starts fast and alone.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MAX_PAGES = 1_000
IMAGE_DEPTH = 3
# Narrower than this share of the type's size, a gap is the typesetter's and no space.
NARROW = 0.5
FIRST_CJK = 0x2E80
MEMORY = 2 * 1024**3


def without_typesetting_space(text: str, following: int) -> str:
    """Typesetters put a thin gap between hanzi and figures, which pdfium reports as a space that nobody typed."""
    before = ord(text[-2]) if len(text) > 1 else 0
    return text[:-1] if before >= FIRST_CJK or following >= FIRST_CJK else text


def lines_of(page: Any, room: int) -> tuple[list[list[Any]], int]:
    """([text, left, bottom, right, top] of each line in the order of the page, characters left over of `room`)."""
    text_page = raw.FPDFText_LoadPage(page.raw)
    if not text_page:
        return [], room
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = box
    lines: list[list[Any]] = []
    current: list[Any] = ["", None, None, None, None]
    try:
        for index in range(raw.FPDFText_CountChars(text_page)):
            if room <= 0:
                break
            code = raw.FPDFText_GetUnicode(text_page, index)
            if code in (10, 13):
                if current[0].strip():
                    lines.append(current)
                current = ["", None, None, None, None]
                continue
            if code in (0, 2, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
                continue
            room -= 1
            if code <= 32 or code in (0xA0, 0x3000):
                current[0] += chr(code)
                continue
            if raw.FPDFText_GetCharBox(text_page, index, left, right, bottom, top):
                values = left.value, bottom.value, right.value, top.value
                gap = left.value - current[3] if current[3] is not None else 0.0
                if current[0].endswith(" ") and gap < NARROW * raw.FPDFText_GetFontSize(text_page, index):
                    current[0] = without_typesetting_space(current[0], code)
                for place, (value, choose) in enumerate(zip(values, (min, min, max, max), strict=True), start=1):
                    current[place] = value if current[place] is None else choose(current[place], value)
            current[0] += chr(code)
    finally:
        raw.FPDFText_ClosePage(text_page)
    if current[0].strip():
        lines.append(current)
    return [[line[0], *(round(value or 0.0, 2) for value in line[1:])] for line in lines], room


def read(data: bytes, room: int) -> dict[str, Any]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        return {"error": "password" if "password" in str(error).lower() else "broken"}
    pages: list[dict[str, Any]] = []
    for number in range(len(document)):
        if number >= MAX_PAGES or room <= 0:
            return {"pages": pages, "cut": True}
        try:
            page = document[number]
            width, height = page.get_size()
            lines, room = lines_of(page, room)
            images = not lines and any(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=IMAGE_DEPTH))
        except pdfium.PdfiumError:
            pages.append({"width": 0.0, "height": 0.0, "images": False, "lines": []})
            continue
        pages.append({"width": width, "height": height, "images": images, "lines": lines})
    return {"pages": pages, "cut": False} if pages else {"error": "broken"}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    json.dump(read(sys.stdin.buffer.read(), int(sys.argv[1])), sys.stdout)
