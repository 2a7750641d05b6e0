"""Checklists and presets: every mistake is a numbered fault with its line, and what the shipped ones promise."""

from __future__ import annotations

import pytest

from nianlun.ledgers.declarations.checklist import read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.presets import read_presets
from nianlun.ledgers.declarations.shipped import shipped_checklists, shipped_ledgers, shipped_presets

STAIRS = """\
checklist: stairs
version: 1
title: 楼道检查表
line: safety
points:
  - {code: clear, title: 楼道没有堆物, weight: 3}
  - {code: light, title: 楼道灯亮}
"""
MEETINGS = """\
presets: party
items:
  - {code: lesson, ledger: meeting, title: 党课, fill: {kind: party_lesson}, words: [党课], rule: {every: quarter}}
  - {code: check, ledger: inspection, title: 查消防, checklist: fire}
"""
LEDGERS = {code: one.ledger for code, one in shipped_ledgers().items()}
CHECKLISTS = {code: one.checklist for code, one in shipped_checklists().items()}


def faults_of_checklist(words: str) -> list[tuple[str, int]]:
    try:
        read_checklist(words, "stairs.yaml", frozenset({"safety"}))
    except BadDeclaration as error:
        return [(one.fault.number, one.line) for one in error.found]
    return []


def faults_of_presets(words: str, file: str = "party/presets.yaml") -> list[tuple[str, int]]:
    try:
        read_presets(words, file, {"party": "党建", "safety": "安全应急"}, LEDGERS, CHECKLISTS)
    except BadDeclaration as error:
        return [(one.fault.number, one.line) for one in error.found]
    return []


def test_good_ones_have_no_faults() -> None:
    assert faults_of_checklist(STAIRS) == [] and faults_of_presets(MEETINGS) == []


@pytest.mark.parametrize(
    ("old", "new", "fault", "line"),
    [
        ("checklist: stairs\nversion: 1", "version: 1\nchecklist: stairs", Fault.NOT_A_CHECKLIST, 1),
        ("line: safety", "line: magic", Fault.UNKNOWN_LINE, 4),
        ("code: light", "code: clear", Fault.TWICE, 7),
        ("weight: 3", "weight: 0", Fault.WRONG_TYPE, 6),
        ("weight: 3", "wieght: 3", Fault.UNKNOWN_KEY, 6),
        ("title: 楼道灯亮", "title: 信教群众名单已更新", Fault.REFUSED, 7),
    ],
)
def test_each_mistake_of_a_checklist(old: str, new: str, fault: Fault, line: int) -> None:
    assert (fault.number, line) in faults_of_checklist(STAIRS.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "fault", "line"),
    [
        ("presets: party\n", "line: party\n", Fault.NOT_PRESETS, 1),
        ("presets: party", "presets: magic", Fault.UNKNOWN_LINE, 1),
        ("presets: party", "presets: safety", Fault.UNKNOWN_LINE, 1),
        ("code: check", "code: lesson", Fault.TWICE, 4),
        ("ledger: meeting", "ledger: ghost", Fault.UNKNOWN_LEDGER, 3),
        ("kind: party_lesson", "kynd: party_lesson", Fault.UNKNOWN_PRESET, 3),
        ("kind: party_lesson", "disclosed_on: 2027-01-01", Fault.UNKNOWN_PRESET, 3),
        ("kind: party_lesson", "kind: tea", Fault.BAD_DEFAULT, 3),
        ("checklist: fire", "checklist: moon", Fault.UNKNOWN_PRESET, 4),
        ("ledger: inspection", "ledger: visit", Fault.UNKNOWN_PRESET, 4),
        ("every: quarter", "every: decade", Fault.WRONG_TYPE, 3),
        ("title: 党课", "title: 连续打卡", Fault.REFUSED, 3),
    ],
)
def test_each_mistake_of_presets(old: str, new: str, fault: Fault, line: int) -> None:
    assert (fault.number, line) in faults_of_presets(MEETINGS.replace(old, new, 1))


def test_a_presets_file_stands_in_its_lines_folder() -> None:
    assert faults_of_presets(MEETINGS, "safety/presets.yaml") == [("L402", 1)]


def test_three_lines_have_presets_that_plans_words_suggest() -> None:
    assert set(shipped_presets()) == {"safety", "elderly", "party"}
    for presets in shipped_presets().values():
        assert all(item.words for item in presets.items)
        taken = {item.checklist for item in presets.items if item.checklist}
        assert taken, f"{presets.presets} has checklists that nothing takes"


def test_every_checklist_is_taken_by_a_preset_of_its_line() -> None:
    for code, checklist in CHECKLISTS.items():
        assert any(item.checklist == code for item in shipped_presets()[checklist.line].items), code
