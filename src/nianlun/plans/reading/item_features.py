"""What can be said about a clause before one decides whether it is a commitment: short names, one meaning each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nianlun.plans.reading.clause_openings import opening_of
from nianlun.plans.reading.clauses import Clause, Paragraph
from nianlun.plans.reading.lexicon import generic_words, tokens

_VERB_LETTERS = {
    "do": "D", "good": "D", "manage": "M", "goal": "G", "purpose": "P", "cause": "C", "means": "E", "idea": "I",
    "vague": "I", "lead": "I", "past": "T", "state": "S",
}  # fmt: skip
_NOUNS = frozenset({"act_n", "thing_n", "abs_n", "people_n"})
_ACTING = frozenset({"do", "good", "manage"})
_TELLING = frozenset({"do", "good", "manage", "means", "cause"})
_BLANK = frozenset({"adv", "generic", "manage", "purpose", "cause", "abs_n", "vague", "lead", "idea", "many"})
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
    verbs: str
    content: int
    past: bool
    opening: str


def look(words: str) -> Seen:
    """The first verb, the last verb or noun and all classes of words in a clause."""
    found = tokens(words)
    generic = generic_words()
    verb = verb_word = verbs = ""
    noun = "none"
    content = len(words)
    for _, word, name in found:
        letter = _VERB_LETTERS.get(name)
        if letter:
            noun = name
            if not verb:
                verb, verb_word = name, word
            if not verbs.endswith(letter):
                verbs += letter
        elif name in _NOUNS:
            noun = name
        if name in _BLANK or word in generic:
            content -= len(word)
    classes = {name for _, _, name in found}
    past = "past" in classes or _PAST.search(words) is not None
    opening = opening_of(words, found, bool(verbs))
    return Seen(words, verb or "none", verb_word, noun, classes, found, verbs[:3], content, past, opening)


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
    size = len(clauses)
    shared = section_features(titles)
    if opening:
        shared.append("par:opening")
    if paragraph.last and paragraph.rank == 0:
        shared.append("par:closing")
    if len(clauses) == 1:
        shared.append("par:single")
    shared.append(f"clauses:{min(size, 12) // 2}")
    told = sum(one.past for one in seen)
    if told:
        shared.append(f"past:{min(3, told * 6 // size)}")
    marked = "marked" if paragraph.rank else "plain"
    rows: list[list[str]] = []
    place = concrete = past = 0
    for at, (clause, now) in enumerate(zip(clauses, seen, strict=True)):
        before = seen[at - 1] if at else None
        joined = at > 0 and stop_of(clauses[at - 1].stop) != "full"
        if not at or clauses[at - 1].sentence != clause.sentence:
            place = concrete = 0
        row = ["bias", *shared, *_own(now), *_link(clause)]
        last = place + 1 == lengths[clause.sentence]
        position = "only" if last and not place else "last" if last else "first" if not place else "mid"
        stop = stop_of(clause.stop) if at + 1 < size else "end"
        row += [
            f"pos:{position}",
            f"pos:{position}+v:{now.verb}",
            f"place:{min(place, 4)}",
            f"stop:{stop}",
            f"done:{min(concrete, 2)}+v:{now.verb}",
            f"nth:{min(at, 5)}+{marked}",
        ]
        if past:
            row.append(f"past before:{min(past, 2)}")
        if before and place:
            row += _after(before, now)
        if before and joined:
            row += _joined(before, now)
        if at + 1 < size:
            row += _before(now, seen[at + 1], stop, clauses[at + 1].sentence == clause.sentence)
        else:
            row.append("n:none")
        if now.opening:
            row += [f"open:{now.opening}", f"open:{now.opening}+{stop}"]
        row += _echoes(pairs, at, place)
        if clause.start < paragraph.run_in_end:
            row += _run_in(text, paragraph, now)
        if before is None and paragraph.rank:
            row += [
                f"head:{min(paragraph.rank, 9)}",
                f"head:{paragraph.rank}:{min(size, 5)}:{stop}",
                f"head:{now.verb}:{min(size, 5)}:{stop}",
            ]
        rows.append(row)
        place += 1
        past += now.past
        concrete += now.verb in _ACTING
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


def _echoes(pairs: Sequence[frozenset[str]], at: int, place: int) -> list[str]:
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
    content = min(now.content // 2, 5)
    row = [words[at : at + 2] for at in range(size - 1)]  # the name of a pair of characters is the pair
    row += [
        f"v:{now.verb}",
        f"n:{now.noun}",
        f"v:{now.verb}>{now.noun}",
        f"end:{words[-2:]}",
        f"end1:{words[-1]}",
        f"len:{'xs' if size <= 5 else 's' if size <= 8 else 'm' if size <= 13 else 'l' if size <= 22 else 'xl'}",
        f"b:{words[:2]}",
        f"verbs:{now.verbs}",
        f"content:{content}",
        f"content:{content}+v:{now.verb}",
    ]
    row += [f"has:{name}" for name in now.classes]
    if now.tokens:
        row.append(f"c1:{now.tokens[0][2]}")
        if now.tokens[0][0] > 6:
            row.append("lead:long")
    if not _QUOTED.isdisjoint(words):
        row.append("quoted")
    if words[0] in _FIRST:
        row += [f"prep:{words[0]}", f"prep:{words[0]}+{now.verbs[:2]}"]
    if _AS.match(words):
        row.append("as:for")
    if _PURPOSE.match(words):
        row.append("for")
    if now.past:
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


def _after(before: Seen, now: Seen) -> list[str]:
    """What stands before in the same sentence."""
    row = [f"p:{before.verb}", f"pn:{before.noun}>{now.verb}", f"p:{before.verbs}>{now.verbs}"]
    if before.verb_word and before.verb_word == now.verb_word:
        row.append("p:same")
    if not now.tokens or now.verb == "none":
        row.append(f"p:verbless<{before.verb}")
    if len(before.words) <= 6:
        row.append("p:short")
    return row


def _joined(before: Seen, now: Seen) -> list[str]:
    """What stands before where no full stop divides the two: how they begin, how long they are, what is left open."""
    ratio = len(now.words) / len(before.words)
    length = 0 if ratio < 0.5 else 1 if ratio < 0.8 else 2 if ratio < 1.25 else 3 if ratio < 2 else 4
    row = [f"pb:{before.words[:2]}", f"length:{length}", f"length:{length}+v:{now.verb}"]
    row += [f"pw:{word}" for _, word, name in before.tokens if name in _TELLING]
    if before.opening:
        row += [f"opened:{before.opening}", f"opened:{before.opening}+v:{now.verb}"]
    return row


def _before(now: Seen, after: Seen, stop: str, same_sentence: bool) -> list[str]:
    """What comes next."""
    row = [f"nb:{after.words[:2]}"]
    if same_sentence:
        row += [f"ns:{after.verb}<{now.verb}", f"nsn:{after.noun}"]
    else:
        row.append(f"nfn:{after.noun}")
    if stop != "full":
        row += [f"nw:{word}" for _, word, name in after.tokens if name in _TELLING]
    if now.opening:
        row.append(f"open:{now.opening}>{after.verb}")
    return row


def _run_in(text: str, paragraph: Paragraph, now: Seen) -> list[str]:
    """A run-in heading is a commitment unless what follows says it again in detail."""
    row = ["runin", f"runin+v:{now.verb}"]
    rest = text[paragraph.run_in_end : paragraph.clauses[-1].end]
    pairs = {now.words[i : i + 2] for i in range(len(now.words) - 1)}
    again = sum(pair in rest for pair in pairs) / len(pairs) if pairs else 0.0
    row.append(f"again:{'no' if again < 0.2 else 'some' if again < 0.5 else 'yes'}")
    row.append(f"rest:{min(len(paragraph.clauses) // 3, 3)}")
    return row
