"""A record as it was written: what is missing, what stays as it was, what a mask that comes back means."""

from __future__ import annotations

import pytest

from nianlun.kernel.fields import Field, check

FIELDS = (
    Field("name", "姓名", required=True),
    Field("phone", "手机", "phone"),
    Field("age", "年龄", "integer"),
    Field("state", "状态", read_only=True),
)
MASKS = {"phone": "138****8000"}


@pytest.mark.parametrize(
    ("written", "values", "errors"),
    [
        ({"name": "李春山"}, {"name": "李春山"}, {}),
        ({}, {}, {"name": "请填写姓名。"}),
        ({"name": "\u200b "}, {}, {"name": "请填写姓名。"}),
        ({"name": "李春山", "age": ""}, {"name": "李春山", "age": None}, {}),
        ({"name": "李春山", "age": "x"}, {"name": "李春山"}, {"age": "请填整数，如 12。"}),
        ({"name": "李春山", "state": "现住"}, {"name": "李春山"}, {}),
        ({"name": "李春山", "phone": "138****8000"}, {"name": "李春山"}, {}),
        ({"name": "李春山", "phone": ""}, {"name": "李春山", "phone": None}, {}),
    ],
)
def test_a_record(written: dict[str, str], values: dict[str, object], errors: dict[str, str]) -> None:
    checked = check(FIELDS, written, masks=MASKS)
    assert (checked.values, checked.errors) == (values, errors)
    assert checked.good is not bool(errors)


def test_another_value_with_a_mask_in_it_is_an_error() -> None:
    assert "有 *" in check(FIELDS, {"name": "李春山", "phone": "139****8000"}, masks=MASKS).errors["phone"]


def test_of_a_record_that_exists_what_was_not_written_stays() -> None:
    checked = check(FIELDS, {"age": "30"}, partial=True)
    assert checked.good and checked.values == {"age": 30}
    assert check(FIELDS, {"name": ""}, partial=True).errors == {"name": "请填写姓名。"}
