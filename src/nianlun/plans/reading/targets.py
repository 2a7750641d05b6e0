"""Figures that a result can be checked against, explicit or implied by "none" and "all"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianlun.plans.reading.figures import find_figures
from nianlun.plans.reading.model import Target
from nianlun.plans.reading.promises import find_promises
from nianlun.plans.reading.schedule import Every
from nianlun.plans.reading.time_grammar import squeeze
from nianlun.plans.reading.timing import Found, find_schedules


def assign_targets(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[Target, ...]]:
    """For each item its targets in the order of the text; what a schedule is made of ("两次", "6月30日") is none."""
    found = find_schedules(text)
    assigned: list[tuple[Target, ...]] = []
    first = 0
    for start, end in spans:
        while first < len(found) and found[first].end <= start:
            first += 1
        taken = {place for stretch in _taken(found, first, end) for place in range(*stretch)}
        words = _without_dates(text, start, end, found, first)
        assigned.append(tuple(sorted(_targets_of(text, words, start, taken), key=lambda t: t.start)))
    return assigned


def _without_dates(text: str, start: int, end: int, found: Sequence[Found], first: int) -> str:
    """The item with commas for its dates, so that "年底前更换灭火器60具" counts 灭火器; every place stays."""
    words = text[start:end]
    for index in range(first, len(found)):
        one = found[index]
        if one.start >= end:
            break
        if one.start >= start and one.end <= end and not isinstance(one.schedules[0], Every):
            words = words[: one.start - start] + "，" * (one.end - one.start) + words[one.end - start :]
    return words


def _taken(found: Sequence[Found], first: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches that schedules are made of, from the `first` found one to those that begin before `end`."""
    for index in range(first, len(found)):
        one = found[index]
        if one.start >= end:
            return
        yield one.start, one.end
        if one.count:
            yield one.count


def _targets_of(text: str, words: str, start: int, taken: set[int]) -> Iterator[Target]:
    squeezed = squeeze(words)

    def place(first: int, last: int) -> tuple[int, int]:
        here, there = squeezed.source_span(first, last)
        return start + here, start + there

    for figure in find_figures(squeezed.text):
        here, there = place(figure.start, figure.end)
        if figure.number[1]:
            number = place(*figure.number)
            if not taken.isdisjoint(range(*number)) or _names_something(text, number[0]):
                continue
        yield Target(here, there, figure.metric, figure.op, figure.value, figure.unit, figure.value2, rule=figure.rule)
    for promise in find_promises(squeezed.text):
        here, there = place(promise.start, promise.end)
        yield Target(here, there, promise.metric, "eq", promise.value, promise.unit, implied=True, rule=promise.rule)


def _names_something(text: str, start: int) -> bool:
    """Whether a number opens what stands in quotation marks: a brand or campaign ("一刻钟服务圈")."""
    return start > 0 and text[start - 1] in "“「『‘"
