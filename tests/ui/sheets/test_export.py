"""What is taken away in a sheet, and that it comes back as it went."""

from __future__ import annotations

import asyncio
import io
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from nianlun.kernel import clock
from nianlun.kernel.errors import UserError
from nianlun.kernel.fields import Field, check
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.models import Estate
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets.examples import example
from nianlun.ui.sheets.streaming import Download, written
from tests.ui.sheets.making import applied, cells_of, checked, content, csv_rows, kinds, stall, xlsx

EXPORT = "/c/wutong/stalls/export/"


def test_it_is_marked_masked_and_ordered(at_desk: Client, viewer: CommunityViewer) -> None:
    stall(viewer, "B2", "乙")
    stall(viewer, "A1", "甲", address=seal("13800001234"))
    with clock.frozen(datetime(2027, 1, 31, 9, 5, tzinfo=clock.CHINA)):
        answer = at_desk.post(EXPORT)
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''wutong")
    data = content(answer)
    rows = cells_of(data)
    assert "wutong社区 · 摊位 · secretary 2027-01-31 09:05 导出" in rows[0][0]
    assert rows[1][:5] == ["编号", "名称", "类别", "联系电话", "备注"]
    assert [row[:4] for row in rows[2:]] == [
        ["A1", "甲", "商品房小区", "138****1234"],
        ["B2", "乙", "商品房小区", ""],
    ]
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    assert sheet.column_dimensions["F"].hidden
    assert "secretary" in sheet.oddHeader.left.text and "secretary" in book.properties.description


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_nothing_in_it_runs(at_desk: Client, viewer: CommunityViewer, form: str) -> None:
    wicked = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(A1)",
        "http://x.example",
    ]
    for number, name in enumerate(wicked):
        stall(viewer, f"A{number:02}", name)
    data = content(at_desk.post(EXPORT, {"form": form}))
    if form == "csv":
        names = [row[1] for row in csv_rows(data)[1:]]
        assert names == [*(f"'{name}" for name in wicked[:-1]), wicked[-1]]
    else:
        sheet = load_workbook(io.BytesIO(data)).worksheets[0]
        assert {cell.data_type for row in sheet.iter_rows(min_row=3) for cell in row} <= {"s", "n"}
        assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    assert set(kinds(checked(viewer, data, f"a.{form}"))) == {"same"}


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_exported_edited_and_imported_again(at_desk: Client, viewer: CommunityViewer, form: str) -> None:
    one, two = stall(viewer, "A1", "甲", address=seal("13800001234")), stall(viewer, "A2", "乙")
    data = content(at_desk.post(EXPORT, {"form": form}))
    rows = cells_of(data) if form == "xlsx" else csv_rows(data)
    head = next(row for row in rows if row[0] == "编号")
    first, second = rows[rows.index(head) + 1 :]
    first[0], first[1], second[3] = "A9", "甲甲", "13900000000"  # the code too: it is the id that tells the record
    run = applied(viewer, checked(viewer, xlsx([head, first, second])))
    assert run.written == 2
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.code, one.name, unseal(one.address)) == ("A9", "甲甲", "13800001234")
    assert (two.name, unseal(two.address)) == ("乙", "13900000000")


def test_it_takes_the_filters_of_the_list(at_desk: Client, viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲", kind="old")
    stall(viewer, "A2", "乙")
    page = at_desk.get(f"{EXPORT}?kind=old").content.decode()
    assert "1 个" in page and "老旧小区" in page
    rows = csv_rows(content(at_desk.post(f"{EXPORT}?kind=old", {"form": "csv"})))
    assert [row[0] for row in rows] == ["编号", "A1"]
    told = AuditRow.objects.get(action="sheet.exported")
    assert told.detail == {
        "register": "stalls",
        "form": "csv",
        "count": 1,
        "words": "",
        "filters": {"类别": "老旧小区"},
    }


def test_words_that_may_be_a_number_stay_out_of_the_log(at_desk: Client, viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "13800001234")
    content(at_desk.post(f"{EXPORT}?q=13800001234"))
    assert AuditRow.objects.get(action="sheet.exported").detail["words"] == "（号码）"


def test_of_nothing_there_is_no_file(at_desk: Client) -> None:
    assert at_desk.post(EXPORT).status_code == 422
    assert "没有可以导出的记录" in at_desk.get(EXPORT).content.decode()


def test_the_queries_do_not_grow_with_the_rows(at_desk: Client, viewer: CommunityViewer) -> None:
    counts = []
    for _ in range(2):
        for _ in range(20):
            stall(viewer, f"A{Estate.objects.count()}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            content(at_desk.post(EXPORT))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_full_disk_is_told() -> None:
    def full(file: object) -> int:
        raise OSError(28, "No space left on device")

    with pytest.raises(UserError, match="磁盘空间"):
        written(full)


def test_an_asynchronous_server_sends_it_in_pieces() -> None:
    file, _ = written(lambda into: into.write(b"x" * 150_000))

    async def taken() -> list[int]:
        return [len(piece) async for piece in Download(file, "a.csv", "text/csv")]

    assert asyncio.run(taken()) == [65_536, 65_536, 18_928]


def test_the_blank_sheet_is_filled_in_and_its_example_passed_over(at_desk: Client, viewer: CommunityViewer) -> None:
    data = content(at_desk.get("/c/wutong/stalls/import/blank/"))
    book = load_workbook(io.BytesIO(data))
    assert [sheet.title for sheet in book.worksheets] == ["摊位", "填写说明"]
    assert [told.sqref for told in book.worksheets[0].data_validations.dataValidation] != []
    rows = cells_of(data)
    assert rows[0] == ["编号*", "名称*", "类别", "联系电话", "备注"]
    run = checked(viewer, xlsx([*rows, ["A1", "甲", "", "", ""]]))
    assert list(run.rows.values_list("number", flat=True)) == [3]


def test_no_example_is_somebody() -> None:
    fields = [Field("id", "身份证号", "id_number"), Field("code", "代码", "credit_code", required=True)]
    assert set(check(fields, example(fields)).errors) == {"id", "code"}
