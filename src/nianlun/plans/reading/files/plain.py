"""Plain text to characters: each line strictly in one encoding, nothing guessed away."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Sequence

from nianlun.plans.reading.files.errors import Fault, PlanFileError

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A text in the right encoding is nearly all everyday characters; one in the wrong encoding is not.
PLAUSIBLE = 0.8
SHORT = 8
MIXED_NAMED = 6
LINE_BREAKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
STRAY_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: " "}
STRAY_ALLOWED = 0.002


def decode_plain(name: str, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """(characters, encoding, warnings); line ends as they stand."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return data[len(bom) :].decode(encoding), encoding, ()
            except UnicodeDecodeError as error:
                raise PlanFileError(Fault.ENCODING, name, _line_of(data, error.start)) from error
    if b"\0" in data:
        return _wide(name, data)
    for encoding in ("utf-8", "gb18030"):
        text = _strictly(data, encoding)
        if text is not None and (encoding == "utf-8" or plausibility(text) >= PLAUSIBLE):
            return text, encoding, ()
    return _line_by_line(name, data)


def tidy_characters(name: str, text: str) -> str:
    """Line ends as one newline and stray control characters as spaces; a text full of them is none."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(LINE_BREAKS).removeprefix("\ufeff")
    cleaned = text.translate(STRAY_CONTROLS)
    strays = sum(a != b for a, b in zip(text, cleaned, strict=True)) if cleaned != text else 0
    if "\0" in text or strays > max(2, STRAY_ALLOWED * len(text)):
        raise PlanFileError(Fault.NOT_TEXT, name)
    return cleaned


def plausibility(text: str) -> float:
    """The share of everyday characters (ASCII, CJK punctuation, the common hanzi of GB 2312), 1.0 for an empty text."""
    counts = {character: count for character, count in Counter(text).items() if ord(character) > 127}
    if not counts:
        return 1.0
    return sum(count for character, count in counts.items() if _everyday(character)) / sum(counts.values())


def _everyday(character: str) -> bool:
    try:
        pair = character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    # Rows 1 to 3 hold punctuation, numerals and full-width letters; 16 to 55 the hanzi of the first level.
    row = pair[0] - 0xA0
    return row <= 3 or 16 <= row <= 55


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _line_of(data: bytes, offset: int) -> str:
    return f"第 {data.count(10, 0, offset) + 1} 行"


def _wide(name: str, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """UTF-16 without its mark, where what comes out is everyday text."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strictly(data, encoding)
        if text is not None and "\0" not in text and plausibility(text) >= PLAUSIBLE:
            return text, encoding, ()
    raise PlanFileError(Fault.NOT_TEXT, name)


def _line_by_line(name: str, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """A file put together from pieces in two encodings: read where every line is certain, else refused by line."""
    decoded: list[str] = []
    encodings: list[str | None] = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        text, encoding = _certain(line)
        if text is None:
            fault = Fault.MIXED_ENCODING if "utf-8" in encodings or "gb18030" in encodings else Fault.ENCODING
            raise PlanFileError(fault, name, f"第 {number} 行")
        decoded.append(text)
        encodings.append(encoding)
    main, other = sorted(("utf-8", "gb18030"), key=encodings.count, reverse=True)
    odd = [number for number, encoding in enumerate(encodings, start=1) if encoding == other]
    if not odd:
        raise PlanFileError(Fault.ENCODING, name)
    return "\n".join(decoded), main, (_mixed_warning(odd),)


def _certain(line: bytes) -> tuple[str | None, str | None]:
    """(text, encoding) of one line; no encoding where it is plain ASCII, no text where it cannot be told."""
    if line.isascii():
        return line.decode("ascii"), None
    readings = [(e, t) for e in ("utf-8", "gb18030") if (t := _strictly(line, e)) is not None]
    if not readings:
        return None, None
    encoding, text = max(readings, key=lambda reading: plausibility(reading[1]))
    # In a short line a few rare characters may be a name.
    if plausibility(text) < (0.5 if len(text) <= SHORT else PLAUSIBLE):
        return None, None
    return text, encoding


def _mixed_warning(odd: Sequence[int]) -> str:
    named = "、".join(str(number) for number in odd[:MIXED_NAMED])
    more = f"等 {len(odd)} 行" if len(odd) > MIXED_NAMED else "行"
    return f"文件里混用了两种编码：第 {named} {more}与其余各行不同，已分别读入。请核对这些行有没有乱码。"
