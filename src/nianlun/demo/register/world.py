"""What the made-up register draws from: chance with a seed, words, and numbers that are nobody's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml
from stdnum.cn import uscc

from nianlun.kernel.fields.secrets import ID_CHECKS, ID_WEIGHTS

Choice = TypeVar("Choice")
# No division of the country begins with 99, no mobile network was given 154: such numbers are nobody's.
REGION = "990101"
MOBILE = "154"


class World:
    """One seed's world: the same calls in the same order give the same register, but for its ids and sealed values."""

    def __init__(self, seed: int, today: date) -> None:
        self.chance = Random(seed)
        self.today = today
        self.communities = 0  # how many have been laid out; each has its own place on the map
        self._born: Counter[tuple[date, bool]] = Counter()
        self._organisations = 0

    @cached_property
    def words(self) -> Mapping[str, Any]:
        read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
        return read

    @cached_property
    def _surnames(self) -> tuple[list[str], list[int]]:
        return list(self.words["surnames"]), list(self.words["surnames"].values())

    def pick(self, among: Sequence[Choice]) -> Choice:
        return self.chance.choice(among)

    def weighed(self, weights: Mapping[Choice, float]) -> Choice:
        """One of the keys, as often as its weight says."""
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def day_between(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.chance.randint(0, max(0, (last - first).days)))

    def days_ago(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.chance.randint(least, most))

    def born(self, age: int) -> date:
        """A day of birth of somebody who is that many years old today."""
        return self.today - timedelta(days=int(age * 365.25) + self.chance.randint(1, 364))

    def surname(self) -> str:
        return self.chance.choices(*self._surnames)[0]

    def given(self, *, male: bool, born_on: date) -> str:
        """One or two characters as they were liked in the decade of birth."""
        decade = "old" if born_on.year < 1960 else "middle" if born_on.year < 1985 else "young"
        liked = self.words["given"]["male" if male else "female"][decade]
        return "".join(self.pick(liked) for _ in range(1 if self.happens(0.18) else 2))

    def id_number(self, born_on: date, *, male: bool) -> str:
        """An identity number with a right check character, of a region that does not exist; each is given once."""
        self._born[born_on, male] += 1
        serial = (self._born[born_on, male] * 2 - male) % 1000
        body = f"{REGION}{born_on:%Y%m%d}{serial:03}"
        weighed = sum(weight * int(figure) for weight, figure in zip(ID_WEIGHTS, body, strict=True))
        return body + ID_CHECKS[weighed % 11]

    def phone(self) -> str:
        return f"{MOBILE}{self.chance.randrange(10**8):08}"

    def credit_code(self) -> str:
        """A credit code with a right check character, of the same region; each is given once."""
        self._organisations += 1
        body = f"91{REGION}MA{self._organisations:07}"
        return body + str(uscc.calc_check_digit(body))
