"""A plan's text without the signs that carry no meaning for times and figures, with the way back to its own places."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

_DROPPED = re.compile(
    "[ \\t\\u00a0\\u3000\\u200b\\ufeff\\r\"'“”‘’「」『』〝〞＂＇]+"
    "|(?<=[一二三四五六七八九十])[·•・∙‧.．](?=[一二三四五六七八九十])"
)
_LIKE = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("—–－~～﹣‐‑−─", "-"),
        **dict.fromkeys("•・∙‧．●", "·"),
        **{
            "（": "(",
            "）": ")",
            "，": ",",
            "；": ";",
            "：": ":",
            "％": "%",
            "／": "/",
            "﹪": "%",
            "！": "!",
            "？": "?",
        },
        **{"○": "〇", "Ｏ": "〇"},
    }
)
_NUMBERED_MONTH = re.compile(r"(?:(?<=[\n。;])|\A)(\d{1,2})([.、])(?=(\d{1,2})月)")
_QUOTES = frozenset("\"'“”‘’「」『』〝〞＂＇")


@dataclass(frozen=True, slots=True)
class Squeezed:
    """The text to read, with full-width signs and kinds of dashes and dots made alike."""

    text: str
    source: str
    _starts: list[int] = field(repr=False)
    _shifts: list[int] = field(repr=False)

    def origin(self, place: int) -> int:
        """Where in the source the character at `place` stands."""
        return place + self._shifts[bisect_right(self._starts, place) - 1]

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        return self.origin(start), self.origin(end - 1) + 1

    def quoted(self, start: int, end: int) -> bool:
        """Whether quotation marks stand directly around the stretch, or before it."""
        first, last = self.source_span(start, end)
        return first > 0 and self.source[first - 1] in _QUOTES and last < len(self.source)


def squeeze(source: str) -> Squeezed:
    """Drop spaces and quotation marks, keep everything else at a known place."""
    pieces: list[str] = []
    starts, shifts = [0], [0]
    length = kept_to = 0
    for gap in _DROPPED.finditer(source):
        pieces.append(source[kept_to : gap.start()])
        length += gap.start() - kept_to
        kept_to = gap.end()
        starts.append(length)
        shifts.append(kept_to - length)
    pieces.append(source[kept_to:])
    text = _NUMBERED_MONTH.sub(_apart, "".join(pieces).translate(_LIKE))
    return Squeezed(text, source, starts, shifts)


def _apart(m: re.Match[str]) -> str:
    """ "1.7月" is point 1, in July; "3、4月" is two months, unless the points around it are numbered so."""
    number, month = int(m[1]), int(m[3])
    if m[2] == "." or month <= number or _is_point(m.string, number, m.start()):
        return m[1] + ")"
    return m[0]


def _is_point(text: str, number: int, place: int) -> bool:
    before, after = text[max(0, place - 400) : place], text[place : place + 400]
    return bool(
        re.search(rf"(?:\A|[\n。;]){number - 1}、", before) or (number == 1 and re.search(r"[\n。;]2、", after))
    )
