"""`nianlun year`: the overview, the files it writes, and what it says to a plan that it cannot date or read."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar

from nianlun.duties.calendar import Occurrence, Term, occurrences_of_term, schedules_of, year_of
from nianlun.duties.calendar.shipped import shipped_tables
from nianlun.duties.year_command import main, sheet_of
from nianlun.plans.reading import Item, Owner, Reading, Timing, read_plan
from nianlun.plans.reading.schedule import Deadline, Every, Named, Point, Schedule

PLAN = """2027年青禾社区工作计划
一、安全工作
1.每月开展一次消防安全检查。
2.春节前组织一次安全隐患大排查。
3.6月底前完成楼道堆物清理。
二、为老服务
1.重阳节开展敬老慰问活动。
2.建立独居老人联系卡。
"""


def reading_of(*items: tuple[str, tuple[Schedule, ...]]) -> Reading:
    """A reading whose text is the items' words, one a line."""
    text, found = "", []
    for words, schedules in items:
        start, text = len(text), f"{text}{words}\n"
        end = start + len(words)
        timings = tuple(Timing(start, end, schedule) for schedule in schedules)
        found.append(Item(start, end, "safety", timings=timings, owners=(Owner(start, end, "网格员"),)))
    return Reading(text, 2027, "试", items=tuple(found))


READING = reading_of(
    ("检查消防栓", (Every("month"),)),
    ("=1+1 走访慰问", (Named("春节", "before"), Named("重阳节"))),
    ("修订应急预案", (Deadline(Point(6, None, "end")),)),
    ("建立联系卡", ()),
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_the_year_of_a_plan_is_that_of_its_items_by_date() -> None:
    tables = shipped_tables(2027)
    dated = year_of(READING, 2027, tables)
    assert [one.due for _, one in dated] == sorted(one.due for _, one in dated)
    for item in READING.items:
        alone = occurrences_of_term(schedules_of(item), Term.of_year(2027), tables)
        assert [one for found, one in dated if found is item] == alone
    assert len(dated) == 12 + 2 + 1 + 1


def test_it_prints_the_year_month_by_month(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["year", str(plan)]) == 0
    out, err = capsys.readouterr()
    assert "2027 年 1 月" in out and "2027 年 10 月" in out
    assert "放假安排尚未公布" in out
    assert "每月开展一次消防安全检查" in out.replace("\n", "")
    assert "未写时限，按年底（2027-12-31）计" in out
    assert err == ""


def test_it_writes_the_calendar_that_the_one_function_gives(plan: Path, tmp_path: Path) -> None:
    ics, xlsx = tmp_path / "out.ics", tmp_path / "out.xlsx"
    assert main(["year", str(plan), "--year", "2026", "--ics", str(ics), "--xlsx", str(xlsx)]) == 0
    dated = year_of(read_plan(PLAN), 2026, shipped_tables(2026))
    events = Calendar.from_ical(ics.read_bytes()).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [one.due for _, one in dated]
    assert len({str(event["uid"]) for event in events}) == len(events) > 0
    book = openpyxl.load_workbook(xlsx)
    days = [
        row[1].value.date() for row in book["2026年日程"].iter_rows(min_row=2) if isinstance(row[1].value, datetime)
    ]
    assert days == [one.due for _, one in dated]


def test_a_second_run_gives_the_same_identities(plan: Path, tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("a.ics", "b.ics")]
    for out in outs:
        assert main(["year", str(plan), "--ics", str(out)]) == 0
    first, second = ([str(e["uid"]) for e in Calendar.from_ical(out.read_bytes()).walk("VEVENT")] for out in outs)
    assert first == second


def test_the_sheet_keeps_words_as_words_and_counts_by_month() -> None:
    dated = year_of(READING, 2027, shipped_tables(2027))
    book = openpyxl.load_workbook(BytesIO(sheet_of(READING, 2027, dated)))
    by_month = list(book["按月一览"].iter_rows(min_row=2, values_only=True))
    assert [row[2] for row in by_month] == ["检查消防栓", "=1+1 走访慰问", "修订应急预案", "建立联系卡"]
    assert by_month[0][3:16] == (1,) * 12 + (None,)
    assert by_month[1][3:16] == (None, 1, *(None,) * 7, 1, None, None, None)
    assert by_month[3][14] == 1 and by_month[3][16] == "未写时限，按年底"
    kinds = {cell.data_type for row in book["2027年日程"].iter_rows(min_row=2) for cell in row}
    assert "f" not in kinds
    first = [cell.value for cell in book["2027年日程"][2]]
    assert first[1:4] == [datetime(2027, 1, 29), "五", "1月"]
    assert first[4:6] == [datetime(2027, 1, 1), datetime(2027, 1, 31)]
    assert first[6:9] == ["安全应急", "检查消防栓", "网格员"]


def test_without_a_year_it_asks_for_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "undated.txt"
    path.write_text("社区工作计划\n1.每月开展一次消防安全检查。\n", encoding="utf-8")
    assert main(["year", str(path)]) == 2
    assert "--year 2027" in capsys.readouterr().err
    assert main(["year", str(path), "--year", "2027"]) == 0


@pytest.mark.parametrize("year", ["27", "二零二七", "2027.0", "1999", "-1"])
def test_a_year_that_is_none_is_refused(plan: Path, year: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["year", str(plan), f"--year={year}"])
    assert "is no year" in capsys.readouterr().err


def test_what_cannot_be_read_or_written_is_said_and_ends_with_1(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["year", str(tmp_path / "none.txt")]) == 1
    assert "找不到" in capsys.readouterr().err
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert main(["year", str(empty), "--year", "2027"]) == 1
    assert "空" in capsys.readouterr().err
    assert main(["year", str(plan), "--ics", str(tmp_path / "no" / "out.ics")]) == 1
    assert "写不了文件" in capsys.readouterr().err


def test_a_plan_without_commitments_is_an_empty_year_and_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "nothing.txt"
    path.write_text("今天天气很好。\n", encoding="utf-8")
    out = tmp_path / "out.ics"
    assert main(["year", str(path), "--year", "2027", "--ics", str(out)]) == 0
    assert "没有读到任何任务" in capsys.readouterr().err
    assert Calendar.from_ical(out.read_bytes()).walk("VEVENT") == []


def test_many_days_of_a_month_are_summed_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    daily = reading_of(("巡查楼道", (Every("day"),)))
    monkeypatch.setattr("nianlun.duties.year_command.read_plan", lambda text: daily)
    path = tmp_path / "daily.txt"
    path.write_text("巡查楼道\n", encoding="utf-8")
    assert main(["year", str(path)]) == 0
    assert "1日至31日共23次" in capsys.readouterr().out  # March 2027


def test_an_occurrence_beyond_the_year_has_its_own_column() -> None:
    late = Occurrence("2027", 1, date(2028, 1, 1), date(2028, 1, 20), date(2028, 1, 20))
    sheet = openpyxl.load_workbook(BytesIO(sheet_of(READING, 2027, [(READING.items[0], late)])))
    assert [cell.value for cell in sheet["按月一览"][2]][15] == 1
