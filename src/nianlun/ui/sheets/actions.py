"""Writes of imports: a file uploaded, its columns set, its rows let in, stopped, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from nianlun.kernel.clock import now
from nianlun.kernel.errors import StaleRevision, UserError
from nianlun.ui.jobs import apply_sheet, check_sheet, undo_sheet
from nianlun.ui.registers.register import Register
from nianlun.ui.sheets.applying import note
from nianlun.ui.sheets.files import digest_of, drop_file, keep_file, sealed_samples
from nianlun.ui.sheets.guessing import RECORD_ID, REVISION, fingerprint, guess
from nianlun.ui.sheets.layout import Layout, layout_of, writable
from nianlun.ui.sheets.limits import MOST_BYTES
from nianlun.ui.sheets.models import ColumnMapping, ImportRun, Status
from nianlun.ui.sheets.reading import Fault, SheetRefused, peek

JOBS = {Status.CHECKING: check_sheet, Status.APPLYING: apply_sheet, Status.UNDOING: undo_sheet}
MOVED_ON = "这次导入已经到了别的步骤，请刷新页面再看。"


def upload(*, viewer: Any, register: Register[Any, Any], name: str, data: bytes) -> ImportRun:
    """Take in a file: look at its worksheets, guess how they are laid out, and keep it sealed for what follows."""
    if len(data) > MOST_BYTES:
        raise SheetRefused(Fault.TOO_BIG, name)
    peeks = peek(data, name)
    fields = writable(register, viewer)
    guesses = [guess(one.rows, fields) for one in peeks]
    likely = max(range(len(peeks)), key=lambda at: (not peeks[at].hidden, guesses[at].score, -at))
    sheets = [{key: value for key, value in asdict(one).items() if key != "rows"} for one in peeks]
    with transaction.atomic():
        run = ImportRun(
            register=register.code, place_id=viewer.place_id, place_code=viewer.place_code, tenant_id=viewer.tenant_id,
            user_id=viewer.user_id, user_name=viewer.user_name, actor_id=viewer.user_id,
            file_name=name[:200], file_bytes=len(data), file_digest=digest_of(data), sheets=sheets,
            sample_sealed=sealed_samples(peeks),
        )  # fmt: skip
        run.save(force_insert=True)
        keep_file(run, data)
        _lay_out(run, layout_of(run, likely, register, viewer))
        note("sheet.uploaded", run)
    return run


def _lay_out(run: ImportRun, layout: Layout) -> None:
    run.sheet, run.head, run.deep = layout.sheet, layout.head, layout.deep
    run.titles, run.columns = layout.titles, layout.columns
    run.total = int(run.sheets[run.sheet]["height"])
    run.moved_at = now()
    run.save(update_fields=["sheet", "head", "deep", "titles", "columns", "total", "moved_at"])


@transaction.atomic
def choose_layout(*, viewer: Any, run: ImportRun, register: Register[Any, Any], sheet: int, head: int | None) -> None:
    """Take another worksheet or another row as the head; the columns are guessed anew."""
    run = _locked(run, Status.COLUMNS)
    _lay_out(run, layout_of(run, sheet, register, viewer, head))


@transaction.atomic
def set_columns(*, viewer: Any, run: ImportRun, register: Register[Any, Any], columns: Sequence[str]) -> None:
    """Which column is which field, as a person says; remembered for the next such sheet, and the check begins."""
    run = _locked(run, Status.COLUMNS)
    fields = {one.code: one for one in writable(register, viewer)}
    if len(columns) != len(run.titles) or any(code and code not in {*fields, RECORD_ID, REVISION} for code in columns):
        raise UserError("列的对应有变化，请刷新页面再选一次。")
    chosen = [code for code in columns if code]
    if not any(code in fields for code in chosen):
        raise UserError("还没有选任何一列。请至少为一列选好它是什么。")
    titles = {code: field.title for code, field in fields.items()} | {RECORD_ID: "系统编号", REVISION: "系统版本"}
    if twice := [titles[code] for code in dict.fromkeys(chosen) if chosen.count(code) > 1]:
        raise UserError(f"“{'、'.join(twice)}”选了不止一列，请只留一列。")
    if RECORD_ID not in chosen and (missing := _missing(register, fields.values(), chosen)):
        raise UserError(f"还缺必填的“{'、'.join(missing)}”，请指出是哪一列；表里没有的，请先补上再上传。")
    run.columns = list(columns)
    run.status, run.done, run.counts, run.groups = Status.CHECKING, 0, {}, []
    run.actor_id, run.moved_at = viewer.user_id, now()
    run.save(update_fields=["columns", "status", "done", "counts", "groups", "actor_id", "moved_at"])
    if run.head:
        ColumnMapping.objects.update_or_create(
            register=run.register, place_id=run.place_id, fingerprint=fingerprint(run.titles),
            defaults={"columns": run.columns, "used_at": now()},
        )  # fmt: skip
    check_sheet.defer(run_id=str(run.pk))


def _missing(register: Register[Any, Any], fields: Any, chosen: Sequence[str]) -> list[str]:
    """Titles of required fields without a column, unless a column tells which record is meant."""
    if set(register.identity) & set(chosen):
        return []
    return [one.title for one in fields if one.required and one.code not in chosen]


@transaction.atomic
def change_columns(*, viewer: Any, run: ImportRun) -> None:
    """Back to the columns, after the check showed that they were wrong."""
    run = _locked(run, Status.CHECKED)
    run.status, run.actor_id, run.moved_at = Status.COLUMNS, viewer.user_id, now()
    run.total = int(run.sheets[run.sheet]["height"])
    run.save(update_fields=["status", "actor_id", "total", "moved_at"])


@transaction.atomic
def start(*, viewer: Any, run: ImportRun, only_good: bool) -> None:
    """Let the rows in: all, where nothing is wrong with any, or those with which nothing is."""
    run = _locked(run, Status.CHECKED)
    if not run.good:
        raise UserError("没有可以导入的行。请改好有问题的行，再重新上传。")
    if run.bad and not only_good:
        raise UserError(f"还有 {run.bad} 行有问题。请改好后重新上传，或选“只导入没有问题的行”。")
    run.status, run.only_good, run.done, run.total = Status.APPLYING, only_good, 0, run.good
    run.actor_id, run.moved_at = viewer.user_id, now()
    run.save(update_fields=["status", "only_good", "done", "total", "actor_id", "moved_at"])
    drop_file(run)
    note("sheet.started", run)
    apply_sheet.configure(lock=_lock(run)).defer(run_id=str(run.pk))


@transaction.atomic
def cancel(*, viewer: Any, run: ImportRun) -> None:
    """Throw an import away before it wrote anything, or stop it where it is; what is written stays until an undo."""
    run = _locked(run, Status.COLUMNS, Status.CHECKING, Status.CHECKED, Status.APPLYING)
    run.status = Status.STOPPED if run.written else Status.CANCELLED
    run.actor_id = viewer.user_id
    run.ended_at = run.moved_at = now()
    run.save(update_fields=["status", "actor_id", "ended_at", "moved_at"])
    drop_file(run)
    note("sheet.cancelled", run)


@transaction.atomic
def undo(*, viewer: Any, run: ImportRun) -> None:
    """Take back what an import wrote, as far as nobody has touched it since."""
    run = _locked(run, Status.DONE, Status.STOPPED)
    if not run.undoable:
        raise UserError("这次导入已不能撤回：时间太久，或没有写入任何行。")
    run.status, run.done, run.total, run.kept = Status.UNDOING, 0, run.written, 0
    run.actor_id, run.moved_at = viewer.user_id, now()
    run.save(update_fields=["status", "done", "total", "kept", "actor_id", "moved_at"])
    note("sheet.undo_started", run)
    undo_sheet.configure(lock=_lock(run)).defer(run_id=str(run.pk))


@transaction.atomic
def go_on(*, viewer: Any, run: ImportRun) -> None:
    """Queue the step of a run again that a worker lost, or what was left when it was stopped."""
    run = _locked(run, *JOBS, Status.STOPPED)
    if run.status == Status.STOPPED:
        if not run.can_go_on:
            raise UserError("没有剩下的行可以继续导入。")
        run.status, run.failure, run.ended_at = Status.APPLYING, "", None
    run.actor_id, run.moved_at = viewer.user_id, now()
    run.save(update_fields=["status", "failure", "ended_at", "actor_id", "moved_at"])
    note("sheet.resumed", run)
    JOBS[Status(run.status)].configure(lock=_lock(run)).defer(run_id=str(run.pk))


def _lock(run: ImportRun) -> str:
    """Of jobs that write into one register of one place only one runs at a time; the others wait."""
    return f"sheets {run.register} {run.place_id}"


def _locked(run: ImportRun, *expected: Status) -> ImportRun:
    """The run as it stands, held until the transaction ends; StaleRevision where it went on meanwhile."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.status not in expected:
        raise StaleRevision(MOVED_ON)
    return locked
