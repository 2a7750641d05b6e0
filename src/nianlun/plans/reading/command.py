"""`nianlun read`: plans from files or standard input to JSON, a readable table or the task breakdown sheet."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianlun.plans.breakdown.rows import Breakdown, breakdown_of
from nianlun.plans.breakdown.sheet import to_xlsx
from nianlun.plans.reading import Reading, read_plan
from nianlun.plans.reading.files import MAX_BYTES, Fault, PlanFileError, read_file
from nianlun.plans.reading.table import print_table

STDIN = "-"
STDIN_NAME = "stdin"


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A plan that was read, under the name of its output files."""

    name: str
    reading: Reading


def main(argv: Sequence[str]) -> int:
    """Read every file; 1 where one could not be read or written, the others being done all the same."""
    try:
        return _run(argv)
    except BrokenPipeError:
        # Whoever read our output has seen enough (head, less); what is left unwritten must not fail at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run(argv: Sequence[str]) -> int:
    options = _parser().parse_args(argv[1:])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    failed = False
    plans: list[ReadPlan] = []
    for source, name in named(options.files):
        try:
            plans.append(ReadPlan(name, _read(source)))
        except PlanFileError as error:
            _complain(error.code, error.message)
            failed = True
    for plan in plans:
        for warning in plan.reading.warnings:
            print(f"提示 《{plan.name}》：{warning}", file=sys.stderr)
    if options.out is not None:
        written = [_write(plan, options) for plan in plans]
        failed |= not all(written)
    elif options.json:
        forms = [_form(plan, options.explain) for plan in plans]
        if forms:
            print(json.dumps(forms[0] if len(options.files) == 1 else forms, ensure_ascii=False, indent=1), flush=True)
    elif options.xlsx is None:
        for plan in plans:
            print_table(plan.name, plan.reading, explain=options.explain)
    if options.xlsx is not None and plans:
        failed |= not _save(options.xlsx, to_xlsx([_breakdown(plan) for plan in plans]))
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nianlun read", description="Read plans (.txt, .md, .docx, .pdf) into items.")
    parser.add_argument("files", nargs="+", metavar="FILE", help="a plan; - is standard input")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write NAME.json and the decoded NAME.txt there")
    parser.add_argument("--xlsx", type=Path, metavar="FILE", help="write the task breakdown table (任务分解表)")
    parser.add_argument("--explain", action="store_true", help="name the rules that fired")
    return parser


def named(files: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(file, name of its output): the file's stem, numbered where another file has the same."""
    stems = [STDIN_NAME if file == STDIN else Path(file).stem or Path(file).name for file in files]
    taken: set[str] = set()
    wanted = {stem.casefold() for stem in stems}
    for file, stem in zip(files, stems, strict=True):
        name, copy = stem, 2
        while name.casefold() in taken or (name != stem and name.casefold() in wanted):
            name, copy = f"{stem}-{copy}", copy + 1
        if name != stem:
            print(f"提示 {file}：与另一个文件同名，结果写作 {name}", file=sys.stderr)
        taken.add(name.casefold())
        yield file, name


def _read(source: str) -> Reading:
    shown = "标准输入" if source == STDIN else Path(source).name
    # One byte more than is read tells that the file is too big, without loading all of it.
    try:
        if source == STDIN:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise PlanFileError(Fault.NOT_FOUND, shown) from error
    found = read_file(shown, data)
    reading = read_plan(found.text)
    if not found.warnings:
        return reading
    return Reading(
        reading.text, reading.year, reading.title, reading.outline, reading.items, found.warnings + reading.warnings
    )


def _form(plan: ReadPlan, explain: bool) -> dict[str, Any]:
    return plan.reading.to_json(plan.name, explain=explain)


def _breakdown(plan: ReadPlan) -> Breakdown:
    return breakdown_of(plan.name, plan.reading)


def _write(plan: ReadPlan, options: argparse.Namespace) -> bool:
    """Writes NAME.json and NAME.txt; never over a file that was read, unless nothing in it changes."""
    inputs = {Path(file).resolve() for file in options.files if file != STDIN}
    text = plan.reading.text.encode("utf-8")
    form = json.dumps(_form(plan, options.explain), ensure_ascii=False, indent=1) + "\n"
    for suffix, content in ((".txt", text), (".json", form.encode("utf-8"))):
        path = options.out / (plan.name + suffix)
        if path.resolve() in inputs:
            if path.read_bytes() == content:
                continue
            _complain(Fault.NOT_WRITTEN.value.code, f"《{path.name}》：会覆盖读入的原文件。请用 --out 另选一个文件夹。")
            return False
        if not _save(path, content):
            return False
    return True


def _save(path: Path, content: bytes) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fault = Fault.NOT_WRITTEN.value
        _complain(fault.code, f"《{path}》：{fault.cause}（{error.strerror or error}）。{fault.remedy}。")
        return False
    return True


def _complain(code: str, message: str) -> None:
    print(f"错误 {code} {message}", file=sys.stderr)
