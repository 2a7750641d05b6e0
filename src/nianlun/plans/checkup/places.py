"""Where a finding stands: in which sentence, in which commitment."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from nianlun.plans.reading.model import Reading

SENTENCE = re.compile(r"[^。！？!?；;\n]+")


class ItemPlaces:
    """Answers which commitment a place of the text belongs to."""

    def __init__(self, reading: Reading) -> None:
        self._spans = sorted((item.start, item.end, index) for index, item in enumerate(reading.items))
        self._starts = [start for start, _, _ in self._spans]

    def at(self, start: int, end: int) -> int | None:
        """The index of the item that overlaps [start, end), None where there is none."""
        for place in range(bisect_right(self._starts, end - 1) - 1, -1, -1):
            begin, finish, index = self._spans[place]
            if finish > start:
                return index
            if begin < start - 2_000:
                break
        return None


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """(offset, sentence) of each sentence, semicolons and line ends closing one too."""
    return ((found.start(), found.group()) for found in SENTENCE.finditer(text))
