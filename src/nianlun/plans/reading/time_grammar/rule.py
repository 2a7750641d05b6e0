"""A rule of the language of time: what it looks like, what it means, and examples of what it is and is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from nianlun.plans.reading.schedule import Schedule, Unit
from nianlun.plans.reading.time_grammar.words import Frame


@dataclass(frozen=True, slots=True)
class Head:
    """A stretch in which something may happen so many times ("全年"): a schedule only once a count is bound to it."""

    unit: Unit
    interval: int = 1
    otherwise: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """So many times ("不少于两次"); `each` where it holds for every one of what was listed before ("各一次").

    `measured` where the measure is not 次 (two 场 a month): a frequency only beside a period shorter than the year.
    """

    times: int
    each: bool = False
    measured: bool = False


Meaning: TypeAlias = tuple[Schedule, ...] | Head | Count | None
Match: TypeAlias = "re.Match[str]"


@dataclass(frozen=True)
class Rule:
    """`needs`: the rule is tried only on sentences that hold one of these signs, and one of `also` where given.

    `produce` gives None where the pattern fits but the words mean something else.
    """

    id: str
    needs: str
    pattern: str
    produce: Callable[[Match, Frame], Meaning]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    also: str = ""

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern)


@dataclass(frozen=True, slots=True)
class Found:
    """A rule that fits a stretch of the squeezed text, end exclusive."""

    start: int
    end: int
    meaning: tuple[Schedule, ...] | Head | Count
    rule: str
