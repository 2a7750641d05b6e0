"""Which item of a new text is which item of the old one: the same words, else at least half of them shared."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

ENOUGH = 0.5
LEAST_RUN = 2  # characters: a single one in common (的, 展) says nothing


def solid(text: str) -> str:
    """The text without punctuation and spaces, which change without a change of meaning."""
    return "".join(character for character in text if unicodedata.category(character)[0] not in "PZC")


def share(a: str, b: str) -> float:
    """The part of the longer text's characters that both have in the same order, in runs of two or more, 0 to 1."""
    longest = max(len(a), len(b))
    if not longest:
        return 0.0
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks if block.size >= LEAST_RUN) / longest


def pair(old: Sequence[str], new: Sequence[str]) -> list[int | None]:
    """For each new text the place of its old one, or None; one to one, equal texts first, then the closest first."""
    was, now = [solid(text) for text in old], [solid(text) for text in new]
    pairs: list[int | None] = [None] * len(now)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, text in reversed(list(enumerate(was))):
        places[text].append(at)
    for at, text in enumerate(now):
        if text and places[text]:
            pairs[at] = places[text].pop()
    taken = {place for place in pairs if place is not None}
    open_old = [at for at in range(len(was)) if at not in taken]
    open_new = [at for at in range(len(now)) if pairs[at] is None]
    for _, _, new_at, old_at in sorted(_close(was, now, open_old, open_new)):
        if pairs[new_at] is None and old_at not in taken:
            pairs[new_at] = old_at
            taken.add(old_at)
    return pairs


def _close(
    was: Sequence[str], now: Sequence[str], open_old: Sequence[int], open_new: Sequence[int]
) -> list[tuple[float, int, int, int]]:
    """(-share, how far apart in order, place in new, place in old) of every pair that shares enough."""
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for at in open_old:
        for two in _bigrams(was[at]):
            holders[two].append(at)
    found = []
    for at in open_new:
        common = Counter(holder for two in _bigrams(now[at]) for holder in holders[two])
        for holder, count in common.items():
            # Half of n characters in runs of two or more hold at least n/4 bigrams: the rest need no look.
            if 4 * (count + 1) < max(len(now[at]), len(was[holder])):
                continue
            shared = share(was[holder], now[at])
            if shared >= ENOUGH:
                found.append((-shared, abs(at - holder), at, holder))
    return found


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}
