"""What imports leave behind, and for how long; whose turn it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from nianlun.kernel import clock
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.columns import SealedText
from nianlun.kernel.sealing.columns_found import columns
from nianlun.places.viewing import CommunityViewer
from nianlun.ui.sheets import actions
from nianlun.ui.sheets.forgetting import forget
from nianlun.ui.sheets.models import ImportBatch, ImportPart, ImportRow, Status
from nianlun.ui.sheets.running import fail
from tests.ui.sheets.making import applied, checked, kinds, stall, stall_rows, uploaded, xlsx
from tests.ui.sheets.stalls import Stalls


def test_an_upload_that_nobody_went_on_with_is_cancelled(viewer: CommunityViewer) -> None:
    run = uploaded(viewer, xlsx(stall_rows(2)))
    forget()
    assert ImportPart.objects.exists()
    with clock.frozen(clock.now() + timedelta(days=4)):
        forget()
    run.refresh_from_db()
    assert run.status == Status.CANCELLED
    assert not ImportPart.objects.exists()


def test_rows_go_a_month_after_the_end_and_the_undo_with_them(viewer: CommunityViewer) -> None:
    run = applied(viewer, checked(viewer, xlsx(stall_rows(2))))
    forget()
    assert ImportRow.objects.count() == 2
    with clock.frozen(clock.now() + timedelta(days=31)):
        forget()
    assert not ImportRow.objects.exists() and not ImportBatch.objects.exists()
    run.refresh_from_db()
    assert (run.forgotten, run.undoable, run.written) == (True, False, 2)
    with pytest.raises(UserError, match="不能撤回"):
        actions.undo(viewer=viewer, run=run)


def test_a_change_of_keys_reaches_what_waits() -> None:
    sealed = {str(column) for column in columns(SealedText)}
    assert {
        "ui.importpart.content_sealed",
        "ui.importbatch.content_sealed",
        "ui.importbatch.before_sealed",
        "ui.importrun.sample_sealed",
    } <= sealed


def test_jobs_that_write_into_one_register_of_one_place_take_turns(viewer: CommunityViewer) -> None:
    for count in (2, 3):
        run = checked(viewer, xlsx(stall_rows(count)))
        actions.start(viewer=viewer, run=run, only_good=True)
    locks = list(ProcrastinateJob.objects.filter(task_name="ui.apply_sheet").values_list("lock", flat=True))
    assert len(locks) == 2 and locks[0] and len(set(locks)) == 1


def test_what_failed_in_the_middle_can_go_on(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(2)))
    actions.start(viewer=viewer, run=run, only_good=True)
    fail(str(run.pk), "出了意外。")
    run.refresh_from_db()
    assert (run.status, run.failure) == (Status.FAILED, "出了意外。")
    fail(str(run.pk), "再来一次。")
    run.refresh_from_db()
    assert run.failure == "出了意外。"


def test_a_run_whose_worker_is_gone_is_queued_again(viewer: CommunityViewer) -> None:
    run = checked(viewer, xlsx(stall_rows(2)))
    actions.start(viewer=viewer, run=run, only_good=True)
    run.refresh_from_db()
    assert not run.silent
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        assert run.silent
    actions.go_on(viewer=viewer, run=run)
    assert ProcrastinateJob.objects.filter(task_name="ui.apply_sheet").count() == 2


def test_what_is_written_once_is_left_and_warned_of(viewer: CommunityViewer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stalls, "fixed", ("kind",))
    stall(viewer, "A1", "甲", kind="old")
    run = checked(viewer, xlsx([["编号", "名称", "类别"], ["A1", "甲", "单位宿舍"]]))
    assert kinds(run) == ["same"]
    assert run.rows.get().warnings == ["类别登记后不能在表格里改，仍是老旧小区。"]
