"""A PDF's text in paragraphs: pdfium reads the lines in a process of its own, geometry joins them again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from nianlun.plans.reading.files.errors import MAX_CHARACTERS, Fault, PlanFileError
from nianlun.plans.reading.files.paragraphs import Line, Page, paragraphs

WORKER = Path(__file__).with_name("pdf_worker.py")
SECONDS = 30
NAMED_PAGES = 8
# Controls, the private area and the replacement character: glyphs of which the file does not say what they mean.
UNMAPPED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ue000-\uf8ff\ufffd]+")
GARBLED_SHARE = 0.05
# The bullets of Word's symbol fonts, which have no characters of their own.
SYMBOL_BULLETS = dict.fromkeys((0xF06C, 0xF06E, 0xF075, 0xF0A7, 0xF0B7, 0xF0D8, 0xF0FC), "•")


def read_pdf(name: str, data: bytes) -> tuple[str, tuple[str, ...]]:
    """(text, warnings) of a .pdf; raises PlanFileError."""
    pages = _pages(name, data)
    blank = [number for number, page in enumerate(pages, start=1) if not page.lines and page.images]
    text = "\n".join(paragraphs(pages)).translate(SYMBOL_BULLETS)
    if sum(map(len, UNMAPPED.findall(text))) > GARBLED_SHARE * len(text):
        raise PlanFileError(Fault.GARBLED_PDF, name)
    if not text.strip():
        raise PlanFileError(Fault.SCAN if blank else Fault.EMPTY, name)
    if blank:
        named = "、".join(map(str, blank[:NAMED_PAGES])) + (f" 等 {len(blank)} " if len(blank) > NAMED_PAGES else " ")
        return text, (f"第 {named}页是扫描图片，其中的文字没有读入。",)
    return text, ()


def _pages(name: str, data: bytes) -> list[Page]:
    """The pages as the worker sees them; a worker that dies, hangs or wants too much memory is a fault of the file."""
    try:
        answer = subprocess.run(
            [sys.executable, "-I", str(WORKER), str(MAX_CHARACTERS + 1)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PlanFileError(Fault.HEAVY_PDF, name) from error
    if answer.returncode:
        raise PlanFileError(Fault.HEAVY_PDF if b"MemoryError" in answer.stderr else Fault.BROKEN_PDF, name)
    found = json.loads(answer.stdout)
    if "error" in found:
        raise PlanFileError(Fault.ENCRYPTED_PDF if found["error"] == "password" else Fault.BROKEN_PDF, name)
    if found["cut"]:
        raise PlanFileError(Fault.TOO_LONG, name)
    return [
        Page(page["width"], page["height"], page["images"], tuple(Line(*line) for line in page["lines"]))
        for page in found["pages"]
    ]
