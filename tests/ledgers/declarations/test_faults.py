"""Every kind of mistake in a ledger's file is a numbered fault that names its line."""

from __future__ import annotations

import pytest

from nianlun.ledgers.declarations.check_follow_ons import check_follow_ons
from nianlun.ledgers.declarations.checklist import read_checklist
from nianlun.ledgers.declarations.faults import BadDeclaration, Fault
from nianlun.ledgers.declarations.read import Known, read_ledger
from nianlun.ledgers.declarations.source import Source, read_source

KNOWN = Known(
    {"secretary": "社区书记", "worker": "社区工作者", "grid_worker": "网格员", "subdistrict": "街道科室"},
    {"safety": "安全应急"},
    frozenset({"lamp", "hazard"}),
)
LAMP = """\
ledger: lamp
version: 1
title: 路灯台账
about: [place]
lines: [safety]
fields:
  - code: what
    title: 情况
    kind: text
    required: true
  - code: kind
    title: 类别
    kind: choice
    choices: {dark: 不亮, broken: 破损}
  - code: cost
    title: 费用
    kind: money
title_of: what
flow:
  start: open
  states:
    open: {title: 待修}
    mended: {title: 已修}
    closed: {title: 已核, final: true}
  steps:
    - {code: mend, title: 修好, source: [open], target: mended, who: [worker]}
    - {code: check, title: 验, source: [mended], target: closed, who: [secretary], verifies: true, second_person: true}
columns: [what, kind]
examples:
  - {what: 门口的灯不亮, kind: dark}
bad_examples:
  - {values: {kind: dark}, refused: what}
"""


def read(words: str, file: str = "lamp.yaml") -> list[tuple[str, int]]:
    """Number and line of every fault."""
    try:
        read_ledger(words, file, KNOWN)
    except BadDeclaration as error:
        return [(one.fault.number, one.line) for one in error.found]
    return []


def test_a_good_one_has_none() -> None:
    assert read(LAMP) == []


@pytest.mark.parametrize(
    ("old", "new", "fault", "line"),
    [
        ("title: 路灯台账", "title: [路灯", Fault.NOT_YAML, 4),
        ("title: 路灯台账", "title: &a 路灯\nhelp: *a", Fault.NOT_YAML, 4),
        ("ledger: lamp\nversion: 1", "version: 1\nledger: lamp", Fault.NOT_A_LEDGER, 1),
        ("version: 1", "version: 1\ncolour: red", Fault.UNKNOWN_KEY, 3),
        ("    kind: text\n", "", Fault.MISSING_KEY, 7),
        ("version: 1", "version: first", Fault.WRONG_TYPE, 2),
        ("kind: money", "kind: coins", Fault.WRONG_TYPE, 17),
        ("code: what", "code: What!", Fault.BAD_CODE, 7),
        ("ledger: lamp", "ledger: lantern", Fault.FILE_NAME, 1),
        ("code: cost", "code: kind", Fault.TWICE, 15),
        ("code: cost", "code: occurred_on", Fault.TWICE, 15),
        ("version: 1", "version: 1\nversion: 2", Fault.TWICE, 3),
        ("columns: [what, kind]", "columns: [what, colour]", Fault.UNKNOWN_FIELD, 28),
        ("title_of: what", "title_of: name", Fault.UNKNOWN_FIELD, 18),
        ("title_of: what", "title_of: what\nindexed: [cost]", Fault.NEEDLESS, 19),
        ("    choices: {dark: 不亮, broken: 破损}\n", "", Fault.NO_CHOICES, 11),
        ("kind: money", "kind: money\n    choices: {a: 甲}", Fault.NEEDLESS, 18),
        ("kind: money", "kind: money\n    least: 9\n    most: 3", Fault.BOUNDS, 18),
        ("required: true", "required: true\n    pattern: '['", Fault.BAD_PATTERN, 11),
        ("kind: money", "kind: money\n    required_if: import os", Fault.BAD_EXPRESSION, 18),
        ("kind: money", "kind: money\n    required_if: what.upper() == 'X'", Fault.BAD_EXPRESSION, 18),
        ("kind: money", "kind: money\n    shown_if: colour == 'red'", Fault.UNKNOWN_FIELD, 18),
        ("kind: money", "kind: computed\n    compute: cost + 1", Fault.LOOP, 18),
        ("choices: {dark: 不亮, broken: 破损}", "choices: {dark: 不亮}\n    default: red", Fault.BAD_DEFAULT, 15),
        ("required: true", "required: true\n    take_over: person.shoes", Fault.BAD_TAKE_OVER, 11),
        ("kind: money", "kind: photos\n    required: true", Fault.NO_PURPOSE, 15),
        ("start: open", "start: begun", Fault.NO_START, 20),
        ("start: open", "start: open\n  escalate_if: colour == 'red'", Fault.UNKNOWN_FIELD, 21),
        ("target: mended", "target: gone", Fault.UNKNOWN_STATE, 26),
        ("source: [open], target: mended", "source: [open], target: closed", Fault.UNREACHABLE, 23),
        ("closed: {title: 已核, final: true}", "closed: {title: 已核}", Fault.DEAD_END, 24),
        ("who: [worker]", "who: []", Fault.NO_OWNER, 26),
        ("who: [worker]", "who: [mayor]", Fault.UNKNOWN_POST, 26),
        ("who: [worker]", "who: [worker], paper: ghost", Fault.UNKNOWN_PAPER, 26),
        ("who: [worker]", "who: [worker], paper: reply", Fault.PAPER_FIELD, 26),
        ("columns:", "papers: [{paper: award, when: colour}]\ncolumns:", Fault.UNKNOWN_FIELD, 28),
        ("verifies: true, second_person: true", "verifies: true", Fault.SAME_PERSON, 27),
        ("kind: money", "kind: money\n    valid_if: cost > 1", Fault.MISSING_KEY, 15),
        ("kind: money", "kind: money\n    valid_if: price > 1\n    valid_help: 改", Fault.UNKNOWN_FIELD, 18),
        ("kind: money", "kind: table\n    columns: [{code: phone, title: 电话, kind: phone}]", Fault.NEEDLESS, 18),
        ("kind: money", "kind: table\n    columns: [{code: who, title: 谁, kind: person}]", Fault.NEEDLESS, 18),
        ("title_of: what", "title_of: what\nbooked: {what: what, day: cost, begins: what, ends: what}",
         Fault.UNKNOWN_FIELD, 19),
        ("title_of: what", "title_of: what\ndated_by: cost", Fault.UNKNOWN_FIELD, 19),
        ("who: [worker]", "who: [subdistrict]", Fault.NOT_SEEN, 26),
        ("open: {title: 待修}", "open: {title: 待修, limit: {days: 3, since: cost}}", Fault.BAD_LIMIT, 22),
        ("lines: [safety]", "lines: [magic]", Fault.UNKNOWN_LINE, 5),
        ("columns:", "follow_ons: [{opens: ghost, title: 开}]\ncolumns:", Fault.UNKNOWN_LEDGER, 28),
        ("{what: 门口的灯不亮, kind: dark}", "{what: 灯, kind: red}", Fault.BAD_EXAMPLE, 30),
        ("{values: {kind: dark}, refused: what}", "{values: {what: 灯}, refused: what}", Fault.GOOD_BAD_EXAMPLE, 32),
    ],
)  # fmt: skip
def test_each_mistake_has_its_number_and_line(old: str, new: str, fault: Fault, line: int) -> None:
    assert old in LAMP
    assert (fault.number, line) in read(LAMP.replace(old, new, 1))


@pytest.mark.parametrize(
    "asked",
    [
        "连续打卡天数", "网格员排名", "个人积分排行", "在线时长", "点赞数", "转发截图", "巡查轨迹", 
        "信教人员情况", "上访人员", "刑满释放人员名单", "精神病人员管控",
        "积分制下的网格员排名", "打 卡 天 数", "个人积·分", "宗教信仰", "有无前科", "每日打卡", "网格员评分",
    ],
)  # fmt: skip
def test_what_nobody_may_ask_is_refused_with_the_reason(asked: str) -> None:
    wrong = LAMP.replace("title: 费用", f"title: {asked}")
    with pytest.raises(BadDeclaration, match="L901") as refused:
        read_ledger(wrong, "lamp.yaml", KNOWN)
    (one,) = refused.value.found
    assert one.line == 16 and one.why


def test_every_fault_says_cause_and_remedy_and_numbers_are_unique() -> None:
    numbers = [fault.number for fault in Fault]
    assert len(numbers) == len(set(numbers))
    assert all(fault.cause and fault.remedy.endswith("。") for fault in Fault)


def test_a_huge_or_empty_file_is_refused() -> None:
    assert read("ledger: lamp\n" + "#" * 300_000) == [("L101", 0)]
    assert read("") == [("L102", 1)]
    assert read("- 1") == [("L102", 1)]


@pytest.mark.parametrize(
    ("words", "line"),
    [("- &a [1]\n- *a", 1), ("a: &x {b: 1}\nc: *x", 2), ("a: &x [*x]", 1), ("a: " + "[" * 5000, 1)],
)
def test_what_may_multiply_or_nest_without_end_is_refused(words: str, line: int) -> None:
    assert read(f"ledger: lamp\nhelp:\n  - {words}" if words.startswith("[") else words) == [("L101", line)]


def test_words_stay_words() -> None:
    data = read_source("a: yes\nb: 14:30\nc: 007\nd: 2027-03-15\ne: on\nf: 12\ng: true\nh: 1.50\ni: ~", "x.yaml").data
    assert data == {
        "a": "yes", "b": "14:30", "c": "007", "d": "2027-03-15", "e": "on", "f": 12, "g": True, "h": 1.5, "i": None,
    }  # fmt: skip


def test_follow_ons_fill_what_is_there_and_all_that_must_be() -> None:
    lamp = read_ledger(LAMP, "lamp.yaml", KNOWN)
    opening = LAMP.replace(
        "columns:",
        "follow_ons:\n"
        "  - {opens: lamp, title: 甲, automatic: true, fill: {kind: kind}}\n"
        "  - {opens: lamp, title: 乙, fill: {colour: kind}}\n"
        "  - {opens: duty, title: 丙, automatic: true, fill: {owner: what}}\n"
        "columns:",
    )
    source = Source("lamp.yaml")
    check_follow_ons(read_ledger(opening, "lamp.yaml", KNOWN), {"lamp": lamp}, source)
    assert [(one.fault, one.what) for one in source.found] == [
        (Fault.UNFILLED, "what"), (Fault.UNKNOWN_FILL, "colour"), (Fault.UNFILLED, "title"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["aliases: [网格员排名]", "occurred: {title: 连续打卡日}", "subject: {aliases: [上访人员]}", "counted: 人次"],
)
def test_it_is_refused_wherever_it_stands(line: str) -> None:
    told = read(LAMP.replace("title: 路灯台账", f"title: 路灯台账\n{line}", 1))
    assert told == ([] if line == "counted: 人次" else [("L901", 4)])


def test_points_are_searched_whole_for_what_nobody_may_ask() -> None:
    point = "  - {code: a, title: 楼道灯亮, remedy: 网格员积分扣 2 分}"
    begun = "checklist: stairs\nversion: 1\ntitle: 楼道\nline: safety\npoints:\n"
    with pytest.raises(BadDeclaration, match="L901"):
        read_checklist(f"{begun}{point}\n", "stairs.yaml", frozenset({"safety"}))
