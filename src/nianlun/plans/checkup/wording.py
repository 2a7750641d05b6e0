"""What the words of a plan give away: vagueness, blanks, lists of people, compulsion, burdens."""

from __future__ import annotations

from collections.abc import Iterator

from nianlun.plans.checkup.codes import Code
from nianlun.plans.checkup.finding import Finding
from nianlun.plans.checkup.phrases import Ground, Phrases, shipped_phrases
from nianlun.plans.checkup.places import ItemPlaces, sentences
from nianlun.plans.reading.model import Reading


def vague(reading: Reading) -> Iterator[Finding]:
    """Words that promise nothing: some always, some only where the commitment has neither schedule nor figure."""
    phrases = shipped_phrases()
    for index, item in enumerate(reading.items):
        unmeasured = () if item.timings or item.targets else phrases.vague_unmeasured
        for kinds, every in ((phrases.vague_always, True), (unmeasured, False)):
            for phrase in kinds:
                found = phrase.pattern.search(reading.text, item.start, item.end)
                if found is not None:
                    detail = {"word": found.group(), "advice": phrase.advice}
                    yield Finding(Code.VAGUE, *found.span(), index, detail)
                    if not every:
                        break


def masks(reading: Reading, places: ItemPlaces) -> Iterator[Finding]:
    for found in shipped_phrases().mask.finditer(reading.text):
        yield Finding(Code.MASK, *found.span(), places.at(*found.span()), {"word": found.group()})


def needs_legal_basis(reading: Reading, places: ItemPlaces) -> Iterator[Finding]:
    phrases = shipped_phrases()
    for offset, sentence in sentences(reading.text):
        if phrases.lawful.search(sentence):
            continue
        for ground in phrases.grounds:
            span = _followed(sentence, ground, phrases)
            if span is not None:
                start, end = offset + span[0], offset + span[1]
                detail = {
                    "word": reading.text[start:end],
                    "ground": ground.ground,
                    "service": ground.service,
                }
                yield Finding(Code.FOLLOWS_PEOPLE, start, end, places.at(start, end), detail)
        for found in phrases.medical.finditer(sentence):
            start, end = offset + found.start(), offset + found.end()
            yield Finding(Code.COMPELS_MEDICAL, start, end, places.at(start, end), {"word": found.group()})


def _followed(sentence: str, ground: Ground, phrases: Phrases) -> tuple[int, int] | None:
    """The stretch of a sentence that names such people and how they are to be followed, None where it does not."""
    for people in ground.people.finditer(sentence):
        window_start = max(0, people.start() - phrases.near)
        window_end = people.end() + phrases.near
        found = (
            phrases.following.search(sentence, people.end(), window_end)
            or phrases.following.search(sentence, window_start, people.start())
            or phrases.following.search(sentence, window_start, window_end)
        )
        if found is not None:
            return min(people.start(), found.start()), max(people.end(), found.end())
    return None


def burdens(reading: Reading, places: ItemPlaces) -> Iterator[Finding]:
    for phrase in shipped_phrases().burden:
        for found in phrase.pattern.finditer(reading.text):
            detail = {"word": found.group(), "kind": phrase.kind, "advice": phrase.advice}
            yield Finding(Code.BURDEN, *found.span(), places.at(*found.span()), detail)
