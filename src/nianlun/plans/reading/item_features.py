"""What can be said about a clause before one decides whether it is a commitment: short names, one meaning each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.plans.reading.clauses import Clause, Paragraph
from nianlun.plans.reading.lexicon import generic_words, tokens

_LETTERS = {
    "do": "D", "good": "D", "manage": "M", "goal": "G", "purpose": "P", "cause": "C", "means": "E", "idea": "I",
    "vague": "I", "past": "T", "state": "S", "act_n": "N", "thing_n": "N", "abs_n": "A", "people_n": "H",
}  # fmt: skip
_VERB_LETTERS = frozenset("DMGPCEITS")
_BLANK = frozenset({"adv", "generic", "manage", "purpose", "cause", "abs_n", "vague", "idea", "many"})
_PALE = frozenset({"adv", "generic"})
_QUOTED = frozenset('“《"「')
_FIRST = frozenset("对为在以将把由从向给与和于按让使")
_AND = frozenset("并还也同另此特尤")
_DIGITS = re.compile(
    r"[0-9０-９一二两三四五六七八九十百千万]+(?=[%％个名次场人条项期户套幢栋万亿元支块本份台座间家处天月])"
)
_AS = re.compile(r"^(?:坚持|继续|要|并|牢固)*以.{1,40}?为.{0,6}$")
_PURPOSE = re.compile(
    r"^(?:从而|进而|以|来|更好地?|不断|切实|有效|真正|最大限度地?|为.{2,20}(?:提供|奠定|打下|作出|做出|创造|营造|贡献))"
)
_PAST = re.compile(r"[了过](?!解|程|渡|后|去|关)|已经?(?=[^有])|^截[至止]|得到|取得|荣获")
_RATE = re.compile(r"率(?:达|到|保持|稳定|[0-9不])|达到?[0-9]+[%％]")
_ZERO = re.compile(r"杜绝|(?:确保|力争|实现|保证|做到).*(?:无|不发生|不出|零|不漏)|应[一-鿿]尽|全覆盖|100[%％]")
_SECTION = (
    ("s:idea", re.compile(r"指导思想|总体要求|总体思路|基本思路|基本原则|工作思路$|形势")),
    ("s:goal", re.compile(r"目标|指标|愿景")),
    ("s:past", re.compile(r"回顾|总结|情况|成绩|成效|存在|问题|不足|完成|现状|困难")),
    ("s:means", re.compile(r"保障|措施|要求|组织领导|步骤|安排")),
    ("s:tasks", re.compile(r"任务|重点|内容|计划|打算|安排")),
)
_STOPS = {"": "end", ",": "comma", "，": "comma", "、": "mark", ":": "colon", "：": "colon"}


@dataclass(slots=True)
class Seen:
    """A clause as the features see it."""

    words: str
    verb: str
    verb_word: str
    noun: str
    classes: set[str]
    tokens: list[tuple[int, str, str]]
    shape: str
    verbs: str
    content: int


def look(words: str) -> Seen:
    """The first verb, the last noun and all classes of words in a clause."""
    found = tokens(words)
    generic = generic_words()
    verb = verb_word = shape = verbs = last = ""
    noun = "none"
    content = len(words)
    for _, word, name in found:
        letter = _LETTERS.get(name)
        if letter:
            noun = name
            if letter in _VERB_LETTERS:
                if not verb:
                    verb, verb_word = name, word
                if letter != last:
                    verbs += letter
            if letter != last:
                shape += letter
                last = letter
        if name in _BLANK or word in generic:
            content -= len(word)
    classes = {name for _, _, name in found}
    return Seen(words, verb or "none", verb_word, noun, classes, found, shape, verbs[:3], content)


def stop_of(stop: str) -> str:
    """The kind of stop: end of line, comma, enumeration mark, colon or full stop."""
    return _STOPS.get(stop, "full")


def section_features(titles: Sequence[str]) -> list[str]:
    """What the headings above say of the kind of prose under them."""
    return [name for name, pattern in _SECTION if any(pattern.search(title) for title in titles)]


def features_of(text: str, paragraph: Paragraph, titles: Sequence[str], opening: bool) -> list[list[str]]:
    """For each clause of a paragraph the names of its features; `opening` says that no heading stands above it yet."""
    clauses = paragraph.clauses
    seen = [look(text[clause.start : clause.end]) for clause in clauses]
    pairs = [_pairs(one) for one in seen]
    lengths = Counter(clause.sentence for clause in clauses)
    shared = section_features(titles)
    if opening:
        shared.append("par:opening")
    if paragraph.last and paragraph.rank == 0:
        shared.append("par:closing")
    if len(clauses) == 1:
        shared.append("par:single")
    rows: list[list[str]] = []
    place = concrete = 0
    for at, (clause, now) in enumerate(zip(clauses, seen, strict=True)):
        before = seen[at - 1] if at else None
        if not at or clauses[at - 1].sentence != clause.sentence:
            place = concrete = 0
        row = ["bias", *shared]
        row += _own(now)
        row += _link(clause)
        last = place + 1 == lengths[clause.sentence]
        position = "only" if last and not place else "last" if last else "first" if not place else "mid"
        row += [
            f"pos:{position}",
            f"pos:{position}+v:{now.verb}",
            f"place:{min(place, 4)}",
            f"stop:{stop_of(clause.stop)}",
        ]
        row.append(f"done:{min(concrete, 2)}+v:{now.verb}")
        row.append(f"left:{min(lengths[clause.sentence] - place - 1, 3)}+v:{now.verb}")
        if before and place:
            row += _after(before, now, "p")
        if at + 1 < len(clauses):
            after = seen[at + 1]
            same = "s" if clauses[at + 1].sentence == clause.sentence else "f"
            row += [f"n{same}:{after.verb}", f"n{same}:{after.verb}<{now.verb}", f"n{same}n:{after.noun}"]
        else:
            row.append("n:none")
        row += _echoes(pairs, at, place, clause.sentence, clauses)
        if clause.start < paragraph.run_in_end:
            row += _run_in(text, paragraph, clause, now)
        if before is None and paragraph.rank:
            row.append(f"head:{min(paragraph.rank, 9)}")
        rows.append(row)
        place += 1
        concrete += now.verb in {"do", "good", "manage"}
    return rows


def _pairs(now: Seen) -> frozenset[str]:
    """The pairs of neighbouring characters outside words that say nothing in particular."""
    words, generic, at, found = now.words, generic_words(), 0, []
    for place, word, name in (*now.tokens, (len(words), "", "")):
        if place and (name in _BLANK or word in generic or not word):
            found += [words[i : i + 2] for i in range(at, place - 1)]
            at = place + len(word)
        elif name in _BLANK or word in generic:
            at = place + len(word)
    return frozenset(found)


def _echoes(
    pairs: Sequence[frozenset[str]], at: int, place: int, sentence: int, clauses: Sequence[Clause]
) -> list[str]:
    """Whether the matter of this clause was named just before, or is named again soon, in more detail."""
    row = []
    own = pairs[at]
    if not own:
        return ["echo:empty"]
    if place and own & pairs[at - 1]:
        row.append("echo:before")
    elif at and any(own & earlier for earlier in pairs[max(0, at - 4) : at]):
        row.append("echo:earlier")
    later = [len(own & other) / len(own) for other in pairs[at + 1 : at + 4]]
    if later and max(later) >= 0.5:
        row.append("echo:later")
    return row


def _own(now: Seen) -> list[str]:
    words = now.words
    size = len(words)
    row = [f"v:{now.verb}", f"n:{now.noun}", f"v:{now.verb}>{now.noun}", f"end:{words[-2:]}", f"end1:{words[-1]}"]
    row.append(f"len:{'xs' if size <= 5 else 's' if size <= 8 else 'm' if size <= 13 else 'l' if size <= 22 else 'xl'}")
    row += [f"b:{words[:2]}", f"b3:{words[:3]}", f"e3:{words[-3:]}"]
    row += [f"cc:{now.shape}", f"nc:{now.content}"]
    content = min(now.content // 2, 5)
    row += [f"shape:{now.shape[:4]}", f"verbs:{now.verbs}", f"content:{content}", f"content:{content}+v:{now.verb}"]
    row += [f"has:{name}" for name in now.classes]
    row += [f"w:{word}" for _, word, name in now.tokens if name not in _PALE]
    if now.tokens:
        row.append(f"c1:{now.tokens[0][2]}")
        if now.tokens[0][0] > 6:
            row.append("lead:long")
    if not _QUOTED.isdisjoint(words):
        row.append("quoted")
    if words[0] in _FIRST:
        row += [f"prep:{words[0]}", f"prep:{words[0]}+{now.verbs[:2]}"]
    if _AS.match(words):
        row.append("as")
    if _PURPOSE.match(words):
        row.append("for")
    if _PAST.search(words):
        row.append("past")
    if _DIGITS.search(words):
        row.append("figure")
    if _ZERO.search(words):
        row.append("zero")
    if _RATE.search(words):
        row.append("rate")
    return row


def _link(clause: Clause) -> list[str]:
    row = [f"rank:{clause.rank}"] if clause.rank else []
    if clause.link:
        row.append(
            "link:will" if clause.link[-1] in "将要会" else "link:and" if clause.link[0] in _AND else "link:other"
        )
    return row


def _after(before: Seen, now: Seen, side: str) -> list[str]:
    row = [f"{side}:{before.verb}", f"{side}:{before.verb}>{now.verb}", f"{side}n:{before.noun}>{now.verb}"]
    row.append(f"{side}:{before.verbs}>{now.verbs}")
    if before.verb_word and before.verb_word == now.verb_word:
        row.append(f"{side}:same")
    if not now.tokens or now.verb == "none":
        row.append(f"{side}:verbless<{before.verb}")
    if len(before.words) <= 6:
        row.append(f"{side}:short")
    return row


def _run_in(text: str, paragraph: Paragraph, clause: Clause, now: Seen) -> list[str]:
    """A run-in heading is a commitment unless what follows says it again in detail."""
    row = ["runin", f"runin+v:{now.verb}"]
    rest = text[paragraph.run_in_end : paragraph.clauses[-1].end]
    pairs = {now.words[i : i + 2] for i in range(len(now.words) - 1)}
    again = sum(pair in rest for pair in pairs) / len(pairs) if pairs else 0.0
    row.append(f"again:{'no' if again < 0.2 else 'some' if again < 0.5 else 'yes'}")
    row.append(f"rest:{min(len(paragraph.clauses) // 3, 3)}")
    return row
