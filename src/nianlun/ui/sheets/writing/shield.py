"""Words that a spreadsheet would run as a formula are kept from it."""

from __future__ import annotations

import re

# The full-width marks too: a spreadsheet set to Chinese takes them for the plain ones.
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NOT_ALLOWED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_CELL = 32_767


def shielded(text: str) -> str:
    """For a .csv, where everything may be run: with a ' before it; the reader of our sheets takes it off again."""
    return f"'{text}" if text.startswith(RUN) else text


def cell(text: str) -> str:
    """For an .xlsx, where words that are written as words never run: without what no cell may hold."""
    return NOT_ALLOWED.sub("", text)[:LONGEST_CELL]
