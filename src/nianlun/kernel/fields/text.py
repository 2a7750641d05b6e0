"""Words: whatever is pasted is brought to one form before it is judged."""

from __future__ import annotations

from nianlun.kernel.fields.field import Field, FieldError

UNSEEN = (
    *range(0x09),
    0x0B,
    0x0C,
    *range(0x0E, 0x20),
    0x7F,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    0x2060,
    0xFEFF,
)
FULL_WIDTH = (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
# What is left out, and what becomes plain; Chinese marks stay as they are.
TIDIED: dict[int, int | None] = {
    **dict.fromkeys(UNSEEN), **{char: char - 0xFEE0 for char in FULL_WIDTH}, 0x3000: 0x20, 0xA0: 0x20
}  # fmt: skip
LONGEST, LONGEST_LONG = 200, 5000


def tidy(raw: str) -> str:
    """Without unseen characters and outer spaces; full-width figures and letters become plain ones."""
    if raw.isascii() and raw.isprintable():
        return raw.strip()
    return raw.translate(TIDIED).strip()


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
