"""The patterns of `lines/checkup.yaml`, read once and compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from nianlun.plans.reading.vocabulary import LINES_ROOM, load_yaml

DATA = LINES_ROOM / "checkup.yaml"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern with what the user is told of it: `advice` always, `kind` where the code names one."""

    pattern: re.Pattern[str]
    advice: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """Why people must not be listed, how plans call them, and the lawful service to write instead."""

    ground: str
    people: re.Pattern[str]
    service: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """All that the check-up looks for in words."""

    vague_always: tuple[Phrase, ...]
    vague_unmeasured: tuple[Phrase, ...]
    mask: re.Pattern[str]
    grounds: tuple[Ground, ...]
    following: re.Pattern[str]
    lawful: re.Pattern[str]
    near: int
    medical: re.Pattern[str]
    burden: tuple[Phrase, ...]


@cache
def shipped_phrases() -> Phrases:
    data = load_yaml(DATA)
    people = data["follows_people"]
    return Phrases(
        vague_always=_phrases(data["vague"]["always"]),
        vague_unmeasured=_phrases(data["vague"]["unmeasured"]),
        mask=_any_of(data["masks"]),
        grounds=tuple(
            Ground(entry["ground"], re.compile(entry["people"]), entry["service"]) for entry in people["grounds"]
        ),
        following=re.compile(people["following"]),
        lawful=re.compile(people["lawful"]),
        near=int(people["near"]),
        medical=_any_of(data["compels_medical"]),
        burden=_phrases(data["burden"]),
    )


def _phrases(entries: list[dict[str, Any]]) -> tuple[Phrase, ...]:
    return tuple(
        Phrase(re.compile(entry["pattern"]), entry["advice"], entry.get("kind", "")) for entry in entries
    )  # fmt: skip


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
