"""The rows of a sheet checked, batch by batch, and laid down as they were found: new, changed, the same, or bad."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from nianlun.kernel.bulk import copy_rows
from nianlun.kernel.fields import Field
from nianlun.kernel.fields.text import tidy
from nianlun.kernel.sealing.masks import mask
from nianlun.kernel.sealing.seal import seal
from nianlun.ui.registers.register import Draft, Need, Register
from nianlun.ui.sheets.comparing import differences
from nianlun.ui.sheets.examples import example
from nianlun.ui.sheets.guessing import RECORD_ID, REVISION
from nianlun.ui.sheets.limits import BATCH
from nianlun.ui.sheets.models import ImportBatch, ImportRow, ImportRun, Kind
from nianlun.ui.sheets.reading import Rows
from nianlun.ui.sheets.reading.cells import has_lost_digits

COLUMNS = (
    "run_id", "number", "kind", "record_id", "revision",
    "written", "differences", "problems", "warnings", "outcome", "why",
)  # fmt: skip
MOST_GROUPS = 2_000  # different problems that are counted apart
EXAMPLE_WITHIN = 3  # rows from the head, in which the example of our blank sheet is passed over
OTHERS = ("", "其他问题")
LOST = "表格把号码存成了数字，后几位已经丢失（如 1.10E+17）。请把这一列设为“文本”格式，重新填写完整的号码。"
NO_RECORD = "系统编号对不上任何记录：可能已删除、合并，或不在本社区。要当作新记录，请清空这一格。"
STALE = "导出之后别人改过这条记录。请对照两边的内容，在系统里修改，或重新导出再改。"
FIXED = "{}登记后不能在表格里改，仍是{}。"
NOT_YOURS = "这条记录您不能改，请去掉这一行，或由有权的人导入。"
DUMPS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Cells = tuple[int, list[str]]  # a row's number and its cells


@dataclass(slots=True)
class Row:
    """One row with what checking found of it."""

    number: int
    cells: list[str]
    written: dict[str, str]
    kind: Kind = Kind.NEW
    named: bool = False  # by the id of our own export: then an empty cell empties the field, else it leaves it
    known: Any = None
    revision: int | None = None
    differences: dict[str, list[str]] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Checker:
    """Checks one run's rows in order; remembers what identifies each, so that a record stands in a sheet once."""

    def __init__(self, run: ImportRun, register: Register[Any, Any], viewer: Any) -> None:
        self.run, self.register, self.viewer = run, register, viewer
        self.run_id = str(run.pk)  # as text, as each row is written with it
        self.fields: dict[str, Field] = {one.code: one for one in register.written_fields(viewer, None)}
        self.columns = [(at, code) for at, code in enumerate(run.columns) if code in self.fields]
        own = {code: at for at, code in enumerate(run.columns)}
        self.id_at, self.revision_at = own.get(RECORD_ID), own.get(REVISION)
        self.secret = [code for _, code in self.columns if self.fields[code].secret]
        self.counts: Counter[str] = Counter()
        self.groups: Counter[tuple[str, str]] = Counter()
        self.seen: dict[object, int] = {}
        self.example = {code: text for code, text in example(self.fields.values()).items() if text}

    def batches(self, given: Iterable[tuple[int, Rows]]) -> Iterator[list[Cells]]:
        """The records' rows, without blank ones and the example of our own template, BATCH at a time."""
        rows = self._records(given)
        while batch := list(islice(rows, BATCH)):
            yield batch

    def _records(self, given: Iterable[tuple[int, Rows]]) -> Iterator[Cells]:
        first = self.run.first_row
        for start, some in given:
            for number, cells in enumerate(some, start):
                if number < first:
                    continue
                if not any(cells) or not "".join(cells).strip():
                    self.counts["blank"] += 1
                elif number < first + EXAMPLE_WITHIN and self._is_example(cells):
                    continue
                else:
                    yield number, cells

    def _is_example(self, cells: list[str]) -> bool:
        written = {code: text for code, text in self._written(cells).items() if text}
        return len(written) > 1 and all(self.example.get(code) == text for code, text in written.items())

    def _written(self, cells: Sequence[str]) -> dict[str, str]:
        width = len(cells)
        return {code: cells[at] if at < width else "" for at, code in self.columns}

    def check(self, number: int, batch: Sequence[Cells]) -> None:
        """Check a batch and lay it down; within the caller's transaction."""
        rows = [Row(at, cells, self._written(cells)) for at, cells in batch]
        known = self._named(rows)
        self.register.look_ahead([one for one in known or () if one is not None], self.viewer)
        drafts = self.register.check([row.written for row in rows], self.viewer, known)
        for row, draft in zip(rows, drafts, strict=True):
            self._judge(row, draft)
            self.counts[row.kind] += 1
            self.counts["warned"] += bool(row.warnings)
            for problem in row.problems:
                self.groups[problem if len(self.groups) < MOST_GROUPS or problem in self.groups else OTHERS] += 1
        copy_rows(ImportRow, COLUMNS, map(self._laid_down, rows))
        content = self._content(rows)
        ImportBatch.objects.create(
            run=self.run,
            number=number,
            first=rows[0].number,
            last=rows[-1].number,
            rows=len(content["new"]) + len(content["changed"]),
            content_sealed=seal(DUMPS(content)) if any(content.values()) else "",
        )

    def _named(self, rows: Sequence[Row]) -> list[Any] | None:
        """The records that rows name by the id of our own export; None where the sheet has no such column."""
        if self.id_at is None:
            return None
        ids: list[UUID | None] = []
        for row in rows:
            said = row.cells[self.id_at].strip() if self.id_at < len(row.cells) else ""
            try:
                ids.append(UUID(said) if said else None)
            except ValueError:
                ids.append(None)
                row.problems.append(("", NO_RECORD))
        found = self.register.rows(self.viewer).in_bulk({one for one in ids if one})
        for row, one in zip(rows, ids, strict=True):
            row.named = one is not None
            if one and one not in found:
                row.problems.append(("", NO_RECORD))
        return [found.get(one) if one else None for one in ids]

    def _judge(self, row: Row, draft: Draft[Any]) -> None:
        """What the row is; the worst of what can be said of it."""
        row.known = draft.known
        row.warnings = draft.warnings
        row.problems += draft.checked.errors.items()
        if "E+" in "".join(row.cells):
            lost = [code for code, said in row.written.items() if has_lost_digits(said.strip())]
            row.problems = [one for one in row.problems if one[0] not in lost] + [(code, LOST) for code in lost]
        if row.known is not None:
            written = row.written if row.named else {code: said for code, said in row.written.items() if said.strip()}
            row.differences = differences(self.register, self.viewer, draft, written, self.fields)
            row.revision = self.register.revision(row.known)
            if row.differences and not self.register.may(self.viewer, Need.EDIT, row.known):
                row.problems.append(("", NOT_YOURS))
            for code in self.register.fixed:
                if code in row.differences:
                    kept, _ = row.differences.pop(code)
                    row.warnings = [*row.warnings, FIXED.format(self.fields[code].title, kept or "空着")]
        if twin := self._twin(row, draft):
            row.problems.append(("", f"与第 {twin} 行是同一条，请只留一行。"))
        if row.problems:
            row.kind = Kind.ERROR
        elif row.known is not None:
            if not row.differences:
                row.kind = Kind.SAME
            elif self._is_stale(row):
                row.kind = Kind.CONFLICT
                row.problems.append(("", STALE))
            else:
                row.kind = Kind.CHANGED

    def _twin(self, row: Row, draft: Draft[Any]) -> int | None:
        """The number of an earlier row that is the same record."""
        keys: list[object] = []
        if row.known is not None:
            keys.append(row.known.pk)
        keys += [(code, value) for code in self.register.identity if (value := draft.checked.values.get(code))]
        earlier = min((self.seen[key] for key in keys if key in self.seen), default=None)
        for key in keys:
            self.seen.setdefault(key, row.number)
        return earlier

    def _is_stale(self, row: Row) -> bool:
        """Whether the record was edited since the sheet was exported."""
        if self.revision_at is None or self.revision_at >= len(row.cells):
            return False
        said = row.cells[self.revision_at].strip()
        return bool(said) and said != str(row.revision)

    def _laid_down(self, row: Row) -> tuple[Any, ...]:
        shown = dict(row.written)
        for code in self.secret:
            if shown[code]:
                shown[code] = mask(self.fields[code].kind, tidy(shown[code]))
        known = row.known.pk if row.known is not None else None
        return (
            self.run_id, row.number, row.kind.value, known, row.revision, DUMPS(shown),
            DUMPS(row.differences) if row.differences else "{}",
            DUMPS(row.problems) if row.problems else "[]",
            DUMPS(row.warnings) if row.warnings else "[]", "", "",
        )  # fmt: skip

    def _content(self, rows: Sequence[Row]) -> dict[str, dict[int, Any]]:
        """What is needed to write the rows that can be, and to hand back those that cannot; see ImportBatch."""
        new: dict[int, dict[str, str]] = {}
        changed: dict[int, list[Any]] = {}
        cells: dict[int, list[str]] = {}
        for row in rows:
            if row.kind is Kind.NEW:
                new[row.number] = row.written
            elif row.kind is Kind.CHANGED:
                texts = {code: row.written[code] for code in row.differences}
                changed[row.number] = [row.known.pk.hex, row.revision, texts]
            elif row.kind is not Kind.SAME:
                cells[row.number] = row.cells
        return {"new": new, "changed": changed, "cells": cells}
