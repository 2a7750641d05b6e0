"""An import from the upload to the undo."""

from __future__ import annotations

import pytest

from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.kernel.models import AuditRow
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.places.models import Estate, Post
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.applying import apply_next
from nianlun.ui.sheets.models import ColumnMapping, ImportBatch, ImportPart, ImportRow, Kind, Status
from nianlun.ui.sheets.running import apply_run, check_run
from tests.ui.sheets.making import (
    HEAD,
    applied,
    checked,
    kinds,
    stall,
    stall_rows,
    undone,
    uploaded,
    xlsx,
)
from tests.ui.sheets.stalls import Stalls


def test_rows_are_told_apart_before_anything_is_written(viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲", address=seal("13800000001"))
    stall(viewer, "A2", "乙", address=seal("13800000002"))
    rows = [
        HEAD,
        ["A1", "甲", "商品房小区", "13800000001", ""],
        ["A2", "乙", "商品房小区", "13800000099", "改了"],
        ["A3", "丙", "", "13800000003", ""],
        ["A4", "", "别墅", "123", ""],
    ]
    run = checked(viewer, xlsx(rows))
    assert run.status == Status.CHECKED
    assert kinds(run) == ["same", "changed", "new", "error"]
    changed, bad = run.rows.get(kind=Kind.CHANGED), run.rows.get(kind=Kind.ERROR)
    assert changed.differences == {"phone": ["138****0002", "138****0099"], "initials": ["", "改了"]}
    assert [field for field, _ in bad.problems] == ["name", "kind", "phone"]
    assert Estate.objects.count() == 2


def test_the_good_rows_go_in_and_come_out_again(viewer: CommunityViewer) -> None:
    old = stall(viewer, "A2", "乙", address=seal("13800000002"))
    rows = [
        HEAD,
        ["A2", "新乙", "商品房小区", "13800000099", ""],
        ["A3", "丙", "", "13800000003", ""],
        ["A4", "", "", "", ""],
    ]
    run = applied(viewer, checked(viewer, xlsx(rows)))
    assert (run.status, run.written, run.left) == (Status.DONE, 2, 0)
    old.refresh_from_db()
    assert (old.name, unseal(old.address)) == ("新乙", "13800000099")
    run = undone(viewer, run)
    assert (run.status, run.kept) == (Status.UNDONE, 0)
    old.refresh_from_db()
    assert (old.name, unseal(old.address)) == ("乙", "13800000002")
    assert not Estate.objects.filter(code="A3").exists()


def test_an_undo_keeps_what_was_touched_since(viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲")
    rows = [
        HEAD,
        ["A1", "甲二", "", "", ""],
        ["A2", "乙", "", "", ""],
        ["A3", "钉子", "", "", ""],
        ["A4", "丁", "", "", ""],
    ]
    run = applied(viewer, checked(viewer, xlsx(rows)))
    Estate.objects.filter(code__in=["A1", "A2"]).update(revision=9)
    run = undone(viewer, run)
    assert run.kept == 3
    kept = run.rows.filter(outcome="kept").order_by("number")
    assert [row.number for row in kept] == [2, 3, 4]
    assert all(row.record_id and row.why for row in kept)
    assert sorted(Estate.objects.values_list("code", flat=True)) == ["A1", "A2", "A3"]


def test_all_go_in_only_when_none_is_wrong(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx([HEAD, ["A1", "甲", "", "", ""], ["A2", "", "", "", ""]]))
    with pytest.raises(UserError, match="还有 1 行有问题"):
        actions.start(viewer=viewer, run=run, only_good=False)
    actions.start(viewer=viewer, run=run, only_good=True)
    with pytest.raises(StaleRevision):
        actions.start(viewer=viewer, run=run, only_good=True)


def test_a_record_stands_in_a_sheet_once_even_batches_apart(
    viewer: CommunityViewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nianlun.ui.sheets.checking.BATCH", 2)
    stall(viewer, "K")
    rows = [HEAD, *([code, "名", "", "", ""] for code in ("A", "B", "C", "A", "K", "K"))]
    run = checked(viewer, xlsx(rows))
    assert kinds(run) == ["new", "new", "new", "error", "changed", "error"]
    assert run.rows.get(number=5).problems == [["", "与第 2 行是同一条，请只留一行。"]]


def test_what_others_did_since_the_check_is_not_overwritten(viewer: CommunityViewer) -> None:
    theirs = stall(viewer, "A1", "甲")
    gone = stall(viewer, "A2", "乙")
    rows = [HEAD, *([code, "改名", "", "", ""] for code in ("A1", "A2", "A3", "A4"))]
    run = checked(viewer, xlsx(rows))
    Estate.objects.filter(pk=theirs.pk).update(name="别人改的", revision=2)
    gone.delete()
    stall(viewer, "A3", "别人建的")
    run = applied(viewer, run)
    assert (run.written, run.left) == (1, 3)
    assert list(Estate.objects.order_by("code").values_list("name", flat=True)) == ["别人改的", "别人建的", "改名"]
    assert set(run.rows.filter(outcome="left").values_list("number", flat=True)) == {2, 3, 4}


def test_one_row_that_cannot_be_saved_takes_no_other_with_it(viewer: CommunityViewer) -> None:
    rows = [HEAD, *([f"A{number}", "意外" if number == 7 else "甲", "", "", ""] for number in range(20))]
    run = applied(viewer, checked(viewer, xlsx(rows)))
    assert (run.written, run.left) == (19, 1)
    assert run.rows.get(outcome="left").why == "这个摊位刚刚有别人改过。"


def test_no_secret_lies_open_in_what_is_kept(viewer: CommunityViewer) -> None:
    number = "13912345678"
    run = checked(viewer, xlsx([HEAD, ["A1", "甲", "", number, ""], ["A2", "", "", number, ""]]))
    assert run.rows.get(number=2).written["phone"] == "139****5678"
    applied(viewer, run)
    kept: list[object] = []
    for model in (type(run), ImportRow, ImportBatch, ImportPart, ColumnMapping, AuditRow):
        kept += model.objects.values_list()
    assert number not in str(kept)
    assert unseal(Estate.objects.get(code="A1").address) == number


def test_the_file_goes_when_writing_begins(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(3)))
    assert run.parts.exists()
    actions.start(viewer=viewer, run=run, only_good=True)
    assert not run.parts.exists()


def test_columns_are_remembered_for_the_next_such_sheet(viewer: CommunityViewer) -> None:
    data = xlsx([["甲", "乙", "丙"], ["A1", "名", "x"]])
    run = uploaded(viewer, data)
    assert run.columns == ["", "", ""]
    actions.set_columns(viewer=viewer, run=run, register=Stalls(), columns=["code", "name", ""])
    assert uploaded(viewer, data).columns == ["code", "name", ""]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["", "", ""], "至少为一列"),
        (["code", "code", ""], "“编号”选了不止一列"),
        (["name", "", ""], "还缺必填的“编号”"),
        (["code", "secret", ""], "请刷新页面"),
        (["code"], "请刷新页面"),
    ],
)
def test_columns_that_cannot_be(viewer: CommunityViewer, columns: list[str], said: str) -> None:
    run = uploaded(viewer, xlsx([["甲", "乙", "丙"], ["A1", "名", "x"]]))
    with pytest.raises(UserError, match=said):
        actions.set_columns(viewer=viewer, run=run, register=Stalls(), columns=columns)


def test_one_goes_back_to_the_columns_after_the_check(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(3)))
    actions.change_columns(viewer=viewer, run=run)
    run.refresh_from_db()
    actions.set_columns(viewer=viewer, run=run, register=Stalls(), columns=["code", "name", "", "", ""])
    check_run(str(run.pk))
    assert run.rows.count() == 3
    assert set(run.rows.values_list("written__phone", flat=True)) == {None}


def test_stopped_in_the_middle_it_goes_on_where_it_stood(
    viewer: CommunityViewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nianlun.ui.sheets.checking.BATCH", 2)
    run = checked(viewer, xlsx(stall_rows(7)))
    actions.start(viewer=viewer, run=run, only_good=True)
    run.refresh_from_db()
    assert apply_next(run, Stalls(), viewer)
    actions.cancel(viewer=viewer, run=run)
    apply_run(str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.written, Estate.objects.count()) == (Status.STOPPED, 2, 2)
    actions.go_on(viewer=viewer, run=run)
    apply_run(str(run.pk))
    run.refresh_from_db()
    assert (run.status, run.written, Estate.objects.count()) == (Status.DONE, 7, 7)


def test_cancelled_before_it_wrote_anything_nothing_is_left(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(3)))
    actions.cancel(viewer=viewer, run=run)
    run.refresh_from_db()
    assert run.status == Status.CANCELLED
    assert not run.parts.exists()
    with pytest.raises(StaleRevision):
        actions.start(viewer=viewer, run=run, only_good=True)


def test_who_lost_the_right_imports_no_more(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(3)))
    actions.start(viewer=viewer, run=run, only_good=True)
    Post.objects.all().delete()
    apply_run(str(run.pk))
    run.refresh_from_db()
    assert run.status == Status.FAILED
    assert "不能在这里导入" in run.failure
    assert not Estate.objects.exists()


def test_an_export_that_comes_back_late_is_a_conflict(viewer: CommunityViewer) -> None:
    row = stall(viewer, "A1", "甲")
    titles = [*HEAD, "系统编号（请勿修改）", "系统版本（请勿修改）"]
    written = ["A1", "改名", "商品房小区", "", "", str(row.pk), "1"]
    assert kinds(checked(viewer, xlsx([titles, written]))) == ["changed"]
    Estate.objects.filter(pk=row.pk).update(revision=2)
    run = checked(viewer, xlsx([titles, written]))
    assert kinds(run) == ["conflict"]
    assert run.rows.get().differences == {"name": ["甲", "改名"]}
    Estate.objects.filter(pk=row.pk).update(name="改名")
    assert kinds(checked(viewer, xlsx([titles, written]))) == ["same"]


def test_an_id_of_nowhere_is_an_error(viewer: CommunityViewer) -> None:
    titles = [*HEAD, "系统编号（请勿修改）"]
    rows = [titles, ["A1", "甲", "", "", "", "0192f0c0-0000-7000-8000-000000000000"], ["A2", "乙", "", "", "", "x"]]
    assert kinds(checked(viewer, xlsx(rows))) == ["error", "error"]


def test_masks_that_come_back_change_nothing_and_others_are_errors(viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲", address=seal("13800001234"))
    ours, other = ["A1", "甲", "", "138****1234", ""], ["A1", "甲", "", "139****1234", ""]
    assert kinds(checked(viewer, xlsx([HEAD, ours]))) == ["same"]
    assert kinds(checked(viewer, xlsx([HEAD, other]))) == ["error"]


def test_an_empty_cell_empties_only_what_we_exported(viewer: CommunityViewer) -> None:
    row = stall(viewer, "A1", "甲", initials="有备注")
    assert kinds(checked(viewer, xlsx([HEAD, ["A1", "甲", "", "", ""]]))) == ["same"]
    titles = [*HEAD, "系统编号（请勿修改）"]
    run = checked(viewer, xlsx([titles, ["A1", "甲", "商品房小区", "", "", str(row.pk)]]))
    assert run.rows.get().differences == {"initials": ["有备注", ""]}


def test_two_numbers_with_one_mask_are_told_apart(viewer: CommunityViewer) -> None:
    stall(viewer, "A1", "甲", address=seal("13800001234"))
    run = checked(viewer, xlsx([HEAD, ["A1", "甲", "", "13899991234", ""]]))
    assert run.rows.get().differences == {"phone": ["138****1234", "138****1234"]}


def test_lost_digits_are_said_to_be_lost(viewer: CommunityViewer) -> None:
    run = checked(
        viewer, xlsx([HEAD, ["A1", "甲", "", 110105199001011234, ""], [110105199001011234, "乙", "", "", ""]])
    )
    assert kinds(run) == ["error", "error"]
    assert all("已经丢失" in row.problems[0][1] for row in run.rows.all())


def test_ten_thousand_errors_are_grouped(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx([HEAD, *([f"A{number}", "甲", "", "12", ""] for number in range(10_000))]))
    assert run.counts == {"error": 10_000, "warned": 0}
    assert [(field, count) for field, _, count in run.groups] == [("phone", 10_000)]


def test_blank_rows_are_passed_over(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx([HEAD, ["A1", "甲", "", "", ""], ["", " ", "", "", ""], ["A2", "乙", "", "", ""]]))
    assert kinds(run) == ["new", "new"]
    assert run.counts["blank"] == 1


def test_a_head_with_nothing_below_says_so(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx([HEAD]))
    assert run.status == Status.FAILED
    assert "表头下面没有内容" in run.failure
