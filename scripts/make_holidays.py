"""Write the announced public holidays of mainland China into duties/holidays.yaml, from the library `holidays`.

Run after the State Council's notice for a year is in the library: python scripts/make_holidays.py 2020 2027
Years not announced are not written: their statutory days are computed and shown as 暂定.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import holidays
import yaml

TARGET = Path(__file__).parents[1] / "src" / "nianlun" / "duties" / "holidays.yaml"
NAMES = ("国庆节", "春节", "元旦", "清明节", "劳动节", "端午节", "中秋节")
HEAD = """\
# Public holidays of mainland China as announced by the State Council's General Office: the days off that fall on
# Monday to Friday or are statutory, and the weekend days worked for them (调休上班). Other weekend days are off anyway.
# Written by scripts/make_holidays.py; a year that is not here has not been announced.
"""
MOVED_FROM = re.compile(r"(\d{4}-\d{2}-\d{2}) 调休")


def days_of(year: int) -> tuple[dict[date, str], dict[date, str]]:
    """The year's days off and its days worked, each with its holiday.

    A swapped day goes to the nearest holiday, in October to 国庆节: 中秋节 never has a swap of its own there.
    """
    table = holidays.country_holidays("CN", years=year, language="zh_CN")
    named = {day: name for day, text in table.items() if (name := next((n for n in NAMES if n in text), None))}
    named |= {day: "春节" for day, text in table.items() if "除夕" in text}
    off: dict[date, str] = {}
    worked: dict[date, str] = {}
    for day, text in sorted(table.items()):
        nearest = named[min(named, key=lambda other: abs((other - day).days))]
        off[day] = named.get(day) or ("国庆节" if day.month == 10 else nearest)
        if swapped := MOVED_FROM.search(text):
            worked[date.fromisoformat(swapped[1])] = off[day]
    return off, dict(sorted(worked.items()))


def lines(first: int, last: int) -> Iterator[str]:
    for year in range(first, last + 1):
        off, worked = days_of(year)
        if not worked:
            continue
        yield f"{year}:"
        for title, days in (("days_off", off), ("days_worked", worked)):
            yield f"  {title}:"
            for name in dict.fromkeys(days.values()):
                of_name = ", ".join(day.isoformat() for day, other in days.items() if other == name)
                yield f"    {name}: [{of_name}]"


def main() -> None:
    first, last = int(sys.argv[1]), int(sys.argv[2])
    text = HEAD + "\n".join(lines(first, last)) + "\n"
    yaml.safe_load(text)
    TARGET.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
