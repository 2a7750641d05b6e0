"""`nianlun year FILE`: a plan's year month by month, as a calendar file and as a spreadsheet, without a database."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from rich.console import Console
from rich.table import Table

from nianlun.duties.calendar import Mark, Occurrence, year_of
from nianlun.duties.calendar.shipped import announced_years, shipped_tables
from nianlun.duties.feed import FeedEntry, feed, marks_text
from nianlun.duties.year_sheet import SheetItem, year_sheet
from nianlun.places.lines import LINE_TITLES
from nianlun.plans.reading import read_plan
from nianlun.plans.reading.files import Fault, PlanFileError, read_file
from nianlun.plans.reading.model import Item, Reading

YEARS = range(2000, 2100)
NO_YEAR = "计划里没有读到年份，请用 --year 指明，例如：nianlun year {file} --year 2027"
DATES_IN_A_CELL = 4
WIDTHS = {"日期": 18, "责任人": 12, "说明": 14}
Dated = Sequence[tuple[Item, Occurrence]]


def main(argv: Sequence[str]) -> int:
    """Run the command; `argv[0]` is its name. Returns 0, 1 where a file cannot be read or written, 2 for bad usage."""
    options = _parser().parse_args(argv[1:])
    errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
    try:
        text = _text_of(options.file)
    except PlanFileError as error:
        errors.print(error.message)
        return 1
    reading = read_plan(text)
    year = options.year or reading.year
    if year is None or year not in YEARS:
        errors.print(NO_YEAR.format(file=options.file))
        return 2
    for warning in reading.warnings:
        errors.print(warning)
    dated = year_of(reading, year, shipped_tables(year))
    outputs = [(path, make) for path, make in ((options.ics, _ics), (options.xlsx, sheet_of)) if path is not None]
    for path, make in outputs:
        try:
            path.write_bytes(make(reading, year, dated))
        except OSError as error:
            errors.print(f"写不了文件 {path}：{error.strerror}")
            return 1
    console = Console(highlight=False, markup=False, soft_wrap=False)
    _print(console, reading, year, dated)
    for path, _ in outputs:
        console.print(f"已写入 {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nianlun year", description="a plan's year as a calendar, without a database")
    parser.add_argument("file", help="the plan (.txt, .md, .docx, .pdf), or - for standard input")
    parser.add_argument("--year", type=_year, metavar="YEAR", help="default: the year that the plan names")
    parser.add_argument("--ics", type=Path, metavar="OUT", help="write an iCalendar file")
    parser.add_argument("--xlsx", type=Path, metavar="OUT", help="write a spreadsheet")
    return parser


def _year(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or int(word) not in YEARS:
        raise argparse.ArgumentTypeError(f"{word!r} is no year from {YEARS[0]} to {YEARS[-1]}")
    return int(word)


def _text_of(file: str) -> str:
    if file == "-":
        name, data = "标准输入", sys.stdin.buffer.read()
    else:
        name = Path(file).name
        try:
            data = Path(file).read_bytes()
        except OSError as error:
            raise PlanFileError(Fault.NOT_FOUND, name) from error
    return read_file(name, data).text


def feed_entries(reading: Reading, dated: Dated) -> list[FeedEntry]:
    """The year for a feed; an item is known by its plan's title and its words, so that a second run agrees."""
    seen: Counter[str] = Counter()
    names: dict[Item, str] = {}
    for item in reading.items:
        quote = reading.quote(item)
        seen[quote] += 1
        names[item] = sha256(f"{reading.title}\n{quote}\n{seen[quote]}".encode()).hexdigest()
    return [
        FeedEntry(
            duty=names[item],
            occurrence=one,
            summary=reading.quote(item)[:60],
            sentence=reading.quote(item),
            line=LINE_TITLES.get(item.line, item.line),
            owners=tuple(owner.name for owner in item.owners),
        )
        for item, one in dated
    ]


def sheet_of(reading: Reading, year: int, dated: Dated) -> bytes:
    """The spreadsheet of what `year_of` gave for the reading and the year."""
    items = {
        item: SheetItem(
            LINE_TITLES.get(item.line, item.line), reading.quote(item), "、".join(owner.name for owner in item.owners)
        )
        for item in reading.items
    }
    return year_sheet(list(items.values()), year, [(items[item], one) for item, one in dated])


def _ics(reading: Reading, year: int, dated: Dated) -> bytes:
    return feed(f"{reading.title or '工作计划'} {year}", feed_entries(reading, dated), datetime.now(UTC))


def _print(console: Console, reading: Reading, year: int, dated: Dated) -> None:
    timed = [(item, one) for item, one in dated if Mark.UNSCHEDULED not in one.marks]
    undated = [(item, one) for item, one in dated if Mark.UNSCHEDULED in one.marks]
    console.print(
        f"{reading.title or '工作计划'}：{year} 年，{len(reading.items)} 项任务，共 {len(timed)} 次有时限的安排"
    )
    if year not in announced_years():
        console.print(f"{year} 年放假安排尚未公布或未收录，按法定节日暂定，不含调休。")
    months = sorted({(one.due.year, one.due.month) for _, one in timed})
    for month in months:
        rows = [(item, one) for item, one in timed if (one.due.year, one.due.month) == month]
        console.print(_month_table(reading, f"{month[0]} 年 {month[1]} 月", rows))
    if undated:
        table = _table(f"未写时限，按年底（{undated[0][1].due}）计：{len(undated)} 项", "条线", "任务", "责任人")
        for item, _ in undated:
            table.add_row(*_cells(reading, item))
        console.print(table)


def _month_table(reading: Reading, title: str, rows: Dated) -> Table:
    """One line for each item that is due in the month; daily work is summed up."""
    by_item: dict[Item, list[Occurrence]] = {}
    for item, one in rows:
        by_item.setdefault(item, []).append(one)
    table = _table(f"{title}：{len(by_item)} 项，{len(rows)} 次", "日期", "条线", "任务", "责任人", "说明")
    for item, found in by_item.items():
        days = [f"{one.due.day}日" for one in found]
        shown = "、".join(days) if len(days) <= DATES_IN_A_CELL else f"{days[0]}至{days[-1]}共{len(days)}次"
        marks = dict.fromkeys(marks_text(one) for one in found if one.marks)
        table.add_row(shown, *_cells(reading, item), " / ".join(marks))
    return table


def _table(title: str, *columns: str) -> Table:
    """A table as wide as the page in which no word of the plan is cut off."""
    table = Table(title=title, expand=True)
    for column in columns:
        table.add_column(column, overflow="fold", ratio=1 if column == "任务" else None, max_width=WIDTHS.get(column))
    return table


def _cells(reading: Reading, item: Item) -> tuple[str, str, str]:
    owners = "、".join(owner.name for owner in item.owners)
    return LINE_TITLES.get(item.line, item.line), reading.quote(item), owners
