"""Near copies: how much of a plan stands word for word in another, with names, years, figures and masks put aside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding, KnownPlan, Passage

# What a copyist changes: everything but hanzi goes (masks, figures, punctuation), and the hanzi of figures and masks.
CHANGED = re.compile(r"[^\u4e00-\u9fff]+|[某零一二三四五六七八九十百]+")
# Eight hanzi in a row are seldom shared by chance but for set phrases, which are shorter than a passage worth showing.
SHINGLE = 8
# A known plan is first probed at every fourth place: a run of eleven hanzi in common cannot be missed.
STRIDE = 4
PROBE_SHARE = 0.05
# A changed name or word within a copied passage.
GAP = 14
SHORTEST_PASSAGE = 24
SHARE = 0.25


@dataclass(frozen=True, slots=True)
class _Essence:
    """A text without what copyists change; `places` are the offsets of its characters in the text."""

    text: str
    places: Sequence[int]


def near_copies(text: str, known: Sequence[KnownPlan], last_year: KnownPlan | None) -> Iterator[Finding]:
    """Plans of which a good part stands in `text`; last year's own plan is told apart from others'."""
    essence = _essence(text)
    if len(essence.text) < SHORTEST_PASSAGE:
        return
    shingles = {essence.text[i : i + SHINGLE] for i in range(len(essence.text) - SHINGLE + 1)}
    others = [(Code.COPY, plan) for plan in known if last_year is None or plan.text != last_year.text]
    for code, plan in [*([(Code.LAST_YEAR, last_year)] if last_year else []), *others]:
        if _probably_shared(shingles, plan.text) and (found := compare(essence, plan)) is not None:
            share, passages = found
            detail = {"plan": plan.name, "percent": str(round(share * 100))}
            yield Finding(code, passages[0].start, passages[-1].end, None, detail, share, passages)


def compare(essence: _Essence, plan: KnownPlan) -> tuple[float, tuple[Passage, ...]] | None:
    """(share of the text that is copied, the passages), None below the share that is worth a word."""
    other = _essence(plan.text)
    at: dict[str, int] = {}
    for place in range(len(other.text) - SHINGLE, -1, -1):
        at[other.text[place : place + SHINGLE]] = place
    runs = list(_runs(essence.text, other.text, at))
    copied = sum(end - start for start, end, _, _ in runs)
    share = copied / len(essence.text)
    if share < SHARE:
        return None
    return share, tuple(
        Passage(
            essence.places[start],
            essence.places[end - 1] + 1,
            other.places[other_start],
            other.places[other_end - 1] + 1,
        )
        for start, end, other_start, other_end in runs
    )


def _essence(text: str) -> _Essence:
    kept, places, last = [], list[int](), 0
    for changed in CHANGED.finditer(text):
        kept.append(text[last : changed.start()])
        places.extend(range(last, changed.start()))
        last = changed.end()
    kept.append(text[last:])
    places.extend(range(last, len(text)))
    return _Essence("".join(kept), places)


def _probably_shared(shingles: set[str], other: str) -> bool:
    """A cheap look: does enough of what is probed of the other text stand here? Never misses what `compare` finds."""
    bare = CHANGED.sub("", other)
    probes = [bare[i : i + SHINGLE] for i in range(0, len(bare) - SHINGLE + 1, STRIDE)]
    hits = sum(probe in shingles for probe in probes)
    return hits * STRIDE >= PROBE_SHARE * min(len(bare), len(shingles))


def _runs(mine: str, other: str, at: dict[str, int]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches in common (start, end here; start, end there), joined over small changes, the short ones dropped."""
    gathered: tuple[int, int, int, int] | None = None
    place = 0
    while place <= len(mine) - SHINGLE:
        there = at.get(mine[place : place + SHINGLE])
        if there is None:
            place += 1
            continue
        # Where the passage may simply go on there, it does, even if its words stand elsewhere earlier.
        if gathered is not None:
            follow = gathered[3] + place - gathered[1]
            if mine[place : place + SHINGLE] == other[follow : follow + SHINGLE]:
                there = follow
        length = SHINGLE
        while (
            place + length < len(mine) and there + length < len(other) and mine[place + length] == other[there + length]
        ):
            length += 1
        run = (place, place + length, there, there + length)
        if gathered is not None and run[0] - gathered[1] <= GAP and 0 <= run[2] - gathered[3] <= GAP:
            gathered = (gathered[0], run[1], gathered[2], run[3])
        else:
            if gathered is not None and gathered[1] - gathered[0] >= SHORTEST_PASSAGE:
                yield gathered
            gathered = run
        place += length
    if gathered is not None and gathered[1] - gathered[0] >= SHORTEST_PASSAGE:
        yield gathered
