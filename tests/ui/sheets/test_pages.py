"""The pages of an import and of the export, as a browser meets them."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from nianlun.kernel.models import AuditRow
from nianlun.places.models import Community, PostKind
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.models import ImportRun, Status
from nianlun.ui.sheets.running import apply_run, check_run
from tests.places import make
from tests.ui.sheets.making import HEAD, applied, cells_of, checked, content, stall, stall_rows, uploaded, xlsx

BASE = "/c/wutong/stalls"


def put_in(client: Client, data: bytes, name: str = "摊位.xlsx") -> ImportRun:
    answer = client.post(f"{BASE}/import/", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.get(pk=answer["Location"].split("/")[-2])


def test_from_the_upload_to_the_undo(at_desk: Client) -> None:
    run = put_in(at_desk, xlsx([HEAD, ["A1", "甲", "", "13800000001", ""], ["A2", "", "", "", ""]]))
    page = f"{BASE}/import/{run.pk}/"
    columns = at_desk.get(page).content.decode()
    assert "第一步" in columns and "138****01" in columns and "13800000001" not in columns
    assert at_desk.post(f"{page}columns/", {"column": run.columns}).status_code == 302
    assert "正在检查" in at_desk.get(page).content.decode()
    check_run(str(run.pk))
    assert at_desk.get(f"{page}progress/")["HX-Redirect"] == page
    preview = at_desk.get(page).content.decode()
    assert "只导入没有问题的 1 行" in preview and "请填写名称" in preview
    assert "138****0001" in at_desk.get(f"{page}?kind=all").content.decode()
    assert at_desk.post(f"{page}start/", {"rows": "good"}).status_code == 302
    apply_run(str(run.pk))
    result = at_desk.get(page).content.decode()
    assert "已导入" in result and "撤回这次导入" in result
    assert at_desk.post(f"{page}undo/").status_code == 302
    assert "正在撤回" in at_desk.get(page).content.decode()
    assert "摊位.xlsx" in at_desk.get(f"{BASE}/import/").content.decode()


@pytest.mark.parametrize(
    ("data", "said"), [(b"", "文件里没有内容"), (b"<html><table>", "这是网页"), (b"PK\x03\x04", "已损坏")]
)
def test_a_file_that_cannot_be_read_is_told_at_the_form(at_desk: Client, data: bytes, said: str) -> None:
    file = SimpleUploadedFile("表.xls", data or b" ")
    answer = at_desk.post(f"{BASE}/import/", {"file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_without_a_file_the_form_says_so(at_desk: Client) -> None:
    answer = at_desk.post(f"{BASE}/import/")
    assert answer.status_code == 422
    assert "还没有选文件" in answer.content.decode()


def test_a_file_over_the_limit_is_never_held(at_desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianlun.ui.sheets.views.uploads.MOST_BYTES", 100)
    monkeypatch.setattr("nianlun.ui.sheets.actions.MOST_BYTES", 100)
    answer = at_desk.post(f"{BASE}/import/", {"file": SimpleUploadedFile("大.csv", b"a,b\n" * 40_000)})
    assert answer.status_code == 422
    assert "超过 30 MB" in answer.content.decode()


def test_the_upload_is_protected_against_forgery(home: Community) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.secretary("other", at=home))
    answer = strict.post(f"{BASE}/import/", {"file": SimpleUploadedFile("a.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 403
    assert not ImportRun.objects.exists()


def test_another_worksheet_and_another_head(at_desk: Client) -> None:
    first, second = [["说明"], ["请看第二张"]], [["x", "y"], ["编号", "名称"], ["A1", "甲"]]
    run = put_in(at_desk, xlsx(first, second, names=["说明", "名册"]))
    assert run.sheets[run.sheet]["name"] == "名册"
    page = f"{BASE}/import/{run.pk}/"
    at_desk.post(f"{page}layout/", {"sheet": "0"})
    run.refresh_from_db()
    assert (run.sheet, run.titles) == (0, ["第 A 列"])
    at_desk.post(f"{page}layout/", {"sheet": "1"})
    at_desk.post(f"{page}layout/", {"sheet": "1", "head": "1"})
    run.refresh_from_db()
    assert (run.head, run.titles) == (1, ["x", "y"])
    at_desk.post(f"{page}layout/", {"sheet": "1", "head": "0"})
    run.refresh_from_db()
    assert run.titles == ["第 A 列", "第 B 列"]
    wrong = at_desk.post(f"{page}layout/", {"sheet": "1", "head": "40"})
    assert wrong.status_code == 422


def test_what_was_chosen_stands_when_the_columns_are_refused(at_desk: Client) -> None:
    run = put_in(at_desk, xlsx([["甲", "乙"], ["A1", "名"]]))
    answer = at_desk.post(f"{BASE}/import/{run.pk}/columns/", {"column": ["name", ""]})
    assert answer.status_code == 422
    assert re.search(r'<option value="name" selected', answer.content.decode())


def test_the_same_file_again_is_told(at_desk: Client, viewer: CommunityViewer) -> None:
    data = xlsx(stall_rows(2))
    applied(viewer, checked(viewer, data))
    run = put_in(at_desk, data, "换个名字.xlsx")
    assert "完全相同" in at_desk.get(f"{BASE}/import/{run.pk}/").content.decode()


def test_a_second_import_is_told_that_it_waits(at_desk: Client, viewer: CommunityViewer) -> None:
    first, second = checked(viewer, xlsx(stall_rows(2))), checked(viewer, xlsx(stall_rows(3)))
    for run in (first, second):
        actions.start(viewer=viewer, run=run, only_good=True)
    assert "自动开始" in at_desk.get(f"{BASE}/import/{second.pk}/").content.decode()


def test_of_ten_thousand_errors_a_page_shows_a_hundred(
    at_desk: Client, viewer: CommunityViewer, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    run = checked(viewer, xlsx([HEAD, *([f"A{number}", "甲", "", "12", ""] for number in range(1_000))]))
    page = f"{BASE}/import/{run.pk}/"
    with django_assert_max_num_queries(14):
        first = at_desk.get(page).content.decode()
    assert first.count("行</td>") == 100
    assert "1000 行" in first
    second = at_desk.get(f"{page}?kind=error&after=101").content.decode()
    assert "第 102 行" in second and "after=0" in second
    third = at_desk.get(f"{page}?kind=error&after=201").content.decode()
    assert "after=101" in third
    assert at_desk.get(f"{page}?after=x&kind=y").status_code == 200


def test_bad_rows_come_back_as_they_were_with_what_is_wrong(at_desk: Client, viewer: CommunityViewer) -> None:
    rows = [[*HEAD, "别的"], ["A1", "甲", "", "", "", "留"], ["A2", "=1+1", "别墅", "12", "", "也留"]]
    run = checked(viewer, xlsx(rows))
    sheet = cells_of(content(at_desk.post(f"{BASE}/import/{run.pk}/errors/")))
    assert sheet[0] == [*HEAD, "别的", "问题"]
    assert [row[:6] for row in sheet[1:]] == [["A2", "=1+1", "别墅", "12", "", "也留"]]
    assert sheet[1][6].startswith("类别：只能填")
    mended = [sheet[0], ["A2", "乙", "", "", "", "也留", sheet[1][6]]]
    assert list(checked(viewer, xlsx(mended)).rows.values_list("kind", flat=True)) == ["new"]


def test_only_who_put_it_in_gets_the_bad_rows(client: Client, viewer: CommunityViewer, home: Community) -> None:
    run = checked(viewer, xlsx([HEAD, ["A1", "", "", "", ""]]))
    client.force_login(make.worker(at=home))
    page = client.get(f"{BASE}/import/{run.pk}/")
    assert page.status_code == 200 and "errors/" not in page.content.decode()
    assert client.post(f"{BASE}/import/{run.pk}/errors/").status_code == 403


PAGES = ("import/", "import/blank/", "export/", "import/{run}/", "import/{run}/progress/")
ACTS = ("layout", "columns", "errors", "again", "start", "cancel", "go-on", "undo")


def test_strangers_find_nothing_and_the_wrong_post_is_refused(client: Client, viewer: CommunityViewer) -> None:
    run = uploaded(viewer, xlsx(stall_rows(1)))
    stranger = make.secretary("stranger", at=make.community("far", of=make.subdistrict("other")))
    wrong = make.worker("walker", at=viewer.community, kind=PostKind.GRID_WORKER)
    for who, status in ((stranger, 404), (wrong, 403)):
        client.force_login(who)
        for page in PAGES:
            assert client.get(f"{BASE}/{page.format(run=run.pk)}").status_code == status, page
        for act in ACTS:
            assert client.post(f"{BASE}/import/{run.pk}/{act}/").status_code == status, act
    run.refresh_from_db()
    assert run.status == Status.COLUMNS


def test_an_import_of_the_next_community_does_not_exist(client: Client, viewer: CommunityViewer) -> None:
    run = uploaded(viewer, xlsx(stall_rows(1)))
    both = make.secretary("both", at=make.community("heying"))
    client.force_login(both)
    assert client.get(f"/c/heying/stalls/import/{run.pk}/").status_code == 404


def test_what_cannot_be_done_now_is_refused(at_desk: Client) -> None:
    run = put_in(at_desk, xlsx(stall_rows(1)))
    page = f"{BASE}/import/{run.pk}"
    for act in ("start", "again", "go-on", "undo"):
        assert at_desk.post(f"{page}/{act}/").status_code == 409, act
    assert at_desk.post(f"{page}/errors/").status_code == 422
    assert at_desk.get(f"{page}/start/").status_code == 405


def test_every_step_is_in_the_log(at_desk: Client, viewer: CommunityViewer) -> None:
    applied(viewer, checked(viewer, xlsx(stall_rows(1))))
    stall(viewer, "Z9")
    content(at_desk.post(f"{BASE}/export/", {"form": "csv"}))
    told = dict(AuditRow.objects.filter(action__startswith="sheet.").values_list("action", "detail"))
    assert list(told) == ["sheet.uploaded", "sheet.started", "sheet.imported", "sheet.exported"]
    assert told["sheet.imported"]["written"] == 1
    assert told["sheet.exported"]["count"] == 2
