"""Which row of a sheet is its head, and which column is which field: guessed, shown, and set right by a person."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.kernel.fields import Field
from nianlun.ui.sheets.words import likeness, plain

RECORD_ID, REVISION = "#id", "#revision"  # columns of our own exports, by which a row is told again
ID_TITLE, REVISION_TITLE = "系统编号（请勿修改）", "系统版本（请勿修改）"
SEARCHED_ROWS = 20  # the head stands within these
TAKEN_AT = 0.55  # the least likeness at which a column is taken for a field
CONTENT_SCORE = 0.58
ALIKE_CELLS = 0.6  # share of a column's cells that have the form of its kind
LONG_NUMBER = re.compile(r"\d[\d -]{5,}[\dXx]")
LONGEST_TITLE = 60
FORMS: dict[str, re.Pattern[str]] = {
    "id_number": re.compile(r"[1-9]\d{16}[\dXx]"),
    "credit_code": re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}"),
    "phone": re.compile(r"1[3-9]\d{9}"),
    "date": re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """How a worksheet seems to be laid out; rows are numbered from 1, as in the sheet.

    `head` is the first row of the head, 0 where there is none; `deep` how many rows it takes; `titles` and `fields`
    stand by column, a field's code or "" for a column that is left out.
    """

    head: int
    deep: int
    titles: list[str]
    fields: list[str]
    score: float

    @property
    def first_row(self) -> int:
        """The row at which the records begin."""
        return self.head + self.deep if self.head else 1


def guess(rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> Guess:
    """The likeliest layout of a worksheet, by its first rows."""
    best: Guess | None = None
    for place in range(min(len(rows), SEARCHED_ROWS)):
        for deep in (1, 2):
            if place + deep > len(rows) or looks_like_data(rows[place]):
                continue
            titles = titles_of(rows[place : place + deep])
            if deep == 2 and (looks_like_data(rows[place + 1]) or not is_upper_head(rows[place], rows[place + 1])):
                continue
            found, score = match(titles, rows[place + deep :], fields)
            if best is None or score > best.score + 0.01:
                best = Guess(place + 1, deep, titles, found, score)
    if best is None or best.score < TAKEN_AT:
        return _headless(rows, fields)
    return best


def _headless(rows: Sequence[Sequence[str]], fields: Sequence[Field]) -> Guess:
    """Nothing reads like a head: the first row with several words is it, unless it looks like a record already."""
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        if sum(bool(cell.strip()) for cell in row) < 2:
            continue
        if looks_like_data(row):
            break
        titles = titles_of([row])
        found, score = match(titles, rows[place + 1 :], fields)
        return Guess(place + 1, 1, titles, found, score)
    width = max(map(len, rows), default=0)
    titles = [f"第 {letters(column)} 列" for column in range(width)]
    found, score = match([""] * width, rows, fields)
    return Guess(0, 0, titles, found, score)


def titles_of(head: Sequence[Sequence[str]]) -> list[str]:
    """One title a column; of a head of two rows, the upper word that spans several columns stands before each."""
    width = max(map(len, head), default=0)
    padded = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in head]
    if len(padded) == 1:
        return [shown_title(cell) for cell in padded[0]]
    upper, above = [], ""
    for over, under in zip(*padded, strict=True):
        above = over or (above if under else "")
        upper.append(above)
    return [
        shown_title(over) if not under or over == under else f"{shown_title(over)} {shown_title(under)}"
        for over, under in zip(upper, padded[1], strict=True)
    ]


def shown_title(cell: str) -> str:
    """A title is kept open: where a record was taken for the head, no number of its may be."""
    return LONG_NUMBER.sub("…", " ".join(cell.split()))[:LONGEST_TITLE]


def is_upper_head(over: Sequence[str], under: Sequence[str]) -> bool:
    """Whether the lower row fills gaps that the upper one leaves, as merged cells do."""
    gaps = sum(1 for column, cell in enumerate(under) if cell.strip() and not (over[column : column + 1] or [""])[0])
    return gaps > 0 and sum(bool(cell.strip()) for cell in over) > 1


def looks_like_data(row: Sequence[str]) -> bool:
    """Whether a row holds numbers or days, which heads do not."""
    said = [cell.strip() for cell in row if cell.strip()]
    return any(re.fullmatch(r"[\d.,:/\-]{5,}[Xx]?", cell) or is_form("date", cell) for cell in said)


def match(titles: Sequence[str], below: Sequence[Sequence[str]], fields: Sequence[Field]) -> tuple[list[str], float]:
    """(field's code or "" by column, how well the whole fits): each field once, the likeliest pairs first."""
    pairs: list[tuple[float, int, str]] = []
    for column, title in enumerate(titles):
        last_words = title.rpartition(" ")[2]
        for field in fields:
            names = (field.title, *field.aliases)
            score = max(likeness(title, names), likeness(last_words, names) * 0.95)
            if score < TAKEN_AT:
                score = max(score, _by_content(column, below, field))
            if score >= TAKEN_AT:
                pairs.append((score, column, field.code))
    for code, own in ((RECORD_ID, ID_TITLE), (REVISION, REVISION_TITLE)):
        pairs += [(1.0, column, code) for column, title in enumerate(titles) if title == own]
    found, taken, total = [""] * len(titles), set[str](), 0.0
    for score, column, code in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if not found[column] and code not in taken:
            found[column] = code
            taken.add(code)
            total += score
    return found, total


def _by_content(column: int, below: Sequence[Sequence[str]], field: Field) -> float:
    """A column without a telling title is told by the form of what stands in it."""
    if field.kind not in FORMS:
        return 0.0
    cells = [row[column].strip() for row in below if len(row) > column and row[column].strip()]
    if not cells or sum(is_form(field.kind, cell) for cell in cells) < ALIKE_CELLS * len(cells):
        return 0.0
    return CONTENT_SCORE if field.secret else 0.0  # a day may be any day: a form is enough for numbers of people only


def is_form(kind: str, cell: str) -> bool:
    return bool(FORMS[kind].fullmatch(cell))


def fingerprint(titles: Sequence[str]) -> str:
    """The same for every sheet with these titles in this order, whatever their marks and blanks."""
    return hashlib.sha256("\0".join(map(plain, titles)).encode()).hexdigest()


def letters(column: int) -> str:
    """The name of a column in a sheet: 0 is A, 26 is AA."""
    said = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said
