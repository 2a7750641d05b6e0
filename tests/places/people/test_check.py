"""What may be written of a resident: each field, the door, the household, and who it is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nianlun.kernel.clock import today
from nianlun.places.models import Community, Resident, Room, Unit
from tests.places.people import make
from tests.places.people.make import REGISTER, written

pytestmark = pytest.mark.django_db
NUMBER = make.id_number(date(1980, 5, 17), male=True, serial=7)


@pytest.fixture
def here() -> Community:
    return make.ground()


def errors(here: Community, **row: str) -> dict[str, str]:
    return REGISTER.check([{**written(), **row}], make.viewer(here))[0].checked.errors


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"name": ""}, "name"),
        ({"sex": "公"}, "sex"),
        ({"id_number": "110101198005170001"}, "id_number"),
        ({"id_number": "3301**********123X"}, "id_number"),
        ({"id_number": NUMBER, "sex": "女"}, "sex"),
        ({"id_number": NUMBER, "born_on": "1980-05-18"}, "born_on"),
        ({"id_kind": "护照", "id_number": "E1"}, "id_number"),
        ({"phone": "123"}, "phone"),
        ({"born_on": f"{today() + timedelta(days=1)}"}, "born_on"),
        ({"since": f"{today() + timedelta(days=1)}"}, "since"),
        ({"born_on": "2020-01-01", "since": "2019-12-31"}, "since"),
        ({"relation": "老板"}, "relation"),
        ({"estate": "明月苑"}, "estate"),
        ({"building": "9号楼"}, "building"),
        ({"building": ""}, "building"),
        ({"building": "", "room": ""}, "room"),
        ({"room": "909"}, "room"),
        ({"unit": "5单元"}, "unit"),
    ],
)
def test_a_bad_field_is_named(here: Community, row: dict[str, str], field: str) -> None:
    assert list(errors(here, **row)) == [field]


@pytest.mark.parametrize(
    "row",
    [
        {"id_number": NUMBER.lower()},
        {"id_number": NUMBER, "sex": "男", "born_on": "1980年5月17日"},
        {"id_kind": "护照", "id_number": "E12345678"},
        {"phone": "138 0013 8000"},
        {"relation": "长子"},
        {"estate": "清风苑", "building": "1栋", "unit": "一单元", "room": "0101"},
        {"building": "wutong-b1", "room": "101室"},
        {"building": "", "room": "1-1-101"},
        {"building": "", "room": "", "registered": "户在人不在"},
    ],
)
def test_a_good_one_passes(here: Community, row: dict[str, str]) -> None:
    assert errors(here, **row) == {}


def test_what_is_not_there_is_told_with_what_is_like_it(here: Community) -> None:
    assert "清风苑" in errors(here, estate="清风园")["estate"]
    assert "现有：1号楼、2号楼" in errors(here, building="紫荆阁")["building"]
    assert "是不是" in errors(here, room="110")["room"]


def test_a_number_that_is_behind_two_stairways_wants_one(here: Community) -> None:
    first = make.room(here)
    second = Unit.objects.create(building=first.building, name="2单元", position=2)
    Room.objects.create(
        community=here, subdistrict=here.subdistrict, building=first.building, unit=second, number="101"
    )
    assert "1单元、2单元" in errors(here)["unit"]
    assert errors(here, unit="2") == {}


def test_sex_and_birth_follow_from_the_id_number(here: Community) -> None:
    made = make.resident(here, id_number=NUMBER)
    assert (made.born_on, made.sex) == (date(1980, 5, 17), "male")


def test_who_has_the_number_is_meant_and_in_another_community_told(here: Community) -> None:
    known = make.resident(here, id_number=NUMBER)
    draft = REGISTER.check([written(id_number=NUMBER)], make.viewer(here))[0]
    assert draft.known == known and draft.checked.good and draft.warnings == []
    renamed = REGISTER.check([written("李四", id_number=NUMBER)], make.viewer(here))[0]
    assert renamed.known == known and "张三" in renamed.warnings[0]
    other = make.ground("lanhua")
    told = REGISTER.check([written(id_number=NUMBER)], make.viewer(other))[0].checked.errors["id_number"]
    assert "从其他社区转入" in told


def test_the_same_number_twice_in_a_batch(here: Community) -> None:
    first, second = REGISTER.check([written(id_number=NUMBER), written("李四", id_number=NUMBER)], make.viewer(here))
    assert first.checked.good and list(second.checked.errors) == ["id_number"]


def test_who_looks_like_somebody_is_asked_about(here: Community) -> None:
    make.resident(here, born_on="1980-05-17", phone="13800138000")
    rows = [
        written(number="102", born_on="1980-05-17"),  # same name, day and building
        written(building=2, born_on="1980-05-17"),  # another building
        written(building=2, phone="13800138000"),  # same name and phone
        written("李四", phone="13800138000"),
    ]
    found = REGISTER.check(rows, make.viewer(here))
    assert [bool(draft.warnings) for draft in found] == [True, False, True, False]
    twice = REGISTER.check([written("王五", born_on="1990-01-01")] * 2, make.viewer(here))
    assert [len(draft.warnings) for draft in twice] == [0, 1]


def test_one_household_has_one_head(here: Community) -> None:
    rows = [written(relation="户主"), written("李四", relation="户主"), written("王五", number="102", relation="户主")]
    checked = REGISTER.check(rows, make.viewer(here))
    assert [list(draft.checked.errors) for draft in checked] == [[], ["relation"], []]
    make.residents(here, rows[0])
    assert "relation" in errors(here, name="李四", relation="户主")


def test_several_households_behind_one_door_want_a_code(here: Community) -> None:
    make.residents(here, written(household="A1"), written("李四", household="A2"))
    assert "A1、A2" in errors(here, name="王五")["household"]
    assert errors(here, name="王五", household="A2") == {}
    assert "别的户室" in errors(here, name="王五", number="102", room="102", household="A2")["household"]


def test_a_mask_that_comes_back_means_unchanged(here: Community) -> None:
    known = make.resident(here, id_number=NUMBER, phone="13800138000")
    row = REGISTER.rows(make.viewer(here)).get(pk=known.pk)
    shown = REGISTER.read(row, make.viewer(here))
    assert shown["phone"] == "138****8000" and NUMBER[4:-4] not in shown["id_number"]
    draft = REGISTER.check([shown], make.viewer(here), [row])[0]
    assert draft.checked.good and not {"phone", "id_number"} & set(draft.checked.values)
    REGISTER.save([draft], make.viewer(here), source="form")
    assert Resident.objects.get(pk=known.pk).revision == 1


def test_a_grid_worker_writes_in_their_grids_only(here: Community) -> None:
    walker = make.viewer(here, make.grid_worker(here, 1))
    assert REGISTER.check([written()], walker)[0].checked.good
    assert "building" in REGISTER.check([written(building=2)], walker)[0].checked.errors
    other = make.resident(here, building=2, id_number=NUMBER)
    assert other not in REGISTER.rows(walker)
    assert not REGISTER.check([written(id_number=NUMBER)], walker)[0].checked.good


def batch(size: int) -> list[dict[str, str]]:
    return [
        written(f"张{number}", f"{number % 3 + 1}0{number % 2 + 1}", born_on="1980-05-17", phone=f"1380013{number:04}")
        for number in range(size)
    ]


def test_a_batch_asks_as_often_as_one(here: Community) -> None:
    seen = make.viewer(here)

    def queries(rows: list[dict[str, Any]]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            drafts = REGISTER.check(rows, seen)
            REGISTER.save(drafts, seen, source="sheet:1")
        return len(counted)

    queries(batch(1))
    assert queries([written("李一", id_number=make.id_number())]) >= queries(batch(60)) - 3
