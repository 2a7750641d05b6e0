"""How rooms are numbered and drawn."""

from __future__ import annotations

import pytest

from nianlun.places.rules.codes import CodeError, check_code, free_code, numbered
from nianlun.places.rules.floors import Pattern, PatternError, elevation, floor_of, rooms_of


@pytest.mark.parametrize(
    ("style", "numbers"),
    [
        ("plain", ["101", "102", "201", "202"]),
        ("padded", ["0101", "0102", "0201", "0202"]),
        ("dashed", ["1-1", "1-2", "2-1", "2-2"]),
    ],
)
def test_rooms_are_numbered_in_the_style_of_the_house(style: str, numbers: list[str]) -> None:
    assert [room.number for room in rooms_of(Pattern(1, 2, 2, style))] == numbers


def test_a_pattern_may_leave_out_low_floors_and_count_on_through_units() -> None:
    made = rooms_of(Pattern(2, 3, 2, first_floor=2, through=True))
    assert [(room.unit, room.number) for room in made if room.floor == 2] == [
        (1, "201"), (1, "202"), (2, "203"), (2, "204"),
    ]  # fmt: skip
    assert {room.floor for room in made} == {2, 3} and {room.position for room in made} == {1, 2}


@pytest.mark.parametrize(
    "pattern",
    [
        Pattern(0, 6, 2), Pattern(31, 6, 2), Pattern(1, 100, 2), Pattern(1, 6, 0), Pattern(1, 6, 2, "roman"),
        Pattern(1, 6, 2, first_floor=7), Pattern(30, 99, 50),
    ],
)  # fmt: skip
def test_a_pattern_that_no_house_has_is_refused(pattern: Pattern) -> None:
    with pytest.raises(PatternError, match=r"[请应]"):
        rooms_of(pattern)


@pytest.mark.parametrize(
    ("number", "floor"),
    [("302", 3), ("0302", 3), ("3-2", 3), ("1203", 12), ("B101", -1), ("302A", 3), ("东厢", None), ("7", None)],
)
def test_a_number_tells_its_floor(number: str, floor: int | None) -> None:
    assert floor_of(number) == floor


def test_floors_are_drawn_from_the_top_and_units_stand_level() -> None:
    rooms = [("1单元", 1, 1, "101"), ("1单元", 2, 1, "201"), ("1单元", 2, 2, "202"), ("2单元", 3, 1, "301")]
    first, second = elevation(rooms)
    assert first.floors == [(3, [None, None]), (2, ["201", "202"]), (1, ["101", None])]
    assert second.floors == [(3, ["301"]), (2, [None]), (1, [None])]


def test_two_rooms_in_one_place_stand_beside_each_other() -> None:
    (unit,) = elevation([("", 1, 1, "101"), ("", 1, 1, "101A"), ("", 1, 2, "102")])
    assert unit.floors == [(1, ["101", "101A", "102"])]


@pytest.mark.parametrize(("name", "number"), [("3号楼", "3"), ("第十二网格", "12"), ("二十号", "20"), ("东楼", "")])
def test_the_figures_of_a_name_begin_its_code(name: str, number: str) -> None:
    assert numbered(name) == number


def test_codes_are_plain_and_nobody_elses() -> None:
    assert free_code("QFY 3", {"qfy-3", "qfy-3-2"}) == "qfy-3-3"
    assert check_code("wt-03") == "wt-03"
    for wrong in ("网格一", "a b", "-x", "x" * 41):
        with pytest.raises(CodeError):
            check_code(wrong)
