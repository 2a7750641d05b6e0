"""Word's automatic numbering: the 一、 and 1. that stand on the page but not in the paragraph's text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nianlun.plans.reading.files.numerals import numeral
from nianlun.plans.reading.files.ooxml import attribute, child, children, integer
from nianlun.plans.reading.files.package import Element

LEVELS = 9
BULLET = "•"
PLACEHOLDER = re.compile(r"%([1-9])")
CLOSED = "、，．.）)】]」：:；;章节条款项部分"


@dataclass(slots=True)
class Level:
    """How one level of a list is numbered."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    legal: bool = False


@dataclass(slots=True)
class Numbering:
    """All lists of a document; `label` must be asked once for each numbered paragraph, in their order."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    abstract_of: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level]] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    level_of_style: dict[tuple[str, str], int] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: Element | None) -> Numbering:
        numbering = cls()
        if root is None:
            return numbering
        for abstract in children(root, "abstractNum"):
            identity = attribute(abstract, "abstractNumId") or ""
            numbering.levels[identity] = {}
            for element in children(abstract, "lvl"):
                place = integer(attribute(element, "ilvl"), 0)
                numbering.levels[identity][place] = _level(element)
                style = attribute(child(element, "pStyle"), "val")
                if style:
                    numbering.level_of_style[identity, style] = place
        for number in children(root, "num"):
            numbering._add_list(number)
        return numbering

    def _add_list(self, number: Element) -> None:
        identity = attribute(number, "numId") or ""
        self.abstract_of[identity] = attribute(child(number, "abstractNumId"), "val") or ""
        for override in children(number, "lvlOverride"):
            place = integer(attribute(override, "ilvl"), 0)
            start = attribute(child(override, "startOverride"), "val")
            if start is not None:
                self.restarts.setdefault(identity, {})[place] = integer(start, 1)
            own = child(override, "lvl")
            if own is not None:
                self.overrides.setdefault(identity, {})[place] = _level(own)

    def label(self, number_id: str, place: int | None, style: str) -> str:
        """The numbering in front of the next paragraph of a list, "" where it has none."""
        abstract = self.abstract_of.get(number_id)
        if abstract is None or abstract not in self.levels:
            return ""
        if place is None:
            place = self.level_of_style.get((abstract, style), 0)
        level = self._level_of(number_id, abstract, place)
        if level is None or not 0 <= place < LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restart = self.restarts.get(number_id, {}).get(place)
        if restart is not None and (number_id, place) not in self._begun:
            counts[place] = restart
        else:
            counts[place] = counts[place] + 1 if place in counts else level.start
        self._begun.add((number_id, place))
        for deeper in [other for other in counts if other > place]:
            del counts[deeper]
        if level.form == "bullet":
            return BULLET
        text = PLACEHOLDER.sub(lambda found: self._figure(number_id, abstract, int(found[1]) - 1, level), level.pattern)
        return text if not text or level.suffix == "nothing" or text[-1] in CLOSED else text + " "

    def _level_of(self, number_id: str, abstract: str, place: int) -> Level | None:
        return self.overrides.get(number_id, {}).get(place) or self.levels[abstract].get(place)

    def _figure(self, number_id: str, abstract: str, place: int, within: Level) -> str:
        level = self._level_of(number_id, abstract, place)
        if level is None:
            return ""
        count = self._counts[abstract].get(place, level.start)
        return numeral(count, "decimal" if within.legal else level.form)


def _level(element: Element) -> Level:
    return Level(
        start=integer(attribute(child(element, "start"), "val"), 1),
        form=attribute(child(element, "numFmt"), "val") or "decimal",
        pattern=attribute(child(element, "lvlText"), "val") or "",
        suffix=attribute(child(element, "suff"), "val") or "tab",
        legal=child(element, "isLgl") is not None,
    )
