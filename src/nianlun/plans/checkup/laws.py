"""Laws, bodies and practices that a plan names wrongly, by the dated table `lines/laws.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding
from nianlun.plans.checkup.places import ItemPlaces
from nianlun.plans.reading.model import Reading
from nianlun.plans.reading.vocabulary import LINES_ROOM, load_yaml

DATA = LINES_ROOM / "laws.yaml"
Kind = Literal["repealed", "misnamed", "practice", "revised"]
CODES: dict[Kind, Code] = {
    "repealed": Code.REPEALED_LAW,
    "misnamed": Code.MISNAMED_LAW,
    "practice": Code.OUTDATED,
    "revised": Code.REVISED_LAW,
}
STATE = "中华人民共和国"
# For how many years after its own a revision is worth a reminder.
REMIND_YEARS = 2
NOT_A_LAW = re.compile(r"[律规治定庭官人制院学务援]")
# The plan itself says that the thing is gone.
SAID = re.compile(r"废止|失效|取代|代替|取消|更名|原名|不再")
SAID_WITHIN = 14
PLACE_BEFORE = re.compile(r"[省市区县州旗]$")
LOCAL = ("条例", "办法")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table; its fields are described at the head of the file."""

    name: str
    kind: Kind
    replaced_by: str
    since: date
    source: str
    aliases: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    bare: bool = False


@dataclass(frozen=True, slots=True)
class LawTable:
    """The table with one pattern for all its names, longest first; names of `whole` are found and passed over."""

    entries: dict[str, Entry]
    pattern: re.Pattern[str]


@cache
def shipped_laws() -> LawTable:
    data = load_yaml(DATA)
    entries: dict[str, Entry] = {}
    for form in data["entries"]:
        fields = {**form, "aliases": tuple(form.get("aliases", ())), "unless": tuple(form.get("unless", ()))}
        entry = Entry(**fields)
        entries |= dict.fromkeys((entry.name, *entry.aliases), entry)
    names = sorted({*entries, *data["whole"]}, key=len, reverse=True)
    return LawTable(entries, re.compile("|".join(map(re.escape, names))))


def outdated_laws(reading: Reading, places: ItemPlaces) -> Iterator[Finding]:
    """Every place that names something of the table, as far as it held in the plan's year (any year if unknown)."""
    table, text = shipped_laws(), reading.text
    for found in table.pattern.finditer(text):
        entry = table.entries.get(found.group())
        if entry is None or not _holds(entry, reading.year) or not _meant(entry, text, found.start(), found.end()):
            continue
        is_law = entry.kind != "practice"
        detail = {
            "name": f"《{found.group()}》" if is_law and entry.kind != "misnamed" else found.group(),
            "replaced_by": entry.replaced_by,
            "since": f"{entry.since.year}年{entry.since.month}月{entry.since.day}日",
            "source": entry.source,
        }
        yield Finding(CODES[entry.kind], *found.span(), places.at(*found.span()), detail)


def _holds(entry: Entry, year: int | None) -> bool:
    if entry.kind == "revised":
        return year is not None and entry.since.year <= year <= entry.since.year + REMIND_YEARS
    return year is None or entry.since.year <= year


def _meant(entry: Entry, text: str, start: int, end: int) -> bool:
    """Is it this act or practice that is named, and not another of which the name is a part?"""
    before = text[max(0, start - 40) : start].removesuffix(STATE)
    after = text[end : end + SAID_WITHIN]
    if after.startswith(entry.unless) and entry.unless:
        return False
    if SAID.search(after.split("。")[0]) or before.endswith(("取消", "废止", "原", "原《")):
        return False
    if entry.name.endswith(LOCAL) and PLACE_BEFORE.search(before):
        return False
    if before.rfind("《") > before.rfind("》"):
        return before.endswith("《") and re.match(r"(?:[（(][^）)]{0,20}[）)])?》", text[end : end + 24]) is not None
    if entry.kind == "misnamed" and not entry.bare:
        return False
    return not (text[start:end].endswith("法") and NOT_A_LAW.match(after))
