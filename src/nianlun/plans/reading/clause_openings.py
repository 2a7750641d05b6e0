"""Clauses that only open what the next one says: means, bare prepositions, posts in a group, nouns without a verb."""

from __future__ import annotations

import re
from collections.abc import Sequence

LATE = 4  # an action verb that begins later than this stands behind the word of means
_ACTING = frozenset({"do", "good", "manage"})
_AIMING = _ACTING | {"goal"}
_AS = re.compile(
    r"[^,，]{0,4}以.{1,40}(?:为|作为)"
    r"(?:重点|载体|依托|契机|平台|主线|抓手|基础|内容|单位|主体|突破口|纽带|导向)"
)
_POSTS = re.compile(r"为(?:副?组长|成员|主任)|任(?:副?组长|成员)")
_MEANS = re.compile(r"(?:充分|继续|要|进一步|积极)?(?:依托|利用|借助|借|凭借|采取|采用|围绕|针对|通过|结合|发挥)")
_PREPOSITION = re.compile(
    r"[对向给与把将为在从由以]|根据|按照|针对|围绕|依托|充分利用|利用|借|凭借|采取|采用|通过|结合|除了|随着|立足|着眼|抓住|紧扣"
)
_TIME = re.compile(r"(?:期间|时|时候|前|后|中|上|下|方面|方式|形式|原则|机会|契机)$")


def opening_of(words: str, found: Sequence[tuple[int, str, str]], has_verb: bool) -> str:
    """How a clause with these words of the lexicon (place, word, class) is left open; empty where it is whole."""
    if "以" in words and _AS.match(words):
        return "as"
    if ("组长" in words or "成员" in words or "主任" in words) and _POSTS.search(words):
        return "posts"
    if _MEANS.match(words):
        return "means+" if any(name in _ACTING and place > LATE for place, _, name in found) else "means"
    if _PREPOSITION.match(words):
        if not any(name in _AIMING for _, _, name in found):
            return "preposition"
        return "time" if _TIME.search(words) else ""
    return "" if has_verb else "noun"
