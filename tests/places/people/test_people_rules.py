"""Rules of people: tags that may be kept, ages, relations, addresses as people write them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nianlun.places.rules.addresses import building_key, room_key, split, unit_key
from nianlun.places.rules.ages import BANDS, Band, age
from nianlun.places.rules.relations import KINDS, RELATIONS, SAID, relation_of
from nianlun.places.rules.tags import Fault, TagError, by_age, parse, shipped

GOOD: dict[str, Any] = {"code": "veteran", "title": "退役军人", "line": "welfare", "help": "已登记的。"}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"title": "信教群众"}, Fault.REFUSED),
        ({"title": "信访重点户"}, Fault.REFUSED),
        ({"title": "刑满释放人员"}, Fault.REFUSED),
        ({"title": "社区矫正对象"}, Fault.REFUSED),
        ({"title": "戒毒康复人员"}, Fault.REFUSED),
        ({"title": "精神障碍患者"}, Fault.REFUSED),
        ({"title": "重点人员"}, Fault.REFUSED),
        ({"help": "曾经上访的。"}, Fault.REFUSED),
        ({"line": "nowhere"}, Fault.LINE),
        ({"code": "Veteran 1"}, Fault.CODE),
        ({"age": "60+"}, Fault.AGE),
        ({"age": "60-50"}, Fault.AGE),
        ({"age": "60-", "special": True}, Fault.AGE_SPECIAL),
        ({"help": ""}, Fault.HELP),
        ({"colour": "red"}, Fault.SHAPE),
        ({"line": None}, Fault.LINE),
    ],
)
def test_a_declaration_that_does_not_load(changed: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(TagError) as refused:
        parse([{**GOOD, **changed}])
    assert refused.value.fault is fault and str(refused.value).startswith(fault.code)


def test_a_code_stands_once() -> None:
    with pytest.raises(TagError):
        parse([GOOD, GOOD])
    with pytest.raises(TagError):
        parse([{"title": "只有名称"}])


def test_what_ships_loads() -> None:
    tags = shipped()
    assert len(tags) >= 25 and {"disabled", "pregnant", "chronic"} <= {tag.code for tag in tags.values() if tag.special}
    assert {tag.code for tag in by_age(date(1940, 1, 1), date(2027, 1, 1))} == {"aged", "very_aged"}
    assert by_age(None, date(2027, 1, 1)) == []


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(2000, 5, 17), date(2027, 5, 16), 26),
        (date(2000, 5, 17), date(2027, 5, 17), 27),
        (date(2000, 2, 29), date(2027, 2, 28), 26),
        (date(2000, 2, 29), date(2027, 3, 1), 27),
        (date(2000, 2, 29), date(2028, 2, 29), 28),
    ],
)
def test_age(born: date, day: date, years: int) -> None:
    assert age(born, day) == years


@pytest.mark.parametrize("day", [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29), date(2027, 7, 1)])
@pytest.mark.parametrize("band", [*(band for _, band in BANDS.values()), Band(18, 18)])
def test_bands_of_birth_days_are_those_of_ages(band: Band, day: date) -> None:
    after, until = band.born(day)
    for born in (date(year, *rest) for year in range(1900, 2027) for rest in ((2, 28), (3, 1), (7, 1), (7, 2))):
        if born <= day:
            within = (after is None or born > after) and (until is None or born <= until)
            assert within == band.holds(age(born, day)), born


def test_words_of_relations() -> None:
    assert set(SAID.values()) <= set(RELATIONS) and not set(SAID) & set(RELATIONS)
    assert [relation_of(said) for said in ("妻", "长子", "婆婆", "配偶", "老板")] == [
        "配偶",
        "子",
        "岳父母或公婆",
        "配偶",
        "老板",
    ]
    assert all(len(kind.code) <= 20 for kind in KINDS.values())


@pytest.mark.parametrize("said", ["3号楼", "3栋", "3幢", "3#", "03", "三号楼", "3", "3 号楼"])
def test_spellings_of_a_building(said: str) -> None:
    assert building_key(said) == "3"


@pytest.mark.parametrize(
    ("said", "key"), [("十二栋", "12"), ("二十一幢", "21"), ("A座", "a"), ("一百零三号楼", "103"), ("楼", "楼")]
)
def test_other_buildings(said: str, key: str) -> None:
    assert building_key(said) == key


def test_units_and_rooms() -> None:
    assert {unit_key(said) for said in ("1单元", "一单元", "01", "1门")} == {"1"}
    assert {room_key(said) for said in ("302", "0302", "302室", "302号", "302.0")} == {"302"}
    assert (split("3-1-302"), split("3-302"), split("302")) == (("3", "1", "302"), ("3", "", "302"), None)
