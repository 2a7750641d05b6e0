"""`nianlun read` as people run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from tests.plans.reading.files.samples import PLAN, docx, ole, p

COMMAND = "import sys; from nianlun.cli import main; sys.exit(main())"


def run(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", COMMAND, "read", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, **environment},
        timeout=60,
        check=False,
    )


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "翠湖.txt"
    path.write_bytes(PLAN.replace("\n", "\r\n").encode("gb18030"))
    return path


def test_json_and_text_with_offsets_that_hold(plan: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "deep"
    done = run(plan, "--json", "--out", out)
    assert (done.returncode, done.stdout) == (0, b"")
    text = (out / "翠湖.txt").read_bytes().decode("utf-8")
    form = json.loads((out / "翠湖.json").read_text(encoding="utf-8"))
    assert form["plan"] == "翠湖" and form["items"]
    for item in form["items"]:
        assert text[item["start"] : item["end"]] == item["quote"]
        for found in (*item["targets"], *item["schedules"]):
            assert text[found["start"] : found["end"]] == found["quote"]
    assert text == PLAN


def test_json_goes_to_standard_output_one_object_for_one_file_a_list_for_more(plan: Path, tmp_path: Path) -> None:
    assert json.loads(run(plan, "--json").stdout)["plan"] == "翠湖"
    other = tmp_path / "乙.md"
    other.write_text(PLAN, encoding="utf-8")
    assert [form["plan"] for form in json.loads(run(plan, other, "--json").stdout)] == ["翠湖", "乙"]


def test_explain_names_the_rules(plan: Path) -> None:
    plain, explained = (json.loads(run(plan, "--json", *more).stdout) for more in ((), ("--explain",)))
    assert "rules" not in plain["items"][0] and "rules" in explained["items"][0]


def test_without_json_a_table_is_printed_even_where_the_locale_knows_no_chinese(plan: Path) -> None:
    done = run(plan, LC_ALL="C", PYTHONIOENCODING="ascii")
    shown = done.stdout.decode("utf-8")
    assert done.returncode == 0
    assert all(title in shown for title in ("序号", "条线", "任务", "目标", "时限", "责任人"))
    assert "议事会" in shown


def test_standard_input(tmp_path: Path) -> None:
    done = run("-", "--json", "--out", tmp_path, stdin=PLAN.encode())
    assert done.returncode == 0
    assert json.loads((tmp_path / "stdin.json").read_text(encoding="utf-8"))["plan"] == "stdin"


def test_a_text_without_commitments_is_read(tmp_path: Path) -> None:
    done = run("-", "--json", stdin="春天的花开了。".encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["items"] == []
    assert "没有读到任何任务" in done.stderr.decode()


def test_unreadable_files_are_told_and_the_others_written(plan: Path, tmp_path: Path) -> None:
    old, missing, out = tmp_path / "旧.doc", tmp_path / "没有.txt", tmp_path / "out"
    old.write_bytes(ole("WordDocument"))
    done = run(old, missing, tmp_path, plan, "--json", "--out", out)
    complaints = done.stderr.decode()
    assert done.returncode == 1
    assert "《旧.doc》" in complaints and "另存为 .docx" in complaints and "F120" in complaints
    assert "《没有.txt》" in complaints and complaints.count("F104") == 2
    assert "Traceback" not in complaints
    assert sorted(path.name for path in out.iterdir()) == ["翠湖.json", "翠湖.txt"]


def test_files_of_the_same_stem_keep_apart(tmp_path: Path) -> None:
    (tmp_path / "甲").mkdir()
    first, second, third = tmp_path / "计划.txt", tmp_path / "甲" / "计划.docx", tmp_path / "计划-2.txt"
    first.write_text("第一份。每月检查消防设施一次。", encoding="utf-8")
    second.write_bytes(docx(p("第二份。每季度检查消防设施一次。")))
    third.write_text("第三份。每年检查消防设施一次。", encoding="utf-8")
    out = tmp_path / "out"
    done = run(first, second, third, "--json", "--out", out)
    assert done.returncode == 0 and "同名" in done.stderr.decode()
    texts = {path.name: path.read_text(encoding="utf-8")[:3] for path in out.glob("*.txt")}
    assert texts == {"计划.txt": "第一份", "计划-3.txt": "第二份", "计划-2.txt": "第三份"}


def test_a_file_that_was_read_is_never_overwritten(plan: Path) -> None:
    before = plan.read_bytes()
    done = run(plan, "--json", "--out", plan.parent)
    assert done.returncode == 1 and "原文件" in done.stderr.decode()
    assert plan.read_bytes() == before
    plan.write_text(PLAN, encoding="utf-8")
    assert run(plan, "--json", "--out", plan.parent).returncode == 0
    assert plan.read_text(encoding="utf-8") == PLAN


def test_the_breakdown_has_a_sheet_for_each_plan(plan: Path, tmp_path: Path) -> None:
    other, book = tmp_path / "乙.txt", tmp_path / "表.xlsx"
    other.write_text(PLAN, encoding="utf-8")
    done = run(plan, other, "--xlsx", book)
    assert done.returncode == 0
    assert openpyxl.load_workbook(book).sheetnames == ["翠湖", "乙"]


def test_a_folder_that_cannot_be_written_is_told(plan: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("x")
    done = run(plan, "--json", "--out", in_the_way, "--xlsx", in_the_way / "a.xlsx")
    assert done.returncode == 1
    assert done.stderr.decode().count("F105") == 2 and "Traceback" not in done.stderr.decode()


def test_no_file_is_a_usage_error() -> None:
    assert run().returncode == 2


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    long = tmp_path / "长.txt"
    long.write_text("每月检查消防设施一次。\n" * 3_000, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "read", str(long), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait(timeout=60) == 0
