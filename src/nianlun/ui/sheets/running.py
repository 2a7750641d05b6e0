"""The three steps of an import that take time: checking, writing, taking back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.applying import apply_next, note, undo_next
from nianlun.ui.sheets.behalf import on_behalf_of
from nianlun.ui.sheets.checking import Checker
from nianlun.ui.sheets.files import file_of
from nianlun.ui.sheets.models import ImportRun, Status
from nianlun.ui.sheets.reading import rows

FAILED_CHECK = "检查时出了意外，没有导入任何内容。请重新上传；仍然不行，请把文件另存为新的 .xlsx 再试。"
FAILED_WRITE = "写入时出了意外，已停下。已写入的行都在，可以撤回，也可以重新上传同一份文件继续。"
NO_ROOM = "服务器的磁盘满了，已停下，文件没有问题。请告诉管理员清理磁盘，之后再导入一次。"
SHOWN_GROUPS = 50
Next = Callable[[ImportRun, Register[Any, Any], Any], bool]


def check_run(run_id: str) -> None:
    """Check an upload from its first row; does nothing for one that is not waiting for it."""
    run = _in_step(run_id, Status.CHECKING)
    if run is None:
        return
    try:
        register, viewer = on_behalf_of(run)
        _start_over(run)
        checker = Checker(run, register, viewer)
        data = file_of(run)
        given = rows(data, run.sheets[run.sheet]["place"], run.file_name)
        for number, batch in enumerate(checker.batches(given)):
            with transaction.atomic():
                if not _go_on(run, done=batch[-1][0]):
                    return
                checker.check(number, batch)
    except UserError as error:
        fail(run_id, error.message)
        return
    _checked(run, checker)


def _start_over(run: ImportRun) -> None:
    """What a process that died had checked is checked again: rows know of each other only in one go."""
    with transaction.atomic():
        run.rows.all().delete()
        run.batches.all().delete()


def _go_on(run: ImportRun, *, done: int) -> bool:
    """Whether the run was not cancelled meanwhile; tells how far it is."""
    running = ImportRun.objects.filter(pk=run.pk, status=Status.CHECKING)
    return bool(running.update(done=done, moved_at=now()))


@transaction.atomic
def _checked(run: ImportRun, checker: Checker) -> None:
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.status != Status.CHECKING:
        return
    counts = dict(checker.counts)
    if not any(count for kind, count in counts.items() if kind not in {"blank", "warned"}):
        raise_empty(locked)
        return
    locked.status = Status.CHECKED
    locked.counts = counts
    common = checker.groups.most_common(SHOWN_GROUPS)
    locked.groups = [[field, message, count] for (field, message), count in common]
    locked.moved_at = now()
    locked.save(update_fields=["status", "counts", "groups", "moved_at"])


def raise_empty(run: ImportRun) -> None:
    """A sheet with a head and nothing below it ends there."""
    run.status, run.failure = Status.FAILED, "表头下面没有内容。请检查选对了工作表和表头行，再重新上传。"
    run.ended_at = run.moved_at = now()
    run.save(update_fields=["status", "failure", "ended_at", "moved_at"])


def apply_run(run_id: str) -> None:
    """Write the batches that are not yet written; does nothing for a run that is not waiting for it."""
    _through(run_id, Status.APPLYING, apply_next)


def undo_run(run_id: str) -> None:
    """Take back the batches that were written, the last first."""
    _through(run_id, Status.UNDOING, undo_next)


def _through(run_id: str, step: Status, act: Next) -> None:
    run = _in_step(run_id, step)
    if run is None:
        return
    try:
        register, viewer = on_behalf_of(run)
        while act(run, register, viewer):
            pass
    except UserError as error:
        fail(run_id, error.message)


def _in_step(run_id: str, step: Status) -> ImportRun | None:
    return ImportRun.objects.filter(pk=run_id, status=step).first()


@transaction.atomic
def fail(run_id: str, why: str) -> None:
    """End a run that cannot go on; what it wrote stays, and can be taken back."""
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None or not run.running:
        return
    run.status = Status.STOPPED if run.written else Status.FAILED
    run.failure = why[:300]
    run.ended_at = run.moved_at = now()
    run.save(update_fields=["status", "failure", "ended_at", "moved_at"])
    note("sheet.failed", run)
