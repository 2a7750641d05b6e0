"""Checked rows written, and written rows taken back: a batch a transaction, which marks the batch in itself.

A process that is killed leaves a batch written whole and marked, or not at all; the next one goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DataError, IntegrityError, transaction
from django.db.models import ProtectedError

from nianlun.kernel import audit
from nianlun.kernel.clock import now
from nianlun.kernel.errors import UserError
from nianlun.kernel.sealing.seal import seal, unseal
from nianlun.ui.registers.register import Draft, Register
from nianlun.ui.sheets.models import ImportBatch, ImportRow, ImportRun, Outcome, Status, made_by

REFUSED = (UserError, IntegrityError, DataError, ProtectedError)
SINCE_CHECKED = "检查之后别人登记了同一条记录，请重新上传检查。"
CHANGED_SINCE = "检查之后别人改过这条记录，请重新上传检查。"
GONE = "检查之后这条记录已不在，请核对。"
TOUCHED = "导入之后有人改过，保持现在的内容。"
HUNG_ON = "导入之后有人改过，或别的记录用到它，予以保留。"
CLASH = "与已有的记录冲突，没有保存。请核对后重新导入。"
Act = Callable[[ImportRun, ImportBatch, Register[Any, Any], Any], None]


def apply_next(run: ImportRun, register: Register[Any, Any], viewer: Any) -> bool:
    """Write the next batch; False where none is left or the run was stopped."""
    return _next(run, register, viewer, Status.APPLYING, _apply)


def undo_next(run: ImportRun, register: Register[Any, Any], viewer: Any) -> bool:
    """Take back the last batch not yet taken back; False where none is left."""
    return _next(run, register, viewer, Status.UNDOING, _undo)


def _next(run: ImportRun, register: Register[Any, Any], viewer: Any, step: Status, act: Act) -> bool:
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update().get(pk=run.pk)
        if locked.status != step:
            return False
        rest = locked.batches.filter(rows__gt=0)
        if step == Status.APPLYING:
            batch = rest.filter(applied_at=None).order_by("number").first()
        else:
            batch = rest.filter(applied_at__isnull=False, undone_at=None).order_by("-number").first()
        if batch is None:
            _finish(locked, step)
            return False
        act(locked, batch, register, viewer)
        locked.moved_at = now()
        locked.save(update_fields=["done", "written", "left", "kept", "moved_at"])
        return True


def _finish(run: ImportRun, step: Status) -> None:
    run.status = Status.DONE if step == Status.APPLYING else Status.UNDONE
    run.ended_at = run.moved_at = now()
    run.save(update_fields=["status", "ended_at", "moved_at"])
    note("sheet.imported" if step == Status.APPLYING else "sheet.undone", run)


def note(action: str, run: ImportRun) -> None:
    """An audit row of the run; counts only, nothing of the file."""
    told = {"register": run.register, "place": str(run.place_id), "rows": run.total, "written": run.written}
    audit.record(
        action,
        actor_id=run.actor_id,
        kind="importrun",
        record_id=run.pk,
        subdistrict_id=run.tenant_id,
        detail={**told, "left": run.left, "kept": run.kept},
    )


@dataclass(slots=True)
class _Pair:
    """A row's number with the draft that is to be written of it."""

    number: int
    draft: Draft[Any]


@dataclass(slots=True)
class _Row:
    """What a batch holds of a row that can be written; of a known record only what differs, and its revision then."""

    number: int
    texts: dict[str, str]
    record: UUID | None = None
    revision: int | None = None


def _rows_of(batch: ImportBatch) -> list[_Row]:
    content = json.loads(unseal(batch.content_sealed))
    rows = [_Row(int(number), texts) for number, texts in content["new"].items()]
    for number, (record, revision, texts) in content["changed"].items():
        rows.append(_Row(int(number), texts, UUID(hex=record), revision))
    return sorted(rows, key=lambda row: row.number)


def _apply(run: ImportRun, batch: ImportBatch, register: Register[Any, Any], viewer: Any) -> None:
    rows = _rows_of(batch)
    found = register.rows(viewer).in_bulk({row.record for row in rows if row.record})
    known = [found.get(row.record) if row.record else None for row in rows]
    left: dict[int, str] = {}
    pairs: list[_Pair] = []
    before: dict[int, dict[str, str]] = {}
    drafts = register.check([row.texts for row in rows], viewer, known)
    for row, draft in zip(rows, drafts, strict=True):
        if why := _why_not(row, draft, found, register):
            left[row.number] = why
            continue
        draft.revision = row.revision
        pairs.append(_Pair(row.number, draft))
        if row.record:
            opened = register.open(draft.known, viewer)
            before[row.number] = {code: opened[code] for code in row.texts if code in opened}
    made: dict[int, list[Any]] = {}

    def keep(some: Sequence[_Pair]) -> None:
        saved = register.save([pair.draft for pair in some], viewer, source=run.source)
        for pair, record in zip(some, saved, strict=True):
            made[pair.number] = [record.pk.hex, register.revision(record)]

    left |= _in_parts(pairs, keep)
    batch.made = made
    batch.before_sealed = seal(json.dumps(before, ensure_ascii=False)) if before else ""
    batch.applied_at = now()
    batch.save(update_fields=["made", "before_sealed", "applied_at"])
    _mark(run, left, Outcome.LEFT)
    run.done += batch.rows
    run.written += len(made)
    run.left += len(left)


def _why_not(row: _Row, draft: Draft[Any], found: dict[UUID, Any], register: Register[Any, Any]) -> str:
    """Why a row that was good cannot be written any more; "" where it can."""
    if row.record is None:
        if draft.known is not None:
            return SINCE_CHECKED
    elif row.record not in found:
        return GONE
    elif register.revision(draft.known) != row.revision:
        return CHANGED_SINCE
    return next(iter(draft.checked.errors.values()), "")


def _in_parts(pairs: Sequence[_Pair], act: Callable[[Sequence[_Pair]], None]) -> dict[int, str]:
    """Do it for all at once, and where that is refused for ever smaller parts; why not, by row, for those that fail."""
    if not pairs:
        return {}
    try:
        with transaction.atomic():
            act(pairs)
    except REFUSED as error:
        if len(pairs) == 1:
            return {pairs[0].number: error.message if isinstance(error, UserError) else CLASH}
        half = len(pairs) // 2
        return _in_parts(pairs[:half], act) | _in_parts(pairs[half:], act)
    return {}


def _undo(run: ImportRun, batch: ImportBatch, register: Register[Any, Any], viewer: Any) -> None:
    made = made_by(batch)
    before = json.loads(unseal(batch.before_sealed)) if batch.before_sealed else {}
    source = f"sheet-undo:{run.pk}"
    found = register.rows(viewer).in_bulk({record for record, _ in made.values()})
    changed = [number for number in made if str(number) in before]
    kept = {
        number: TOUCHED
        for number in changed
        if (known := found.get(made[number][0])) is None or register.revision(known) != made[number][1]
    }
    restored = [number for number in changed if number not in kept]
    texts = [before[str(number)] for number in restored]
    drafts = register.check(texts, viewer, [found[made[number][0]] for number in restored])
    pairs: list[_Pair] = []
    for number, draft in zip(restored, drafts, strict=True):
        draft.revision = made[number][1]
        if draft.checked.errors:
            kept[number] = next(iter(draft.checked.errors.values()))
        else:
            pairs.append(_Pair(number, draft))

    def put_back(some: Sequence[_Pair]) -> None:
        register.save([pair.draft for pair in some], viewer, source=source)

    kept |= _in_parts(pairs, put_back)
    new = {number: made[number] for number in made if str(number) not in before}
    stayed = {record.pk for record in register.withdraw(dict(new.values()), viewer, source=source)}
    kept |= {number: HUNG_ON for number, (record, _) in new.items() if record in stayed}
    batch.undone_at = now()
    batch.save(update_fields=["undone_at"])
    _mark(run, kept, Outcome.KEPT, made)
    run.done += len(made)
    run.kept += len(kept)


def _mark(
    run: ImportRun, why: dict[int, str], outcome: Outcome, made: dict[int, tuple[UUID, int]] | None = None
) -> None:
    """Say at the rows what became of them; those that stay lead to the records that they made."""
    marked = list(run.rows.filter(number__in=why))
    for row in marked:
        row.outcome, row.why = outcome, why[row.number][:300]
        if made:
            row.record_id = made[row.number][0]
    ImportRow.objects.bulk_update(marked, ["outcome", "why", "record_id"], batch_size=500)
