"""Ages in whole years on a day, and the bands of age that lists are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


def age(born_on: date, day: date) -> int:
    """Whole years lived; somebody born on 29 February grows older on 1 March of other years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def years_before(day: date, years: int) -> date:
    """The last day of birth of those who have lived that many years by the day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February of a year that has none
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class Band:
    """Ages from `least` to `most` years, both included; None: no bound."""

    least: int | None = None
    most: int | None = None

    def holds(self, years: int) -> bool:
        return (self.least is None or years >= self.least) and (self.most is None or years <= self.most)

    def born(self, day: date) -> tuple[date | None, date | None]:
        """Of whom it holds on a day: born after the first and not after the second; None: no bound."""
        after = None if self.most is None else years_before(day, self.most + 1)
        return after, None if self.least is None else years_before(day, self.least)


BANDS: dict[str, tuple[str, Band]] = {
    "0-6": ("0–6 岁", Band(0, 6)),
    "7-17": ("7–17 岁", Band(7, 17)),
    "18-59": ("18–59 岁", Band(18, 59)),
    "60": ("60 岁及以上", Band(60)),
    "80": ("80 岁及以上", Band(80)),
}
