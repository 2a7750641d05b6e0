"""Words: whatever is pasted is brought to one form before it is judged."""

from __future__ import annotations

import re
import unicodedata

from nianlun.kernel.fields.field import Field, FieldError

UNSEEN = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
LONGEST, LONGEST_LONG = 200, 5000


def tidy(raw: str) -> str:
    """Without unseen characters and outer spaces; full-width figures and letters become plain ones."""
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    return UNSEEN.sub("", "".join(_plain(char) for char in raw)).strip()


def _plain(char: str) -> str:
    """Full-width letters, figures and space as plain ones; Chinese marks stay as they are."""
    if char == "\u3000" or char == "\xa0":
        return " "
    if "\uff10" <= char <= "\uff19" or "\uff21" <= char <= "\uff3a" or "\uff41" <= char <= "\uff5a":
        return unicodedata.normalize("NFKC", char)
    return char


def parse_text(raw: str, field: Field) -> str:
    """One line of words, at most `most` characters."""
    said = " ".join(raw.split())
    most = field.most or LONGEST
    if len(said) > most:
        raise FieldError(f"最多 {most} 个字，现在有 {len(said)} 个，请写短些。")
    return said


def parse_long_text(raw: str, field: Field) -> str:
    """Words over several lines, at most `most` characters."""
    said = "\n".join(line.rstrip() for line in raw.replace("\r\n", "\n").split("\n"))
    most = field.most or LONGEST_LONG
    if len(said) > most:
        raise FieldError(f"最多 {most} 个字，现在有 {len(said)} 个，请写短些。")
    return said
