"""An import of a sheet: the run, the file while it waits, its rows as they were checked, and what became of them.

Secret cells lie here sealed only: the whole file until it is written, and a batch's rows in one piece, which costs a
hundredth of sealing each cell. Rows show masks.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from nianlun.kernel.clock import now
from nianlun.kernel.ids import uuid7
from nianlun.kernel.sealing.columns import SealedText


class Status(models.TextChoices):
    COLUMNS = "columns", "待对应列"
    CHECKING = "checking", "正在检查"
    CHECKED = "checked", "待导入"
    APPLYING = "applying", "正在导入"
    DONE = "done", "已导入"
    STOPPED = "stopped", "中途停止"
    UNDOING = "undoing", "正在撤回"
    UNDONE = "undone", "已撤回"
    CANCELLED = "cancelled", "已取消"
    FAILED = "failed", "未能完成"


class Kind(models.TextChoices):
    """What checking found a row to be."""

    NEW = "new", "新增"
    CHANGED = "changed", "有改动"
    SAME = "same", "没有变化"
    ERROR = "error", "有问题"
    CONFLICT = "conflict", "导出后被改过"


class Outcome(models.TextChoices):
    """What became of a row that did not go the usual way."""

    USUAL = "", ""
    LEFT = "left", "没有导入"
    KEPT = "kept", "没有撤回"


RUNNING = (Status.CHECKING, Status.APPLYING, Status.UNDOING)
WRITTEN = (Kind.NEW, Kind.CHANGED)
SILENT_AFTER = timedelta(minutes=2)
UNDOABLE = (Status.DONE, Status.STOPPED)


class ImportRun(models.Model):
    """One sheet on its way into one register of one place. Rows of the sheet are numbered from 1, as it shows them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    register = models.CharField(max_length=40)
    place_id = models.UUIDField()
    place_code = models.CharField(max_length=60)
    tenant_id = models.UUIDField(null=True)
    user_id = models.UUIDField()  # who uploaded it
    user_name = models.CharField(max_length=60)
    actor_id = models.UUIDField()  # who asked for the present step, and with whose rights it runs
    file_name = models.CharField(max_length=200)
    file_bytes = models.PositiveIntegerField()
    file_digest = models.CharField(max_length=64)  # keyed, in hex: tells the same file again, and nothing else of it
    sheets = models.JSONField(default=list)  # of each worksheet: name, hidden, height, first, place
    sample_sealed = SealedText(blank=True)  # the first rows of each worksheet, as JSON
    sheet = models.PositiveSmallIntegerField(default=0)  # the chosen one's number in `sheets`
    head = models.PositiveSmallIntegerField(default=0)  # the head's first row, 0: there is none
    deep = models.PositiveSmallIntegerField(default=1)  # rows of the head
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=list)  # a field's code or "" for each column
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.COLUMNS)
    only_good = models.BooleanField(default=False)
    failure = models.CharField(max_length=300, blank=True)
    done = models.PositiveIntegerField(default=0)  # rows of the present step
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # rows by kind; `warned`: with a warning; `blank`: passed over
    groups = models.JSONField(default=list)  # [field, message, rows] of the commonest problems
    written = models.PositiveIntegerField(default=0)  # rows that were written
    left = models.PositiveIntegerField(default=0)  # rows that could not be, after all
    kept = models.PositiveIntegerField(default=0)  # rows that an undo left as they were
    created_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)  # when the run last made a step
    ended_at = models.DateTimeField(null=True)
    forgotten = models.BooleanField(default=False)  # its rows are gone: it can be undone no more

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["register", "place_id", "-created_at"]),
            models.Index(fields=["register", "place_id", "file_digest"]),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} {self.status}"

    @property
    def first_row(self) -> int:
        """The row at which the records begin."""
        return self.head + self.deep if self.head else 1

    @property
    def first_column(self) -> int:
        """The sheet's column, counted from 0, at which `columns` begins."""
        return int(self.sheets[self.sheet]["first"])

    @property
    def running(self) -> bool:
        return self.status in RUNNING

    @property
    def silent(self) -> bool:
        """Whether it should have moved by now: its worker may be gone."""
        return self.running and now() - self.moved_at > SILENT_AFTER

    @property
    def good(self) -> int:
        """Rows that can be written."""
        return sum(self.counts.get(kind, 0) for kind in WRITTEN)

    @property
    def bad(self) -> int:
        return int(self.counts.get(Kind.ERROR, 0)) + int(self.counts.get(Kind.CONFLICT, 0))

    @property
    def undoable(self) -> bool:
        return self.status in UNDOABLE and self.written > 0 and not self.forgotten

    @property
    def can_go_on(self) -> bool:
        """Whether it was stopped with rows left to write."""
        if self.status != Status.STOPPED or self.forgotten or self.batches.filter(undone_at__isnull=False).exists():
            return False
        return self.batches.filter(rows__gt=0, applied_at=None).exists()

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0

    @property
    def source(self) -> str:
        """What a register's writes of this run are told to come from."""
        return f"sheet:{self.pk}"


class ImportPart(models.Model):
    """A piece of the file, kept until its rows were checked."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content_sealed = SealedText()  # in base64

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="import_part_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class ImportBatch(models.Model):
    """The rows that are written in one transaction: `applied_at` is set in it, so a batch is written once or never.

    `content_sealed` is JSON: {"new": {row: {field: text}}, "changed": {row: [record's id in hex, its revision,
    {field: text}]}, "cells": {row: [text]}}, the last of bad rows only, to hand them back. `before_sealed`: {row:
    {field: text}}, what changed rows were. `made`: {row: [record's id in hex, its revision]}.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    first = models.PositiveIntegerField()  # row of the sheet
    last = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()  # to write
    content_sealed = SealedText(blank=True)
    before_sealed = SealedText(blank=True)
    made = models.JSONField(default=dict)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="import_batch_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number}"


class ImportRow(models.Model):
    """A row of the sheet as it was checked; `written` by field code, secret cells as masks."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    record_id = models.UUIDField(null=True)  # of the record that it changes
    revision = models.PositiveIntegerField(null=True)  # that this record had
    written = models.JSONField(default=dict)
    differences = models.JSONField(default=dict)  # {field: [before, after]}, secret ones as masks
    problems = models.JSONField(default=list)  # [[field, message], …]
    warnings = models.JSONField(default=list)
    outcome = models.CharField(max_length=4, choices=Outcome.choices, default=Outcome.USUAL, blank=True)
    why = models.CharField(max_length=300, blank=True)  # it had that outcome

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "number"], name="import_row_once")]
        indexes: ClassVar = [
            models.Index(fields=["run", "kind", "number"]),
            models.Index(fields=["run", "number"], condition=~models.Q(outcome=""), name="import_row_unusual"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.number} {self.kind}"


class ColumnMapping(models.Model):
    """Which column is which field in sheets with these titles, as somebody of the place set it last."""

    register = models.CharField(max_length=40)
    place_id = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(default=list)
    used_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["register", "place_id", "fingerprint"], name="column_mapping_once")
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.fingerprint[:8]}"


def made_by(batch: ImportBatch) -> dict[int, tuple[UUID, int]]:
    """(record's id, its revision) of each row that the batch wrote."""
    made: dict[str, list[Any]] = batch.made
    return {int(number): (UUID(hex=record), revision) for number, (record, revision) in made.items()}
