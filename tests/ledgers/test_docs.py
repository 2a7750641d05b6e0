"""The page says what is so: its files are read, its faults are all, the published schemas are those of the models."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nianlun.ledgers.command import check_file, main
from nianlun.ledgers.declarations.check_examples import DAY
from nianlun.ledgers.declarations.expression import FUNCTIONS
from nianlun.ledgers.declarations.faults import Fault
from nianlun.ledgers.declarations.model import FieldSpec, Ledger
from nianlun.ledgers.declarations.schema import KINDS, schema_words
from nianlun.ledgers.rules.values import check_values

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE = (DOCS / "ledgers.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_ledger_on_the_page_can_stand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "loan.yaml"
    file.write_text(FILES[0], encoding="utf-8")
    assert main(["ledgers", "check", str(file)]) == 0, capsys.readouterr().out


def test_the_presets_on_the_page_can_stand(tmp_path: Path) -> None:
    file = tmp_path / "culture" / "presets.yaml"
    file.parent.mkdir()
    file.write_text(FILES[1], encoding="utf-8")
    assert check_file(file) == []


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_published_schema_is_that_of_the_models(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    published = (DOCS / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert published == schema_words(kind), f"nianlun ledgers schema {kind} > docs/{kind}.schema.json"
    assert main(["ledgers", "schema", kind]) == 0
    assert capsys.readouterr().out == published


def test_every_fault_key_and_function_is_on_the_page() -> None:
    assert all(f"| {fault.number} |" in PAGE for fault in Fault)
    assert all(f"{function}(" in PAGE for function in FUNCTIONS)
    plain = {"ledger", "version", "title", "counted", "help", "aliases", "fields", "flow", "examples", "bad_examples"}
    named = set(Ledger.model_fields) - plain | set(FieldSpec.model_fields) - {"code", "kind"}
    assert [key for key in sorted(named) if f"`{key}" not in PAGE and f"{key}:" not in PAGE] == []


def test_a_wrong_file_is_told_by_number_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "loan.yaml"
    file.write_text(FILES[0].replace("kind: money", "kind: gold"), encoding="utf-8")
    (tmp_path / "empty.yaml").write_bytes(b"\xff")
    assert main(["ledgers", "check", str(file), str(tmp_path / "empty.yaml"), str(tmp_path / "no.yaml")]) == 1
    said = capsys.readouterr().out
    assert "L105" in said and "loan.yaml:" in said and said.count("L101") == 2


def test_a_checklist_is_told_by_its_first_key(tmp_path: Path) -> None:
    file = tmp_path / "stairs.yaml"
    file.write_text("checklist: stairs\nversion: 1\ntitle: 楼道\nline: magic\npoints: [{code: a, title: 灯亮}]\n")
    assert [one.fault for one in check_file(file)] == [Fault.UNKNOWN_LINE]


def test_flows_are_drawn_and_unknown_ones_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledgers", "diagram", "hazard"]) == 0
    assert "open --> notified: 下发整改通知书" in capsys.readouterr().out
    assert main(["ledgers", "diagram", "ghost"]) == 2


def test_what_must_hold_between_fields_is_asked_once_both_are_there() -> None:
    spec = {"title": "止", "kind": "date", "valid_if": "until > since", "valid_help": "要晚"}
    head = {"ledger": "x", "version": 1, "title": "甲", "about": ["place"], "title_of": "since", "columns": ["since"]}
    ledger = Ledger.model_validate(
        {
            **head,
            "fields": [{"code": "since", "title": "起", "kind": "date"}, {"code": "until", **spec}],
            "flow": {"start": "a", "states": {"a": {"title": "完", "final": True}}},
            "examples": [{}],
            "bad_examples": [{"values": {}, "refused": "since"}],
        }
    )

    def errors(**written: object) -> dict[str, str]:
        return check_values(ledger, written, today=DAY).errors

    assert errors(until="2027-01-01") == {} and errors(since="2027-01-01", until="2027-01-02") == {}
    assert errors(since="2027-01-02", until="2027-01-02") == {"until": "要晚"}
